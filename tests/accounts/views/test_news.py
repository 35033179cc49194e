"""What a row says of what is new, and the page that shows it."""

import pytest
from django.test import Client

from accounts.models import SavedPaper, User
from papers.models import Paper
from tests.accounts.conftest import MakeReader, words
from tests.accounts.views.test_saved import signed_in
from tests.factories import make_paper

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db

ROW, PAGE, NOTED = "/saved/", "/saved/2106.00001/news/", "/saved/2106.00001/noted/"


@pytest.fixture
def mine(reader: User) -> SavedPaper:
    paper = make_paper(version=1, abstract="We weigh <b>paper</b> by hand.")
    return SavedPaper.objects.keep(reader, paper)


def test_it_works(signed_in: Client, mine: SavedPaper) -> None:
    assert "since you saved it" not in words(signed_in.get(ROW))
    Paper.objects.update(version=2, abstract="We weigh <b>paper</b> by machine.")
    assert "Version 2 since you saved it: what changed" in words(signed_in.get(ROW))
    page = signed_in.get(f"{PAGE}?next=/saved/%3Fstate%3Dlater")
    html = page.content.decode()
    assert '<del><span class="vh">removed: </span>hand.<span class="vh">. </span></del>' in html
    assert '<ins><span class="vh">added: </span>machine.<span class="vh">. </span></ins>' in html
    assert "We weigh &lt;b&gt;paper&lt;/b&gt; by" in html
    assert "Version 2; you saved version 1" in words(page)
    response = signed_in.post(NOTED, {"next": "/saved/?state=later"}, follow=True)
    assert response.redirect_chain == [("/saved/?state=later#2106.00001", 303)]
    assert "since you saved it" not in words(response)
    assert "Nothing since you saved it" in words(signed_in.get(PAGE))


def test_every_kind_of_news_is_said(signed_in: Client, mine: SavedPaper) -> None:
    Paper.objects.update(version=2, journal_ref="J. <Paper> 1", withdrawn=True)
    row = words(signed_in.get(ROW))
    assert "Withdrawn since you saved it. Version 2 since you saved it. Published" in row
    assert "J. &lt;Paper&gt; 1" in row
    page = words(signed_in.get(PAGE))
    assert "Withdrawn by its authors since you saved it." in page
    assert "Published: J. &lt;Paper&gt; 1 ." in page
    assert "Unchanged." in page


def test_an_abstract_that_is_not_held_is_not_compared(signed_in: Client, mine: SavedPaper) -> None:
    Paper.objects.update(version=2, abstract_is_summary=True)
    assert "The abstract you saved is not held" in words(signed_in.get(PAGE))


def test_nobody_else_sees_or_notes_it(
    reader: User, mine: SavedPaper, make_reader: MakeReader
) -> None:
    Paper.objects.update(version=2)
    other = Client()
    other.force_login(make_reader("eve"))
    assert other.get(PAGE).status_code == 404
    assert other.post(NOTED).status_code == 404
    assert Client().get(PAGE).status_code == 302
    owner = Client(enforce_csrf_checks=True)
    owner.force_login(reader)
    assert owner.get(NOTED).status_code == 405
    assert owner.post(NOTED).status_code == 403
    mine.refresh_from_db()
    assert mine.known["version"] == 1
