"""The page that searches: what it finds, in which order, what it says; and what it suggests."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import ReaderTag, User
from papers import selection
from papers.models import Paper
from tests.factories import make_paper
from tests.papers.views.conftest import make_entry

ImportDay = Callable[..., None]
pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def ids(client: Client, address: str) -> list[str]:
    rows = client.get(address).context["rows"]
    return [row.paper.arxiv_id.removeprefix("2106.0000") for row in rows]


def test_it_works(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, title="Écoute active"), make_entry(2))
    page = text(client, "/search/?q=ecoute")
    assert "<mark>Écoute</mark> active" in page
    assert "<b>1</b> paper for <b>ecoute</b>" in page
    assert client.get("/search/?q=arXiv:2106.00002")["Location"] == "/papers/2106.00002/"
    assert "No papers for “zebra”" in text(client, "/search/?q=zebra")
    assert "is an arXiv id, but no day held" in text(client, "/search/?q=2106.99999")


@pytest.fixture
def three() -> None:
    """1: in its abstract; 2: in its title; 3: the newest, by an author of this name."""
    make_paper(abstract="Of folding.", score=900, categories=("cs.CV",))
    make_paper(title="Folding, folding", announced_on=date(2020, 1, 6))
    make_paper(authors=("Bo Folding",), announced_on=date(2021, 7, 1), title=r"$\alpha$ <b>")


def test_orders(client: Client, three: None) -> None:
    assert ids(client, "/search/?q=folding")[0] == "2"
    assert ids(client, "/search/?q=folding&sort=hot")[0] == "3"
    assert ids(client, "/search/?q=folding&sort=new") == ["3", "1", "2"]
    # Without words nothing is closer than something else.
    assert ids(client, "/search/?q=score:>0") == ["1"]
    assert "Closest" not in text(client, "/search/?q=cat:cs.LG")


def test_filters(client: Client, three: None) -> None:
    assert ids(client, "/search/?q=folding&category=cs.CV") == ["1"]
    assert ids(client, "/search/?q=folding&year=2020") == ["2"]
    assert ids(client, "/search/?q=folding&year=2020&sort=new") == ["2"]
    page = text(client, "/search/?q=folding&year=1999")
    assert "Search all fields and years" in page


def test_what_is_found_is_marked_and_stays_text(client: Client, three: None) -> None:
    page = text(client, "/search/?q=folding")
    assert "Of <mark>folding</mark>." in page  # the stretch of the abstract
    assert "Bo <mark>Folding</mark>" in page
    assert "&lt;b&gt;" in page
    assert "<math>" in page
    hostile = text(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in hostile


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("%22deep", "The quotation mark at character 1 is not closed."),
        ("since:2021-02-30", "“since:2021-02-30” is no day"),
        ("category:cs.LG", "Did you mean cat:cs.LG?"),
        ("x" * 301, "too long"),
        ("%00", "NUL byte"),
        ("a&year=20210", "A year is four digits"),
        ("a&sort=top", "A search is sorted by"),
        ("a&after=1~2~3", "This page of the list does not exist."),
        ("a&category=cs.NONE", "arXiv has no category “cs.NONE”."),
    ],
)
def test_a_mistake_is_explained_beside_what_was_typed(
    client: Client, query: str, said: str
) -> None:
    response = client.get(f"/search/?q={query}")
    assert response.status_code == 400
    page = response.content.decode()
    assert said in re.sub(r"&quot;|&#x27;", '"', page)
    assert 'aria-invalid="true"' in page
    assert "Follow" not in page
    if query.startswith("category"):
        assert 'value="category:cs.LG"' in page


@pytest.mark.parametrize("address", ["/hot/?q=%22deep", "/top/?q=since:soon", "/new/?q=(a"])
def test_other_lists_refuse_a_mistake(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert b"Not understood" in response.content


@pytest.mark.parametrize("sort", ["", "hot", "new"])
@pytest.mark.parametrize("category", ["", "cs.LG"])
def test_pages_follow_each_other_without_gap_or_repeat(
    client: Client, sort: str, category: str
) -> None:
    for number in range(65):
        make_paper(abstract="folding " * (number % 3 + 1), score=number % 5)
    address, seen = f"/search/?q=folding&sort={sort}&category={category}", []
    while address:
        response = client.get(address)
        assert response.context["number"] == "65"
        seen += [row.paper.arxiv_id for row in response.context["rows"]]
        address = response.context["more"]
    assert len(seen) == len(set(seen)) == 65


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five papers are already more than can be counted."""
    monkeypatch.setattr("papers.views.search.MOST_COUNTED", 4)
    bounds = {"MOST_COUNTED": 4, "ENOUGH": 2, "MOST_COMPARED": 3, "HOTTEST": 3}
    for name, bound in bounds.items():
        monkeypatch.setattr(selection, name, bound)


