"""The feeds of a reader's own, as a feed reader reads them that knows the address and no more."""

import re
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import deletion, feed_links, shelf
from accounts.models import FeedLink, Mute, ReadingList, SavedPaper, Seen, User
from papers.models import Paper
from tests.accounts.conftest import MakeReader
from tests.factories import DAY, MORNING, make_paper, make_tweet

pytestmark = pytest.mark.django_db

TEXT = "the words of a post"
KINDS = [("feed", ""), ("saved", ""), ("search", "mirror")]


@pytest.fixture
def reader(make_reader: MakeReader) -> User:
    return make_reader("zanzibar")


@pytest.fixture
def papers(reader: User) -> list[Paper]:
    """Four papers with tweets; the reader follows two fields and a search, and saved one paper."""
    found = []
    for number in range(4):
        title = f"Barn {number}" + " with a mirror" * (number % 2)
        paper = make_paper(title=title, abstract="A *barn*.", score=60 + number)
        make_tweet(paper, text=TEXT)
        found.append(paper)
    reader.subscriptions.create(kind="category", target="cs.LG")
    reader.subscriptions.create(kind="search", target="mirror")
    saved = SavedPaper.objects.keep(reader, found[0])
    shelf.edit(reader, saved, "A private note.", ["private tag"], [])
    return found


def address(reader: User, kind: str, target: str = "") -> str:
    return feed_links.path(feed_links.make(reader, kind, target))


def read(path: str) -> Any:
    response = Client().get(path)
    assert response.status_code == 200
    found = feedparser.parse(response.content)
    assert not found.bozo
    return found


def titles(path: str) -> list[str]:
    return [entry.title for entry in read(path).entries]


def test_it_works(reader: User, papers: list[Paper], client: Client) -> None:
    """For you is what its page shows, in that order."""
    path = address(reader, "feed")
    client.force_login(reader)
    page: Any = client.get("/feed/")
    shown = [item.row.paper.title_text for item in page.context["items"]]
    assert len(shown) == 4
    assert titles(path) == shown
    assert read(path).feed.title == "For you · Hot Papers"


def test_for_you_is_as_its_reader_set_it_up(reader: User, papers: list[Paper]) -> None:
    path = address(reader, "feed")
    Mute.objects.create(user=reader, kind="word", target="mirror")
    Seen.objects.note(reader, papers[2].pk, hidden_at=MORNING)
    assert titles(path) == ["Barn 0"]
    User.objects.update(feed_window="day")
    make_paper(title="Later", announced_on=DAY + timedelta(days=1))
    assert titles(path) == ["Later"]


def test_to_read_the_feed_is_no_visit(reader: User, papers: list[Paper]) -> None:
    before = User.objects.values().get()
    read(address(reader, "feed"))
    assert User.objects.values().get() == before
    assert not Seen.objects.exists()


def test_saved_papers_are_newest_first_and_bare(reader: User, papers: list[Paper]) -> None:
    path = address(reader, "saved")
    SavedPaper.objects.update(saved_at=MORNING)
    later = SavedPaper.objects.keep(reader, papers[3])
    assert titles(path) == ["Barn 3 with a mirror", "Barn 0"]
    published = [entry.published for entry in read(path).entries]
    assert published == [later.saved_at.isoformat(), MORNING.isoformat()]
    text = Client().get(path).content.decode()
    for private in ("private", "later", reader.username, "papers.example"):
        assert private not in text


def test_a_search_leaves_out_what_its_reader_does(reader: User, papers: list[Paper]) -> None:
    path = address(reader, "search", "mirror")
    assert titles(path) == ["Barn 3 with a mirror", "Barn 1 with a mirror"]
    Seen.objects.note(reader, papers[3].pk, hidden_at=MORNING)
    assert titles(path) == ["Barn 1 with a mirror"]
    assert read(path).feed.title == "“mirror” · Hot Papers"


def test_a_shared_list_is_in_its_order(reader: User, papers: list[Paper]) -> None:
    group = ReadingList.objects.create(user=reader, name="Group", slug="group")
    saved = [SavedPaper.objects.keep(reader, paper) for paper in papers[:3]]
    shelf.enlist(reader, group, saved[::-1])
    token = shelf.share(group)
    path = f"/shared/{token}.atom"
    assert titles(path) == ["Barn 2", "Barn 1 with a mirror", "Barn 0"]
    page = Client().get(f"/shared/{token}/").content.decode()
    assert f'title="Group · Hot Papers" href="{path}"' in page
    assert "private" not in Client().get(path).content.decode()
    held = {"If-None-Match": Client().get(path)["ETag"]}
    assert Client().get(path, headers=held).status_code == 304
    shelf.unshare(group)
    assert Client().get(path, headers=held).status_code == 404


@pytest.mark.parametrize(("kind", "target"), KINDS)
def test_nobody_learns_the_address(
    reader: User, papers: list[Paper], kind: str, target: str
) -> None:
    path = address(reader, kind, target)
    response = Client().get(path)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies
    text = response.content.decode()
    assert path.split("-")[1].removesuffix(".atom") not in text
    assert TEXT not in text
    assert reader.username not in text


@pytest.mark.parametrize("end", ["revoke", "renew", "delete", "deactivate"])
@pytest.mark.parametrize(("kind", "target"), KINDS)
def test_it_ends_at_once_also_for_who_holds_a_copy(
    reader: User, papers: list[Paper], kind: str, target: str, end: str
) -> None:
    link = feed_links.make(reader, kind, target)
    path = feed_links.path(link)
    first = Client().get(path)
    held = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    assert Client().get(path, headers=held).status_code == 304
    if end == "revoke":
        link.delete()
    elif end == "renew":
        feed_links.renew(link)
        assert Client().get(feed_links.path(link)).status_code == 200
    elif end == "delete":
        deletion.delete(reader)
    else:
        User.objects.update(is_active=False)
    for headers in (held, {"If-None-Match": "*"}, {"If-Modified-Since": held["If-Modified-Since"]}):
        gone = Client().get(path, headers=headers)
        assert gone.status_code == 404
        never = re.sub(r"\d+-\w", "999-0", path)
        assert Client().get(never, headers=headers).status_code == 404
    assert Client().head(path, headers=held).status_code == 404


@pytest.mark.parametrize(("kind", "target"), KINDS)
def test_whatever_changed_is_sent(
    reader: User, papers: list[Paper], kind: str, target: str
) -> None:
    path = address(reader, kind, target)
    SavedPaper.objects.keep(reader, papers[1])
    first = Client().get(path)
    Paper.objects.update(title_text="Another title")
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, "Another title" in again.content.decode()) == (200, True)


def test_readers_have_their_own(reader: User, papers: list[Paper], make_reader: MakeReader) -> None:
    other = make_reader("ben")
    assert titles(address(other, "feed")) == []
    assert titles(address(other, "saved")) == []
    assert FeedLink.objects.count() == 2


@pytest.mark.parametrize(("kind", "target"), KINDS)
def test_it_costs_few_queries(reader: User, papers: list[Paper], kind: str, target: str) -> None:
    path = address(reader, kind, target)
    for number in range(20):
        paper = make_paper(title=f"More mirrors {number}", score=number)
        make_tweet(paper)
        SavedPaper.objects.keep(reader, paper)
    read(path)  # from then on that it is read is known for an hour
    with CaptureQueriesContext(connection) as queries:
        read(path)
    assert len(queries) <= 9
