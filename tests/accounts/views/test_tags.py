"""Renaming, merging and deleting tags of one's own."""

from typing import Any

import pytest
from django.test import Client

from accounts import shelf
from accounts.models import ReaderTag, SavedPaper, User
from tests.accounts.conftest import MakeReader, words
from tests.accounts.views.test_saved import save_many, signed_in
from tests.accounts.views.test_shelf import tags_of

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(reader: User) -> list[SavedPaper]:
    rows = save_many(reader, 3)
    shelf.tag(reader, rows[:2], ["nlp"])
    shelf.tag(reader, rows[1:], ["Language"])
    return rows


def rename(client: Client, slug: str, name: str) -> Any:
    return client.post(f"/saved/tags/{slug}/", {"name": name}, follow=True)


def test_it_works(signed_in: Client, rows: list[SavedPaper]) -> None:
    assert "#" not in words(signed_in.get("/saved/tags/"))
    assert "2 papers" in words(signed_in.get("/saved/tags/"))
    response = rename(signed_in, "nlp", "Natural language")
    assert response.redirect_chain == [("/saved/tags/#natural-language", 303)]
    assert "“nlp” is called “Natural language” now." in words(response)
    assert tags_of(rows[0]) == ["Natural language"]


def test_two_become_one(signed_in: Client, rows: list[SavedPaper]) -> None:
    response = rename(signed_in, "nlp", "LANGUAGE")
    assert "“nlp” is merged into “Language”." in words(response)
    assert [tags_of(row) for row in rows] == [["Language"]] * 3
    assert ReaderTag.objects.count() == 1


def test_capitals_alone_may_change(signed_in: Client, rows: list[SavedPaper]) -> None:
    rename(signed_in, "nlp", "NLP")
    assert sorted(ReaderTag.objects.values_list("name", "slug")) == [
        ("Language", "language"),
        ("NLP", "nlp"),
    ]


@pytest.mark.parametrize("name", ["", " ", "a,b", "x" * 61, "\x00"])
def test_a_name_that_is_none_is_refused(
    signed_in: Client, rows: list[SavedPaper], name: str
) -> None:
    response = rename(signed_in, "nlp", name)
    assert 'role="alert"' in response.content.decode()
    assert ReaderTag.objects.filter(name="nlp").exists()


def test_a_tag_is_deleted_and_papers_stay(signed_in: Client, rows: list[SavedPaper]) -> None:
    response = signed_in.post("/saved/tags/nlp/delete/", follow=True)
    assert "The tag “nlp” is deleted; its papers stay saved." in words(response)
    assert [tags_of(row) for row in rows] == [[], ["Language"], ["Language"]]
    signed_in.post("/saved/undo/")
    assert [tags_of(row) for row in rows] == [["nlp"], ["Language", "nlp"], ["Language"]]


@pytest.mark.parametrize("address", ["/saved/tags/nlp/", "/saved/tags/nlp/delete/"])
def test_changes_want_a_post_a_token_and_the_owner(
    make_reader: MakeReader, reader: User, rows: list[SavedPaper], address: str
) -> None:
    owner = Client(enforce_csrf_checks=True)
    owner.force_login(reader)
    assert owner.get(address).status_code == 405
    assert owner.post(address, {"name": "forged"}).status_code == 403
    other = Client()
    other.force_login(make_reader("eve", is_staff=True))
    assert other.post(address, {"name": "forged"}).status_code == 404
    assert "nlp" not in words(other.get("/saved/tags/"))
    assert ReaderTag.objects.filter(name="nlp", user=reader).exists()


def test_the_same_name_of_another_reader_is_another_tag(
    signed_in: Client, rows: list[SavedPaper], make_reader: MakeReader
) -> None:
    eve = make_reader("eve")
    hers = save_many(eve, 1)
    shelf.tag(eve, hers, ["nlp", "Secret"])
    rename(signed_in, "nlp", "Secret")
    assert tags_of(hers[0]) == ["Secret", "nlp"]
    assert ReaderTag.objects.get(name="Secret", user=rows[0].user).slug == "secret"


def test_who_has_none_is_told_how(signed_in: Client) -> None:
    assert "You have none yet" in words(signed_in.get("/saved/tags/"))
    assert Client().get("/saved/tags/")["Location"] == "/accounts/login/?next=/saved/tags/"