@pytest.mark.parametrize(
    ("titled", "closest"),
    [
        ([], [8, 7, 6]),  # the hottest, all as close
        ([1], [1, 8, 7, 6]),  # few: with the hottest
        ([2, 7], [7, 2]),  # enough
        ([1, 2, 7], [7, 2, 1]),
        ([1, 2, 4, 7], [7, 8, 6]),  # too many: the hottest, of which one is closer
    ],
)
def test_of_very_many_those_with_it_in_their_titles_are_compared(
    client: Client, few_at_once: None, titled: list[int], closest: list[int]
) -> None:
    for number in range(1, 9):
        title = "Folding" if number in titled else "Paper"
        make_paper(abstract="folding", title=title, score=number * 10)
    make_paper(abstract="folding", title="Folding", score=999, hidden=True)
    page = client.get("/search/?q=folding")
    assert [row.paper.score // 10 for row in page.context["rows"]] == closest
    text = " ".join(page.content.decode().split())
    assert "<b>4+</b> papers" in text
    assert "the closest are looked for by their titles and among the hottest" in text
    hot = client.get("/search/?q=folding&sort=hot")
    assert [row.paper.score // 10 for row in hot.context["rows"]] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert "looked for by their titles" not in hot.content.decode()


@pytest.mark.parametrize(
    ("query", "closest"),
    [
        ("folding author:finch", {1, 2}),
        ("folding -crops", {1, 7, 6, 5}),  # in no text, whatever is looked for in titles
        ("folding score:>10", {2, 7, 6, 5}),
        ("author:finch", {7, 6, 5}),  # nothing is left to look for in titles
    ],
)
def test_what_else_is_asked_holds_among_titles_too(
    client: Client, few_at_once: None, query: str, closest: set[int]
) -> None:
    for number in range(1, 8):
        make_paper(
            abstract="folding crops" if number == 2 else "folding",
            title="Folding" if number <= 2 else "Paper",
            authors=["Bo Finch"],
            score=number * 10,
        )
    rows = client.get("/search/", {"q": query}).context["rows"]
    assert {row.paper.score // 10 for row in rows} == closest


def test_a_search_costs_few_queries(client: Client, three: None) -> None:
    address = "/search/?q=folding&category=cs.CV"
    client.get(address)  # what every process asks once a minute is asked here
    with CaptureQueriesContext(connection) as visitors:
        client.get(address)
    client.force_login(User.objects.create_user("ada"))
    client.get(address)
    with CaptureQueriesContext(connection) as readers:
        client.get(address)
    asked = connection.vendor == "postgresql"  # what it expects, before it is asked for it
    assert len(visitors) <= 6 + asked, [q["sql"][:90] for q in visitors]
    assert len(readers) <= 9 + asked, [q["sql"][:90] for q in readers]


# Suggestions --------------------------------------------------------------------------------------


def suggested(client: Client, typed: str) -> dict[str, list[str]]:
    html = client.get("/search/suggest/", {"q": typed}).content.decode()
    found: dict[str, list[str]] = {}
    for kind, option in re.findall(r'role="presentation">(.*?)</li>|data-href="(.*?)"', html):
        if kind:
            found[kind] = []
        else:
            found[list(found)[-1]].append(option)
    return found


@pytest.fixture
def suggestible() -> Paper:
    paper = make_paper(title="Learning Barns", authors=("Zoë Lecun", "Bo Finch"), score=9)
    paper.tags.add("learnability")
    make_paper(title="Learning Hidden Barns", authors=("Zoë Lecun",), hidden=True)
    make_paper(title="A <i> Barn", authors=("Lea Wren",))
    return paper


def test_papers_authors_fields_and_topics_are_suggested(client: Client, suggestible: Paper) -> None:
    assert suggested(client, "learn") == {
        "Fields": ["/categories/cs.LG/", "/categories/stat.ML/"],
        "Topics": ["/tags/learnability/"],
        "Papers": ["/papers/2106.00001/"],
    }
    assert suggested(client, "lec")["Authors"] == ["/authors/zoe-lecun/"]
    assert set(suggested(client, "le")["Authors"]) == {"/authors/zoe-lecun/", "/authors/lea-wren/"}
    assert suggested(client, "zoe lec")["Authors"] == ["/authors/zoe-lecun/"]
    assert suggested(client, "barn")["Papers"] == ["/papers/2106.00001/", "/papers/2106.00003/"]
    assert suggested(client, "cs.L")["Fields"][0] == "/categories/cs.LG/"
    html = client.get("/search/suggest/?q=barn").content.decode()
    assert "A &lt;i&gt; <mark>Barn</mark>" in html


@pytest.mark.parametrize(
    "typed", ["", "l", " ", "\x00", "\x00l", '"', "%", "_" * 9, "x" * 10_000, "title:", "(", "zzz"]
)
def test_whatever_is_typed_is_answered(client: Client, suggestible: Paper, typed: str) -> None:
    response = client.get("/search/suggest/", {"q": typed})
    assert (response.status_code, response.content.strip()) == (200, b"")


def test_no_tag_of_a_reader_is_suggested(client: Client, suggestible: Paper) -> None:
    ReaderTag.objects.create(user=User.objects.create_user("ada"), name="zebra", slug="zebra")
    assert suggested(client, "zebra") == {}


def test_suggesting_costs_four_queries(client: Client, suggestible: Paper) -> None:
    for typed in ("le", "learn", "zoe lecun"):
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/suggest/", {"q": typed})
        assert len(queries) <= 4
