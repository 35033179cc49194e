"""The twins of pages: what is in them, how they are sent, what they keep to themselves."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.digest_markdown import parse
from papers.exports import FORMATS
from papers.models import Paper, Tweet
from papers.views import exports
from tests.factories import DAY, make_digest, make_paper
from tests.papers.exports.readers import READERS
from tests.papers.views.conftest import make_entry, make_tweet

pytestmark = pytest.mark.django_db
ImportDay = Callable[..., None]
LISTS = [
    "/hot",
    "/new",
    "/top",
    "/categories/cs.LG",
    "/authors/ada-first",
    "/tags/distillation",
    "/search",
    "/digests/2021-06-10",
]
SECRET = "What the post itself says"


def said(client: Client, address: str, status: int = 200) -> str:
    response: Any = client.get(address)
    assert response.status_code == status, address
    return b"".join(response).decode()


@pytest.fixture
def day(import_day: ImportDay) -> None:
    """Three papers; under each a tweet on X and one elsewhere."""
    import_day(
        *(
            make_entry(
                number,
                tweets=(
                    make_tweet(number, text=SECRET),
                    make_tweet(
                        100 + number,
                        network="bluesky",
                        url="https://bsky.app/p/1",
                        text="Elsewhere.",
                    ),
                ),
            )
            for number in (1, 2, 3)
        )
    )
    for paper in Paper.objects.all():
        paper.tags.add("distillation")


TWINS = [(page, suffix) for page in LISTS for suffix in FORMATS]
TWINS.remove(("/digests/2021-06-10", "md"))  # a post of the blog, below


@pytest.mark.parametrize(("page", "suffix"), TWINS)
def test_it_works(client: Client, day: None, page: str, suffix: str) -> None:
    address = f"{page}.{suffix}?q=paper" + ("&sort=hot" if page == "/search" else "")
    Paper.objects.filter(arxiv_id="2106.00003").update(hidden=True)
    found = READERS[suffix](said(client, address))
    assert list(found) == ["2106.00001", "2106.00002"], "in the order of the page, without hidden"
    assert found["2106.00001"] == ("Paper number 1", ["Ada First", "Ben Second"])


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_paper(client: Client, day: None, suffix: str) -> None:
    response: Any = client.get(f"/papers/2106.00001.{suffix}")
    assert "2106.00001" in response.content.decode()
    assert "2106.00002" not in response.content.decode()
    assert response["Content-Type"] == f"{FORMATS[suffix].media_type}; charset=utf-8"
    where = "inline" if suffix in {"json", "md"} else "attachment"
    assert response["Content-Disposition"] == f'{where}; filename="2106.00001.{suffix}"'
    assert response["X-Robots-Tag"] == "noindex"
    tag = response["ETag"]
    assert client.get(f"/papers/2106.00001.{suffix}", HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_old_ids_are_exported(client: Client) -> None:
    make_paper(arxiv_id="hep-th/9901001")
    response = client.get("/papers/hep-th/9901001.bib")
    assert "eprint = {hep-th/9901001}" in response.content.decode()
    assert 'filename="hep-th-9901001.bib"' in response["Content-Disposition"]


def test_filters_are_those_of_the_page(client: Client) -> None:
    make_paper(title="In learning", score=60)
    make_paper(title="In physics", score=90, categories=("hep-th",))
    make_paper(title="Long ago", score=99, announced_on=date(2020, 1, 6))
    found = READERS["csv"](said(client, "/top.csv?window=week"))
    assert [title for title, _ in found.values()] == ["In physics", "In learning"]
    found = READERS["csl.json"](said(client, "/categories/hep-th.csl.json"))
    assert [title for title, _ in found.values()] == ["In physics"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_list_goes_on_where_it_is_too_long(
    client: Client, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(exports, "MOST", 2)
    for score in (90, 80, 70, 60, 50):
        make_paper(score=score)
    found: list[str] = []
    address, pages = f"/top.{suffix}?window=all", 0
    while address:
        response: Any = client.get(address)
        found += READERS[suffix](b"".join(response).decode())
        link = response.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        address = link.removeprefix("<").partition(">")[0]
        pages += 1
    assert found == [f"2106.0000{n}" for n in range(1, 6)]
    assert pages == 3


def test_queries_do_not_grow_with_a_list(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            said(client, "/hot.json")
        return len(captured)

    make_paper(score=60)
    few = queries()
    for _ in range(30):
        make_paper(score=60)
    assert queries() == few


# A day -------------------------------------------------------------------------------------------


def test_a_day_has_the_counts_as_printed(client: Client, day: None) -> None:
    Paper.objects.update(retweets=1, favorites=1, score=2)
    first = json.loads(said(client, "/digests/2021-06-10.json"))["papers"][0]
    assert (first["rank"], first["printed_retweets"], first["printed_favorites"]) == (1, 1999, 10)
    assert (first["printed_at"], first["score"]) == ("2021-06-11T09:50:30Z", 2)
    text = said(client, "/digests/2021-06-10.csv").removeprefix("\ufeff")
    (row, *_) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["rank"], row["printed_retweets"]) == ("1", "1999")


def test_a_day_is_a_post_of_the_blog_without_what_x_says(client: Client, day: None) -> None:
    post = parse(said(client, "/digests/2021-06-10.md"))
    assert [entry.title for entry in post.entries] == [f"Paper number {n}" for n in (1, 2, 3)]
    on_x, elsewhere = post.entries[0].tweets
    assert (on_x.text, on_x.author_name, on_x.handle) == ("", "", "reader1")
    assert (on_x.url, on_x.posted_at) == (make_tweet(1).url, make_tweet(1).posted_at)
    assert (elsewhere.text, elsewhere.author_name) == ("Elsewhere.", "A Reader")


def test_what_was_hidden_since_is_in_no_post(client: Client, day: None) -> None:
    Paper.objects.filter(arxiv_id="2106.00002").update(hidden=True)
    Tweet.objects.filter(handle="reader101").update(hidden=True)
    text = said(client, "/digests/2021-06-10.md")
    assert "Paper number 2" not in text
    assert "# 3. Paper number 3" in text, "ranks are those printed"
    assert text.count("Elsewhere.") == 1
    Paper.objects.update(hidden=True)
    assert "# " not in said(client, "/digests/2021-06-10.md")


def test_drafts_are_not_exported(client: Client) -> None:
    make_digest(make_paper(score=60), date=DAY)
    assert "no such page" in said(client, "/digests/2021-06-10.bib", 404)


# What nobody is told -----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_export_gives_the_text_of_a_post_on_x(client: Client, day: None, suffix: str) -> None:
    Tweet.objects.filter(network="x").update(embed_html=f"<blockquote>{SECRET}</blockquote>")
    for page in [*LISTS, "/papers/2106.00001", "/rising"]:
        assert SECRET not in said(client, f"{page}.{suffix}?q=paper"), page


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/hot.bib?window=decade", 400, "There is no window “decade”"),
        ("/hot.csv?category=cs.NONE", 400, "arXiv has no category"),
        ("/hot.ris?after=%00", 400, "NUL"),
        ("/top.md?after=99999999999999999999~1", 400, "does not exist"),
        ("/search.json?q=" + "x" * 5000, 400, "too long"),
        ("/search.json", 400, "Say what to search for"),
        ("/search.json?q=%00", 400, "NUL"),
        ("/papers/2106.99999.bib", 404, "There is no such page"),
        ("/categories/no.NE.csl.json", 404, "There is no such page"),
        ("/authors/nobody.ris", 404, "There is no such page"),
        ("/tags/nothing.csv", 404, "There is no such page"),
        ("/digests/2021-06-11.md", 404, "There is no such page"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    client: Client, day: None, address: str, status: int, sentence: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert sentence in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/hot.exe",
        "/hot.bib/",
        "/digests/2021-02-30.md",
        "/papers/2106.00001v1.bib",
        "/hot.BIB",
        "/.bib",
    ],
)
def test_other_addresses_are_not_there(client: Client, day: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_nothing_is_sent_there(client: Client, day: None) -> None:
    assert client.post("/hot.bib").status_code == 405


# Where pages lead to them ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "twin"),
    [
        ("/hot/", "/hot.bib"),
        ("/top/?window=month&category=cs.LG", "/top.bib?window=month&amp;category=cs.LG"),
        ("/categories/cs.LG/?after=", "/categories/cs.LG.bib"),
        ("/authors/ada-first/", "/authors/ada-first.bib"),
        ("/tags/distillation/", "/tags/distillation.bib"),
        ("/search/?q=paper", "/search.bib?q=paper"),
        ("/digests/2021-06-10/", "/digests/2021-06-10.bib"),
        ("/", "/digests/2021-06-10.bib"),
        ("/papers/2106.00001/", "/papers/2106.00001.bib"),
    ],
)
def test_pages_link_to_their_twins(client: Client, day: None, page: str, twin: str) -> None:
    html = client.get(page).content.decode()
    assert f'href="{twin}">BibTeX</a>' in html
    assert (
        f'<link rel="alternate" type="application/x-bibtex" href="{twin}" title="BibTeX">' in html
    )
    assert said(client, twin.replace("&amp;", "&")).startswith("@misc{first2021paper,")
