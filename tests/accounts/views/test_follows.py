"""Following from the page of a field, an author, a search; with an account and without."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Subscription, User
from accounts.reader import MOST
from tests.accounts.conftest import PASSWORD, Mailbox, MakeReader, words
from tests.factories import make_paper

pytestmark = pytest.mark.django_db

FIELD = {"kind": "category", "target": "cs.LG"}
AUTHOR = {"kind": "author", "target": "ada-lark"}
SEARCH = {"kind": "search", "target": "weight of paper"}
PAGES = ["/categories/cs.LG/", "/authors/ada-lark/", "/search/?q=weight+of+paper"]


@pytest.fixture(autouse=True)
def a_paper(db: None) -> None:
    make_paper(score=60)


def follow(
    client: Client, *, kind: str = "", target: str = "", word: str = "follow", **form: str
) -> Any:
    form = {"next": "/hot/", word: f"{kind} {target}".strip(), **form}
    return client.post("/follow/change/", form)


def followed() -> list[tuple[str, str]]:
    return list(Subscription.objects.values_list("kind", "target"))


def press(client: Client, page: str) -> Any:
    """Send the form of a page's Follow button as a browser would."""
    html = client.get(page).content.decode()
    button = re.search(r'formaction="(/follow/change/)".*?name="(\w+)" value="([^"]+)"', html)
    back = re.search(r'name="next" value="([^"]*)"', html)
    assert button, html
    assert back, html
    return client.post(button[1], {button[2]: button[3], "next": unescape(back[1])})


@pytest.mark.parametrize("page", PAGES)
def test_it_works(client: Client, reader: User, page: str) -> None:
    client.force_login(reader)
    assert "Following" not in words(client.get(page))
    response = press(client, page)
    assert (response.status_code, response["Location"]) == (303, page)
    assert "Following" in words(client.get(page))
    assert len(followed()) == 1
    press(client, page)
    assert "Following" not in words(client.get(page))
    assert followed() == []


def test_all_that_is_followed_is_listed(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert "You follow nothing yet." in words(client.get("/settings/follows/"))
    for form in (FIELD, AUTHOR, SEARCH):
        follow(client, **form)
    page = client.get("/settings/follows/")
    assert "Fields cs.LG Machine Learning Following" in words(page)
    assert "Authors Ada Lark Following Searches “weight of paper” Following" in words(page)
    for link in PAGES:
        assert f'href="{link}"' in page.content.decode()
    press(client, "/settings/follows/")
    assert len(followed()) == 2


def test_the_list_costs_the_same_however_long_it_is(client: Client, reader: User) -> None:
    client.force_login(reader)
    counts = []
    for codes in (["cs.LG"], ["cs.CL", "cs.CV", "cs.AI", "cs.DM"]):
        for code in codes:
            follow(client, **FIELD | {"target": code})
        for author in range(len(codes)):
            make_paper(authors=(f"Author {author}",))
            follow(client, kind="author", target=f"author-{author}")
        client.get("/settings/follows/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/follows/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# Without an account -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_asked_on_a_page_of_its_own(client: Client, page: str) -> None:
    response = client.get(page)
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    link = re.search(r'<a class="btn" rel="nofollow" href="([^"]+)"', response.content.decode())
    assert link
    asked = link[1].replace("&amp;", "&")
    assert client.get(asked)["Cache-Control"] == "private, no-store"
    assert press(client, asked)["Location"] == page
    answer = client.get(page)
    assert "Following" in words(answer)
    assert answer["Cache-Control"] == "private, no-store"
    assert press(client, page).status_code == 303
    assert "Following" not in words(client.get(page))
    assert followed() == []


def test_visitors_follow_each_for_themselves(client: Client) -> None:
    follow(client, **FIELD)
    assert "Following" not in words(Client().get("/categories/cs.LG/"))


def test_who_signs_in_keeps_what_the_visitor_followed(client: Client, reader: User) -> None:
    follow(client, **FIELD)
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert list(reader.subscriptions.values_list("kind", "target")) == [("category", "cs.LG")]
    client.post("/accounts/logout/")
    assert "Following" not in words(client.get("/categories/cs.LG/"))


def test_who_signs_up_keeps_what_the_visitor_followed(
    client: Client, mailbox: Mailbox, verification: str
) -> None:
    follow(client, **AUTHOR)
    form = {"email": "ada@papers.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", form)
    if verification == "mandatory":
        assert followed() == []
        client.post(mailbox.link())
    assert followed() == [("author", "ada-lark")]


def test_a_wrong_password_takes_nothing_over(client: Client, reader: User) -> None:
    follow(client, **FIELD)
    client.post("/accounts/login/", {"login": "ada", "password": "not this one"})
    assert followed() == []
    assert "Following" in words(client.get("/categories/cs.LG/"))


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "category"},
        {"kind": "planet", "target": "cs.LG"},
        {"kind": "category", "target": "cs.NONE"},
        {"kind": "author", "target": "nobody"},
        {"kind": "author", "target": "\x00"},
        {"kind": "search", "target": " "},
        {"kind": "search", "target": "a\x00b"},
        {"kind": "search", "target": "x" * 301},
    ],
)
def test_what_is_not_there_is_not_followed(
    client: Client, reader: User, form: dict[str, str]
) -> None:
    client.force_login(reader)
    assert follow(client, **form).status_code == 404
    assert client.get("/follow/", form).status_code == 404
    assert followed() == []


