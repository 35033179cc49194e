"""The public feeds, as a feed reader reads them."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.curation import papers as curation_of_papers
from papers.models import Digest, DigestEntry, Paper, Tweet
from tests.factories import (
    DAY,
    MORNING,
    let_all_rise,
    make_curator,
    make_digest,
    make_paper,
    make_tweet,
)

pytestmark = pytest.mark.django_db

FEEDS = {
    "/digests.atom": "Every day’s digest",
    "/hot.atom": "Hot",
    "/rising.atom": "Rising",
    "/new.atom": "New",
    "/top.atom": "Top of the week",
    "/top.atom?window=all&network=hackernews": "Top of all time with tweets on Hacker News",
    "/hot.atom?category=cs.LG&q=weigh": "Hot in cs.LG holding “weigh”",
    "/categories/cs.LG.atom": "Hot in cs.LG, Machine Learning",
    "/authors/ada-lark.atom": "Ada Lark, new",
    "/tags/weight.atom": "weight, hot",
    "/search.atom?q=weigh": "“weigh”, new",
}
OF_PAPERS = [path for path in FEEDS if path != "/digests.atom"]
TEXT = "the words of a post"


@pytest.fixture
def papers(db: None) -> list[Paper]:
    """Three papers on one day, each with a tweet on X and a post on Hacker News."""
    found = []
    for number in range(3):
        paper = make_paper(
            title=rf"Weighing $\alpha_{number}$ & <b>more</b>",
            abstract=f"We weigh $x^{number}$ barns.\n\nThey are \\emph{{heavy}}.",
            authors=("Ada Lark", "山田 太郎", "שלום כהן", "Łukasz Żółć"),
            categories=("cs.LG", "stat.ML"),
            score=60 + number,
            submitted_at=MORNING - timedelta(days=3),
        )
        paper.tags.add("weight")
        make_tweet(paper, text=TEXT, retweets=3, favorites=4)
        url = "https://news.ycombinator.com/item?id=1"
        make_tweet(paper, network="hackernews", text=TEXT, url=url, external_id=f"hn{number}")
        found.append(paper)
    make_digest(*found, state="published")
    let_all_rise()
    return found


def read(path: str, **headers: str) -> Any:
    """Return what a feed reader makes of a feed; it stumbles over nothing."""
    response = Client().get(path, headers=headers)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, (path, found.get("bozo_exception"))
    return found


def test_it_works(papers: list[Paper], settings: Any) -> None:
    found = read("/hot.atom?category=cs.LG")
    site = settings.SITE_URL
    assert found.feed.title == "Hot in cs.LG · Hot Papers"
    assert found.feed.id == f"{site}/hot.atom?category=cs.LG"
    assert found.feed.link == f"{site}/hot/?category=cs.LG"
    entry = found.entries[0]
    assert entry.title == "Weighing α_2 & <b>more</b>"
    assert entry.id == entry.link == f"{site}/papers/2106.00003/"
    names = ["Ada Lark", "山田 太郎", "שלום כהן", "Łukasz Żółć"]
    assert [author.name for author in entry.authors] == names
    assert [tag.term for tag in entry.tags] == ["cs.LG", "stat.ML"]
    assert (entry.published, entry.updated) == ("2021-06-10T00:00:00+00:00",) * 2
    related = {link.title: link.href for link in entry.links if link.rel == "related"}
    assert related["arXiv"] == "https://arxiv.org/abs/2106.00003"
    assert related["PDF"] == "https://arxiv.org/pdf/2106.00003"
    (content,) = entry.content
    assert content.type == "text/html"
    for said in ("<p>We weigh x^2 barns.</p><p>They are heavy.</p>", "62 favorites", "@ada on X"):
        assert said in content.value
    assert "<math" not in content.value


def test_every_feed_can_be_read(papers: list[Paper]) -> None:
    for path, title in FEEDS.items():
        found = read(path)
        assert found.feed.title == f"{title} · Hot Papers"
        assert len(found.entries) == (1 if path == "/digests.atom" else 3)
        assert len({entry.id for entry in found.entries}) == len(found.entries)
        response = Client().get(path)
        assert not response.cookies
        assert response["Cache-Control"] == "public, max-age=300"


def test_it_holds_what_its_page_shows_in_the_same_order(db: None) -> None:
    for number in range(35):
        paper = make_paper(abstract="We weigh.", score=100 - number, announced_on=DAY)
        paper.tags.add("weight")
        make_tweet(paper, network="hackernews", external_id=f"hn{number}")
    let_all_rise()
    for path in OF_PAPERS:
        found = read(path)
        page: Any = Client().get(found.feed.link)
        shown = [row.paper.arxiv_id for row in page.context["rows"]]
        assert len(shown) == 30
        assert [entry.id.split("/")[-2] for entry in found.entries][:30] == shown, path
        assert len(found.entries) == 35


# What is said, and what is not -------------------------------------------------------------------


def test_no_post_is_quoted_to_others(papers: list[Paper]) -> None:
    for path in FEEDS:
        assert TEXT not in Client().get(path).content.decode(), path


def test_what_is_hidden_is_nowhere(papers: list[Paper]) -> None:
    curation_of_papers.hide(papers[1], make_curator(), "Spam.")
    for path in FEEDS:
        text = Client().get(path).content.decode()
        assert ("2106.00002" in text, "2106.00001" in text) == (False, True), path


def test_a_withdrawn_paper_says_so(papers: list[Paper]) -> None:
    Paper.objects.filter(pk=papers[0].pk).update(withdrawn=True)
    contents = [entry.content[0].value for entry in read("/hot.atom").entries]
    assert ["Withdrawn by its authors" in each for each in contents] == [False, False, True]
    (day,) = read("/digests.atom").entries
    assert day.content[0].value.count("withdrawn by its authors") == 1


def test_a_tweet_that_was_hidden_is_not_named(papers: list[Paper]) -> None:
    Tweet.objects.filter(network="x").update(hidden=True)
    assert "@ada on X" not in read("/hot.atom").entries[0].content[0].value


def test_what_xml_cannot_hold_is_left_out(db: None) -> None:
    odd = "A\x01\x0b\x1f\ufffe barn"
    paper = make_paper(score=60)
    values = {"title_text": odd, "abstract": odd, "author_names": [odd]}
    Paper.objects.filter(pk=paper.pk).update(**values, code_url="https://x.example/\x02")
    make_tweet(paper, handle="a\x01da")
    (entry,) = read("/hot.atom").entries
    assert (entry.title, entry.author) == ("A barn", "A barn")


def test_other_peoples_markup_is_text(db: None) -> None:
    make_paper(score=60, title="On <script>x</script>", abstract="See <img src=x onerror=y>.")
    text = Client().get("/hot.atom").content.decode()
    assert "<script" not in text
    assert "&lt;img" not in text


def test_a_summary_of_ours_is_called_so(db: None) -> None:
    make_paper(score=60, abstract="A barn.", abstract_is_summary=True)
    assert "A summary in our words" in read("/hot.atom").entries[0].content[0].value


def test_days_are_as_they_were_printed(papers: list[Paper]) -> None:
    make_digest(papers[2], date=DAY + timedelta(1), state="published", introduction="*Two* barns.")
    make_digest(papers[0], date=DAY + timedelta(2))  # a draft
    DigestEntry.objects.filter(digest__date=DAY + timedelta(1)).update(note="A **note**.")
    DigestEntry.objects.filter(digest__date=DAY, paper=papers[1]).update(left_out=True)
    later, earlier = read("/digests.atom").entries
    assert later.title == "Friday 11 June 2021: 1 hot paper"
    assert earlier.title == "Thursday 10 June 2021: 2 hot papers"
    assert "<em>Two</em> barns." in later.content[0].value
    assert "A <strong>note</strong>." in later.content[0].value
    assert re.findall(r"papers/([\d.]+)/", earlier.content[0].value) == ["2106.00001", "2106.00003"]
    assert "(60)" in earlier.content[0].value


# What is new -------------------------------------------------------------------------------------


def moments(path: str) -> list[tuple[str, str]]:
    return [(entry.published, entry.updated) for entry in read(path).entries]


def test_a_paper_is_updated_by_a_version_and_not_by_being_counted(papers: list[Paper]) -> None:
    before = moments("/new.atom")
    Paper.objects.update(score=99, observed_at=MORNING + timedelta(days=1), recorded_at=MORNING)
    assert moments("/new.atom") == before
    Paper.objects.filter(pk=papers[2].pk).update(revised_at=datetime(2021, 7, 1, tzinfo=UTC))
    after = moments("/new.atom")
    assert ("2021-06-10T00:00:00+00:00", "2021-07-01T00:00:00+00:00") in after
    assert after.count(before[0]) == 2


def test_a_day_is_updated_by_a_revision(papers: list[Paper]) -> None:
    digest = Digest.objects.get()
    Digest.objects.update(published_at=MORNING)
    for number in (1, 2):
        digest.revisions.create(number=number, created_at=MORNING + timedelta(days=7 * number))
        expected = "2021-06-11T09:30:00+00:00" if number == 1 else "2021-06-25T09:30:00+00:00"
        assert moments("/digests.atom") == [("2021-06-11T09:30:00+00:00", expected)]


def test_who_has_it_is_told_so(papers: list[Paper]) -> None:
    for path in FEEDS:
        first = Client().get(path)
        again = Client().get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == first["Cache-Control"]
        assert Client().get(path, headers={"If-None-Match": '"another"'}).status_code == 200


CHANGES: dict[str, dict[str, Any]] = {
    "title": {"title_text": "A barn"},
    "abstract": {"abstract": "Barns."},
    "authors": {"author_names": ["Bo Finch"]},
    "withdrawal": {"withdrawn": True},
    "hiding": {"hidden": True},
    "code": {"code_url": "https://code.example/barn"},
    "order": {"hot": 1e9},
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_is_sent(papers: list[Paper], change: str) -> None:
    """Also to who asks by time alone: none of these makes an entry newer."""
    first = Client().get("/hot.atom")
    Paper.objects.filter(pk=papers[0].pk).update(**CHANGES[change])
    asked = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    second = Client().get("/hot.atom", headers=asked)
    assert second.status_code == 200
    assert second.content != first.content
    by_time = {"If-Modified-Since": first["Last-Modified"]}
    assert Client().get("/hot.atom", headers=by_time).content == second.content


# What cannot be answered -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/hot.atom?window=decade", "There is no window “decade”"),
        ("/hot.atom?category=cs.XX", "arXiv has no category “cs.XX”"),
        ("/top.atom?network=usenet", "There is no network “usenet”"),
        ("/new.atom?fair=1", "Field-fair is an order of hot papers"),
        ("/search.atom", "Say which words"),
        ("/search.atom?q=%00", "holds a NUL byte"),
    ],
)
def test_a_filter_that_cannot_be_is_told_in_words(db: None, path: str, sentence: str) -> None:
    response = Client().get(path)
    assert response.status_code == 400
    assert sentence in response.content.decode()


@pytest.mark.parametrize("path", ["/categories/cs.XX.atom", "/authors/x.atom", "/cold.atom"])
def test_what_is_not_there_has_no_feed(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/digests.atom", "/hot.atom", "/search.atom?q=barn"])
def test_a_new_site_has_feeds_too(db: None, path: str) -> None:
    found = read(path)
    assert (len(found.entries), found.feed.updated) == (0, "1991-08-14T00:00:00+00:00")


# Cost, and how they are found --------------------------------------------------------------------


def test_it_costs_few_queries(papers: list[Paper]) -> None:
    for number in range(30):
        paper = make_paper(title="Weighing", categories=("cs.LG",), score=200 + number)
        make_tweet(paper, network="hackernews", external_id=f"more{number}", retweets=1)
    for path in FEEDS:
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        assert len(queries) <= 8, path


PAGES = {
    "/": "/digests.atom",
    "/digests/": "/digests.atom",
    "/digests/2021-06-10/?view=read": "/digests.atom",
    "/hot/?category=cs.LG&window=month": "/hot.atom?window=month&category=cs.LG",
    "/categories/cs.LG/": "/categories/cs.LG.atom",
    "/categories/cs.LG/?window=week": "/categories/cs.LG.atom?window=week",
    "/authors/ada-lark/": "/authors/ada-lark.atom",
    "/tags/weight/": "/tags/weight.atom",
    "/search/?q=weigh": "/search.atom?q=weigh",
}


def test_pages_lead_to_their_feed(papers: list[Paper]) -> None:
    link = re.compile(
        r'<link rel="alternate" type="application/atom\+xml" title="(.+)" href="(.+)">'
    )
    for page, path in PAGES.items():
        ((title, href),) = link.findall(Client().get(page).content.decode())
        assert unescape(href) == path
        assert read(path).feed.title == unescape(title)


def test_the_page_of_feeds_leads_to_feeds(papers: list[Paper]) -> None:
    html = Client().get("/feeds/").content.decode()
    links = set(re.findall(r'href="(/[^"]+\.atom)"', html))
    assert len(links) == 5
    for path in links:
        read(path)
