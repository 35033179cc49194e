"""The page For you, and what can be done on it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SavedPaper, Seen, Subscription, User
from papers import clock, fairness
from papers.models import Paper
from papers.readers import Kind
from tests.accounts.conftest import MakeReader, words
from tests.factories import DAY, make_alike, make_paper, make_tweet

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    """A reader who follows cs.LG."""
    client.force_login(reader)
    Subscription.objects.create(user=reader, kind=Kind.CATEGORY, target="cs.LG")
    return client


def titles(response: Any) -> list[str]:
    return re.findall(r'<h2><a href="[^"]+">([^<]+)</a></h2>', response.content.decode())


def test_it_works(signed_in: Client) -> None:
    make_paper(title="Quiet Barns", score=60)
    make_paper(title="Elsewhere", categories=("math.CT",))
    response = signed_in.get("/feed/")
    assert titles(response) == ["Quiet Barns"]
    page = words(response)
    assert "Week to Thursday 10 June 2021 , from 1 field you follow." in page
    assert "cs.LG, which you follow" in page
    assert "That’s all for Thursday." in page
    assert response["Cache-Control"] == "private, no-store"


def test_each_row_says_why_it_is_there(signed_in: Client, reader: User) -> None:
    old = make_paper(title="Old Barns: A Survey", announced_on=DAY - timedelta(days=40))
    make_paper(title="Quiet Barns", categories=("cs.CL", "cs.LG"), authors=("Bo Finch",))
    near = make_paper(title="Loud Barns", categories=("math.CT",))
    make_alike(old, near)
    SavedPaper.objects.create(user=reader, paper=old)
    for kind, target in ((Kind.AUTHOR, "bo-finch"), (Kind.SEARCH, "quiet")):
        Subscription.objects.create(user=reader, kind=kind, target=target)
    page = words(signed_in.get("/feed/"))
    assert "cs.LG, which you follow; by Bo Finch , whom you follow; your search “quiet”" in page
    assert "close to Old Barns , which you saved" in page


def test_a_fair_feed_says_how_high_each_stands_in_its_field(signed_in: Client) -> None:
    make_paper(score=60)
    make_paper(score=30)
    fairness.refresh()
    assert "top 34 % of cs.LG" in words(signed_in.get("/feed/?fair=1"))
    assert "of cs.LG" not in words(signed_in.get("/feed/?fair=1&sort=new"))


def test_a_visitor_is_told_what_it_is_and_gets_no_cookie(client: Client) -> None:
    make_paper()
    response = client.get("/feed/")
    assert "One page a day that is yours" in words(response)
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_a_visitor_who_follows_has_a_feed(client: Client) -> None:
    make_paper(title="Quiet Barns", authors=("Bo Finch",))
    client.post("/follow/change/", {"follow": "author bo-finch"})
    response = client.get("/feed/")
    assert titles(response) == ["Quiet Barns"]
    assert "by Bo Finch , whom you follow" in words(response)
    assert 'name="hide"' not in response.content.decode()


def test_an_account_that_chose_nothing_is_told_how(client: Client, reader: User) -> None:
    make_paper()
    client.force_login(reader)
    assert "Pick your fields" in words(client.get("/feed/"))


def test_a_site_without_papers_says_so(signed_in: Client) -> None:
    assert "No day yet" in words(signed_in.get("/feed/"))


def test_it_costs_eight_queries_at_most(signed_in: Client, reader: User) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            make_tweet(make_paper(score=number))
        old = make_paper(announced_on=DAY - timedelta(days=40))
        SavedPaper.objects.create(user=reader, paper=old)
        for paper in Paper.objects.filter(announced_on=DAY):
            make_alike(old, paper)

    def count() -> int:
        signed_in.get("/hot/")  # what all pages know for a minute
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get("/feed/").status_code == 200
        return len(queries)

    fill(3)
    assert count() == 9  # this one writes down that a visit began
    fill(40)
    Subscription.objects.create(user=reader, kind=Kind.AUTHOR, target="ada-lark")
    Subscription.objects.create(user=reader, kind=Kind.SEARCH, target="weight")
    assert count() == 8


def test_a_parameter_that_cannot_be_understood_answers_400(signed_in: Client) -> None:
    make_paper()
    for query in ("sort=best", "window=year", "kinds=old", "after=x", "fair=2"):
        assert signed_in.get(f"/feed/?{query}").status_code == 400


def test_the_last_kind_cannot_be_left_out(signed_in: Client) -> None:
    make_paper()
    page = signed_in.get("/feed/?kinds=new").content.decode()
    assert "kinds=&" not in page
    assert 'href="?kinds=new" aria-current="true"' in page


def test_pages_go_on(signed_in: Client) -> None:
    for number in range(35):
        make_paper(title=f"Paper {number}")
    first = signed_in.get("/feed/")
    second = signed_in.get("/feed/" + first.context["more"])
    assert "That’s all" not in words(first)
    assert len(set(titles(first) + titles(second))) == 35


# Hiding ------------------------------------------------------------------------------------------


def test_hiding_and_its_undo(signed_in: Client) -> None:
    paper = make_paper(title="Quiet Barns")
    response = signed_in.post("/feed/hide/", {"hide": paper.arxiv_id, "next": "/feed/"})
    assert (response.status_code, response["Location"]) == (303, "/feed/")
    page = signed_in.get("/feed/")
    assert titles(page) == []
    assert "“Quiet Barns” is hidden. Undo" in words(page)
    assert titles(signed_in.get("/history/hidden/")) == ["Quiet Barns"]
    signed_in.post("/feed/hide/", {"show": paper.arxiv_id})
    assert titles(signed_in.get("/feed/")) == ["Quiet Barns"]
    assert titles(signed_in.get("/history/hidden/")) == []


def test_what_is_no_paper_cannot_be_hidden(signed_in: Client) -> None:
    make_paper(arxiv_id="2106.09999", hidden=True)
    for value in ("", "nothing", "2106.99999", "2106.09999", "\x00"):
        assert signed_in.post("/feed/hide/", {"hide": value}).status_code == 404
    assert not Seen.objects.exists()


def test_nobody_hides_for_others(signed_in: Client, make_reader: MakeReader) -> None:
    paper = make_paper(title="Quiet Barns")
    other = Client()
    other.force_login(make_reader("eve"))
    other.post("/feed/hide/", {"hide": paper.arxiv_id, "user": "1", "user_id": "1"})
    assert titles(signed_in.get("/feed/")) == ["Quiet Barns"]


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    paper = make_paper()
    response = client.post("/feed/hide/", {"hide": paper.arxiv_id})
    assert response["Location"].startswith("/accounts/login/")


# Reading -----------------------------------------------------------------------------------------


def test_marking_all_as_read_and_its_undo(signed_in: Client) -> None:
    make_paper(title="Quiet Barns")
    signed_in.post("/feed/read/", {"through": DAY.isoformat()})
    page = signed_in.get("/feed/?unread=1")
    assert "Nothing unread." in words(page)
    assert "All is marked as read. Undo" in words(page)
    signed_in.post("/feed/read/", {"through": ""})
    assert titles(signed_in.get("/feed/?unread=1")) == ["Quiet Barns"]


@pytest.mark.parametrize("day", ["x", "2021-13-01", "\x00", "99999-01-01"])
def test_a_day_that_is_none_is_refused(signed_in: Client, day: str) -> None:
    assert signed_in.post("/feed/read/", {"through": day}).status_code == 400


def test_nothing_is_read_ahead(signed_in: Client, reader: User) -> None:
    make_paper()
    signed_in.post("/feed/read/", {"through": "2999-01-01"})
    reader.refresh_from_db()
    assert reader.read_through == DAY


def test_what_was_opened_is_marked_wherever_it_stands(signed_in: Client) -> None:
    paper = make_paper(score=60)
    assert 'class="row pair"' in signed_in.get("/hot/").content.decode()
    signed_in.get(paper.get_absolute_url())
    for path in ("/feed/", "/hot/", "/categories/cs.LG/", "/search/?q=weight"):
        assert 'class="row pair seen"' in signed_in.get(path).content.decode(), path


def test_papers_since_the_last_visit_are_new(signed_in: Client, reader: User) -> None:
    make_paper(title="Before", announced_on=DAY - timedelta(days=1))
    signed_in.get("/feed/")
    make_paper(title="Since")
    User.objects.update(visit_at=clock.now() - timedelta(hours=9))
    page = signed_in.get("/feed/")
    assert "1 paper since your last visit" in words(page)
    rows = re.findall(
        r'<li class="row pair( new)?".*?<h2><a[^>]*>([^<]+)', page.content.decode(), re.S
    )
    assert sorted(rows) == [("", "Before"), (" new", "Since")]


# History -----------------------------------------------------------------------------------------


def test_history_lists_what_was_opened_until_it_is_cleared(signed_in: Client) -> None:
    first, second = make_paper(title="First"), make_paper(title="Second")
    make_paper(title="Never")
    for paper in (second, first, second):
        signed_in.get(paper.get_absolute_url())
    assert titles(signed_in.get("/history/")) == ["Second", "First"]
    signed_in.post("/history/clear/")
    page = signed_in.get("/history/")
    assert titles(page) == []
    assert "Your history is cleared." in words(page)
    assert Seen.objects.count() == 2  # or all would be unread again


def test_history_goes_on(signed_in: Client, reader: User) -> None:
    for number in range(35):
        paper = make_paper(title=f"Paper {number}")
        at = clock.now() + timedelta(minutes=number)
        Seen.objects.note(reader, paper.pk, opened_at=at)
    first = signed_in.get("/history/")
    second = signed_in.get("/history/" + first.context["more"])
    assert titles(first) + titles(second) == [f"Paper {n}" for n in reversed(range(35))]
    assert second.context["more"] == ""


@pytest.mark.parametrize(
    "after", ["x", "2021-06-10T12:00:00+00:00~x", "\x00", "2021-99-10T12:00:00%2B00:00~1"]
)
def test_a_place_in_history_that_is_none_is_refused(signed_in: Client, after: str) -> None:
    assert signed_in.get(f"/history/?after={after}").status_code == 400


# Settings ----------------------------------------------------------------------------------------


def test_a_feed_is_set_up(signed_in: Client, reader: User) -> None:
    make_paper(title="Cross", categories=("cs.CL", "cs.LG"))
    form = {"feed_window": "day", "feed_kinds": ["new"], "feed_is_fair": "on", "is_staff": "on"}
    assert signed_in.post("/settings/feed/", form).status_code == 303
    reader.refresh_from_db()
    assert (reader.feed_window, reader.feed_kinds, reader.feed_is_fair) == ("day", ["new"], True)
    assert not reader.is_staff
    assert titles(signed_in.get("/feed/")) == []
    assert titles(signed_in.get("/feed/?kinds=cross")) == ["Cross"]


def test_one_kind_has_to_be_shown(signed_in: Client) -> None:
    response = signed_in.post("/settings/feed/", {"feed_window": "week"})
    assert "One of them has to be shown." in words(response)


def test_muting_and_its_end(signed_in: Client) -> None:
    make_paper(title="Quiet Barns")
    signed_in.post("/settings/feed/mute/", {"kind": "word", "target": "barns"})
    page = signed_in.get("/feed/")
    assert titles(page) == []
    assert "1 muted" in words(page)
    assert "“barns”" in words(signed_in.get("/settings/feed/"))
    signed_in.post("/settings/feed/unmute/", {"kind": "word", "target": "barns"})
    assert titles(signed_in.get("/feed/")) == ["Quiet Barns"]


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"kind": "word", "target": "of"}, "3 letters"),
        ({"kind": "category", "target": "cs.None"}, "no category"),
        ({"kind": "author", "target": "Nobody"}, "No paper here is by"),
        ({"kind": "word", "target": "barns", "until": "2001-01-01"}, "This day is past."),
        ({"kind": "word", "target": "barns", "until": "soon"}, "A date looks like"),
    ],
)
def test_what_cannot_be_muted_is_said_and_kept(
    signed_in: Client, form: dict[str, str], says: str
) -> None:
    response = signed_in.post("/settings/feed/mute/", form)
    assert response.status_code == 400
    assert says in words(response)
    assert f'value="{form["target"]}"' in response.content.decode()


def test_what_others_muted_cannot_be_ended(
    signed_in: Client, reader: User, make_reader: MakeReader
) -> None:
    signed_in.post("/settings/feed/mute/", {"kind": "word", "target": "barns"})
    other = Client()
    other.force_login(make_reader("eve"))
    other.post("/settings/feed/unmute/", {"kind": "word", "target": "barns"})
    assert reader.mutes.count() == 1
    assert "barns" not in words(other.get("/settings/feed/"))