def test_a_search_holds_its_words_once(client: Client, reader: User) -> None:
    client.force_login(reader)
    follow(client, kind="search", target="  weight   of paper ")
    follow(client, **SEARCH)
    assert followed() == [("search", "weight of paper")]
    assert client.get("/search/?q=a%00b").status_code == 400


def test_who_follows_too_much_is_told(client: Client, reader: User) -> None:
    client.force_login(reader)
    Subscription.objects.bulk_create(
        Subscription(user=reader, kind="search", target=f"word {n}") for n in range(MOST)
    )
    follow(client, **FIELD)
    assert f"You follow {MOST} already." in words(client.get("/hot/"))
    assert reader.subscriptions.count() == MOST


def test_visitors_do_not_fill_the_table_of_sessions(client: Client) -> None:
    answers = [follow(Client(), **FIELD).status_code for _ in range(61)]
    assert answers == [303] * 60 + [429]
    assert Session.objects.count() == 60


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_no_form_leads_away(client: Client, away: str) -> None:
    assert follow(client, next=away, **FIELD)["Location"] == "/categories/cs.LG/"
    assert "elsewhere" not in words(client.get("/follow/", FIELD | {"next": away}))


def test_changes_want_a_post_with_a_token(reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get("/follow/change/").status_code == 405
    assert client.post("/follow/", FIELD).status_code == 403
    for _ in range(2):
        assert follow(client, **FIELD).status_code == 403
        client.force_login(reader)
    assert followed() == []


@pytest.mark.parametrize("form", [FIELD, AUTHOR, SEARCH])
def test_in_place_a_button_is_answered_with_itself(client: Client, form: dict[str, str]) -> None:
    name = f"{form['kind']} {form['target']}"
    for word, other in (("follow", "leave"), ("leave", "follow")):
        answer = client.post("/follow/change/", {word: name}, headers={"HX-Request": "true"})
        assert "<html" not in answer.content.decode()
        assert f'name="{other}" value="{name}"' in answer.content.decode()


def test_in_place_too_who_follows_too_much_is_told(client: Client, reader: User) -> None:
    client.force_login(reader)
    Subscription.objects.bulk_create(
        Subscription(user=reader, kind="search", target=f"word {n}") for n in range(MOST)
    )
    form = {"follow": "category cs.LG"}
    answer = client.post("/follow/change/", form, headers={"HX-Request": "true"})
    assert f"You follow {MOST} already." in answer.content.decode()
    assert 'aria-pressed="false"' in answer.content.decode()


def test_all_fields_can_be_followed_from_their_list(client: Client, reader: User) -> None:
    page = client.get("/categories/").content.decode()
    assert page.count('href="/follow/?kind=category') == 155
    client.force_login(reader)
    follow(client, **FIELD)
    page = client.get("/categories/").content.decode()
    assert page.count('name="follow" value="category ') == 154
    assert page.count('name="leave" value="category cs.LG"') == 1
    with CaptureQueriesContext(connection) as queries:
        client.get("/categories/")
    assert len(queries) <= 8


def test_a_form_follows_for_nobody_else(client: Client, make_reader: MakeReader) -> None:
    ada, eve = make_reader("ada"), make_reader("eve")
    client.force_login(eve)
    follow(client, user=str(ada.pk), user_id=str(ada.pk), **FIELD)
    assert not ada.subscriptions.exists()
    follow(client, word="leave", **FIELD)
    assert client.get("/settings/follows/")["Cache-Control"] == "private, no-store"


def test_what_is_typed_in_the_settings_is_followed(client: Client, reader: User) -> None:
    make_paper(authors=("Bo Finch",))
    client.force_login(reader)
    for kind, typed in (("category", "CS.lg"), ("author", "bo finch"), ("search", " deep  sea ")):
        form = {"kind": kind, "target": typed}
        assert client.post("/settings/follows/", form).status_code == 303
    found = set(reader.subscriptions.values_list("kind", "target"))
    assert found == {("category", "cs.LG"), ("author", "bo-finch"), ("search", "deep sea")}
    wrong = client.post("/settings/follows/", {"kind": "author", "target": "Nobody"})
    assert "No paper here is by “Nobody”." in words(wrong)
    assert 'value="Nobody"' in wrong.content.decode()


def test_a_narrowed_list_can_be_followed(client: Client, reader: User) -> None:
    make_paper(score=60)
    client.force_login(reader)
    assert "Follow cs.LG" in client.get("/hot/?category=cs.LG").content.decode()
    assert "Follow “weight”" in client.get("/top/?q=weight&window=all").content.decode()
    assert "follow-" not in client.get("/hot/").content.decode()
