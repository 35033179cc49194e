"""The three steps of a new reader, with an account and without."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SavedPaper, Subscription, User
from tests.accounts.conftest import PASSWORD, Mailbox, words
from tests.factories import DAY, make_digest, make_paper

pytestmark = pytest.mark.django_db

SIGN_UP = {"email": "ada@papers.example", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def papers(db: None) -> None:
    """Two days, of which one has three hot papers and one has none."""
    made = [
        make_paper(score=90, title="Learned Vision", categories=("cs.LG", "cs.CV")),
        make_paper(score=80, title="Learned Alone", categories=("cs.LG",)),
        make_paper(score=70, title="Proofs", categories=("math.CO",)),
        make_paper(score=10, title="Unnoticed", categories=("cs.LG",)),
    ]
    make_digest(*made, state="published")
    make_digest(date=DAY.replace(day=9), state="published")


def titles(response: Any) -> list[str]:
    html = response.content.decode()
    return re.findall(r'(?:<h2><a href="[^"]+">|<span class="f">)([^<]+)<', html)


def checked(response: Any) -> list[str]:
    html = response.content.decode()
    return re.findall(
        r'name="(?:field|paper)" value="([^"]+)"(?: aria-label="[^"]+")? checked', html
    )


def follows() -> list[str]:
    return list(Subscription.objects.values_list("target", flat=True))


def test_it_works(client: Client, reader: User, papers: None) -> None:
    client.force_login(reader)
    page = client.get("/welcome/", {"field": ["machine-learning", "math.CO"]})
    assert "about 1.5 hot papers a day" in words(page)  # 3 on 2 days
    page = client.get("/welcome/preview/", {"field": ["machine-learning", "math.CO"]})
    found = titles(page)
    assert found == ["Learned Vision", "Learned Alone", "Proofs", "Unnoticed"]
    assert "cs.LG, which you picked" in words(page)
    answer = client.post("/welcome/follow/", {"field": ["machine-learning", "math.CO"]})
    assert (answer.status_code, answer["Location"]) == (303, "/welcome/papers/")
    assert follows() == ["cs.LG", "cs.NE", "math.CO", "stat.ML"]
    page = client.get("/welcome/papers/")
    assert titles(page) == found
    answer = client.post("/welcome/save/", {"paper": ["2106.00001", "2106.00003"]})
    assert (answer.status_code, answer["Location"]) == (303, "/feed/")
    assert SavedPaper.objects.filter(user=reader).count() == 2
    assert "Learned Vision" in words(client.get("/saved/"))


def test_each_field_says_what_it_brings_and_a_paper_counts_once(
    client: Client, papers: None
) -> None:
    page = words(client.get("/welcome/", {"field": ["machine-learning", "vision"]}))
    assert "about 1.0 hot papers a day" in page
    assert "1.0 Machine learning" in page
    assert "0.5 Vision" in page
    assert "0.0 Astronomy" in page
    assert "Counted over the 2 days of the last month" in page
    assert "no hot papers a day" in words(client.get("/welcome/"))


def test_every_category_can_be_picked_by_itself(client: Client, papers: None) -> None:
    html = client.get("/welcome/").content.decode()
    assert len(re.findall(r'name="field" value="[a-z-]+(?:\.[A-Za-z-]+)?"', html)) == 155 + 16


def test_no_preset_stands_for_nothing(client: Client, papers: None) -> None:
    for slug in re.findall(
        r'name="field" value="([a-z-]+)"', client.get("/welcome/").content.decode()
    ):
        page = client.get("/welcome/preview/", {"field": slug})
        assert page.status_code == 200
        assert "Follow" in words(page)


def test_who_comes_back_finds_what_is_followed_ticked(
    client: Client, reader: User, papers: None
) -> None:
    client.force_login(reader)
    client.post("/welcome/follow/", {"field": ["vision", "math.CO"]})
    assert checked(client.get("/welcome/")) == ["vision", "math.CO"]
    assert checked(client.get("/welcome/", {"picked": "1"})) == []
    client.post("/follow/change/", {"follow": "author ada-lark"})
    client.post("/welcome/follow/", {"field": "math.CO"})
    assert follows() == ["ada-lark", "math.CO"]


def test_each_step_can_be_skipped_and_taken_back(client: Client, papers: None) -> None:
    first = client.get("/welcome/").content.decode()
    second = client.get("/welcome/preview/", {"field": "vision"}).content.decode()
    third = client.get("/welcome/papers/").content.decode()
    assert 'href="/welcome/papers/">Skip' in first
    assert 'href="/welcome/papers/">Skip' in second
    assert 'href="/welcome/?picked=1&amp;field=vision">Back' in second
    assert 'href="/feed/">Skip' in third


# Without an account -------------------------------------------------------------------------------


def test_who_only_looks_gets_no_cookie(client: Client, papers: None) -> None:
    page = client.get("/welcome/", {"field": "vision"})
    assert not page.cookies
    assert b"csrfmiddlewaretoken" not in page.content
    assert "no-store" not in page.headers.get("Cache-Control", "")


def test_what_a_visitor_picked_is_the_new_accounts(
    client: Client, papers: None, mailbox: Mailbox, verification: str
) -> None:
    client.post("/welcome/follow/", {"field": "vision"})
    answer = client.post("/welcome/save/", {"paper": ["2106.00001", "2106.00002"]})
    assert answer["Location"] == "/accounts/signup/?next=%2Ffeed%2F"
    answer = client.post("/accounts/signup/", SIGN_UP | {"next": "/feed/"})
    if verification == "mandatory":
        answer = client.post(mailbox.link())
    assert answer["Location"] == "/feed/"
    assert follows() == ["cs.CV", "cs.GR", "eess.IV"]
    assert SavedPaper.objects.count() == 2


def test_a_visitor_who_saves_nothing_goes_on(client: Client, papers: None) -> None:
    assert client.post("/welcome/save/")["Location"] == "/feed/"
    assert not client.session.items()


def test_a_new_reader_is_welcomed(client: Client, mailbox: Mailbox, verification: str) -> None:
    answer = client.post("/accounts/signup/", SIGN_UP)
    if verification == "mandatory":
        answer = client.post(mailbox.link())
    assert answer["Location"] == "/welcome/"


def test_a_new_reader_who_was_somewhere_goes_back_there(
    client: Client, mailbox: Mailbox, verification: str
) -> None:
    answer = client.post("/accounts/signup/", SIGN_UP | {"next": "/hot/"})
    if verification == "mandatory":
        answer = client.post(mailbox.link())
    assert answer["Location"] == "/hot/"


# What can go wrong --------------------------------------------------------------------------------


def test_an_empty_site_has_the_three_steps_too(client: Client) -> None:
    assert "The first papers are on their way" in words(client.get("/welcome/"))
    page = client.get("/welcome/preview/", {"field": "vision"})
    assert "No paper of the week is held" in words(page)
    assert client.post("/welcome/follow/", {"field": "vision"}).status_code == 303
    assert "nothing to save yet" in words(client.get("/welcome/papers/"))


@pytest.mark.parametrize("name", ["cs.NONE", "\x00", "x" * 5000, "", "<b>"])
def test_what_is_no_field_is_refused_with_a_sentence(client: Client, name: str) -> None:
    for answer in (
        client.get("/welcome/", {"field": name}),
        client.get("/welcome/preview/", {"field": name}),
        client.post("/welcome/follow/", {"field": name}),
    ):
        assert answer.status_code == 400
        assert "There is no field" in words(answer)
        assert "<b>”" not in answer.content.decode()


def test_what_is_no_paper_is_not_saved(client: Client, reader: User, papers: None) -> None:
    client.force_login(reader)
    hidden = make_paper(hidden=True)
    named = ["\x00", "x" * 5000, "2106.99999", hidden.arxiv_id]
    assert client.post("/welcome/save/", {"paper": named}).status_code == 303
    assert not SavedPaper.objects.exists()


def test_saving_again_keeps_the_note(client: Client, reader: User, papers: None) -> None:
    client.force_login(reader)
    client.post("/welcome/save/", {"paper": "2106.00001"})
    SavedPaper.objects.update(note="Mine.")
    client.post("/welcome/save/", {"paper": ["2106.00001", "2106.00002"]})
    assert sorted(SavedPaper.objects.values_list("note", flat=True)) == ["", "Mine."]


@pytest.mark.parametrize("address", ["/welcome/follow/", "/welcome/save/"])
def test_changes_want_a_post_with_a_token(reader: User, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert client.get(address).status_code == 405
    assert client.post(address, {"field": "vision", "paper": "2106.00001"}).status_code == 403


@pytest.mark.parametrize(
    "address", ["/welcome/", "/welcome/preview/?field=mathematics", "/welcome/papers/"]
)
def test_a_step_costs_few_queries(client: Client, reader: User, papers: None, address: str) -> None:
    client.force_login(reader)
    client.post("/welcome/follow/", {"field": ["vision", "mathematics"]})
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) - 1 <= 8, [query["sql"][:90] for query in queries]
