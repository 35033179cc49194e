"""Searching: what is searched, what the grammar finds, that nothing else is special."""

from contextlib import suppress
from datetime import date

import pytest

from papers import search
from papers.models import Paper, SearchEntry
from tests.factories import make_paper, make_tweet

pytestmark = pytest.mark.django_db

FIRST, OLD = "2106.00001", "hep-th/9901001"


def found(query: str) -> list[str]:
    papers = search.search(query, Paper.objects.order_by("arxiv_id"))
    return [paper.arxiv_id for paper in papers]


@pytest.fixture(autouse=True)
def papers(db: None) -> None:
    first = make_paper(
        arxiv_id=FIRST,
        title=r"Folding $\alpha$-Sheets of H$_2$O",
        authors=("Zoë Łuk", "Bo Finch"),
        abstract="We weigh 50% of it_all, \"quoted\" and 'single'; C:\\paper. "
        "Self-attention networks.",
        score=120,
    )
    make_paper(
        arxiv_id=OLD,
        title="Weighing Strings",
        authors=("Иван Петров",),
        categories=("hep-th", "math.CT"),
        announced_on=date(1999, 1, 4),
        withdrawn=True,
    )
    first.tags.add("Paper Folding")
    make_tweet(first, network="bluesky", handle="Ada.Example")


def test_it_works() -> None:
    assert found("folding") == [FIRST]


@pytest.mark.parametrize(
    "query",
    [
        *("folding", "sheets", "finch", "zoë", "weigh 50%", FIRST),
        *("FOLDING", "ZOE ŁUK", "zoe luk", "Zoe\u0308", "fôlding", "ｆｏｌｄｉｎｇ"),
        *("finch folding", "  folding \t finch\n", "50%", "'single'", "c:\\paper"),
        *("α", "alpha", "\\alpha", "$\\alpha$-sheets", "α-sheets", "alpha sheets"),
        *("h2o", "H$_2$O", "h₂o", "self-attention", "self attention"),
        *("sheet", "network", "weighs", "network of sheets -strings"),
        *('"bo finch"', "“Bo Finch”", '"it all"', "fold*", '"self attent*"'),
        *(
            "folding -strings",
            "folding NOT strings",
            "nothing OR folding",
            "(nothing OR folding) bo",
        ),
        *("title:folding", 'title:"alpha sheets"', "author:finch", "author:fin*", "abstract:weigh"),
        *(
            "cat:cs.LG",
            "cat:cs.lg",
            "cat:cs.*",
            "cat:cs",
            "tag:paper-folding",
            'tag:"paper folding"',
        ),
        *("id:2106.00001", "id:2106.*", "https://arxiv.org/abs/2106.00001v2", "arXiv:2106.00001"),
        *("network:bluesky", "from:@ada.example", "from:Ada.Example", "since:2021 until:2021-06"),
        *("since:2021-06-10", "score:>100", "score:120", "score:<=1,000 folding", "-is:withdrawn"),
        *("folding AND finch", "folding — finch", "folding & finch", "-(strings OR nothing)"),
    ],
)
def test_what_finds_the_first_paper_and_not_the_other(query: str) -> None:
    assert found(query) == [FIRST]


@pytest.mark.parametrize(
    "query",
    [
        *("иван ПЕТРОВ", "hep-th/9901001", "hep-th/9901001v2 strings", "weighing", "string"),
        *("is:withdrawn", "cat:hep-th", "until:1999", "score:0", "-network:bluesky", "-folding"),
        *("strings OR nothing", 'title:"weighing string*"', "-score:>100", "-tag:paper-folding"),
    ],
)
def test_what_finds_the_other(query: str) -> None:
    assert found(query) == [OLD]


@pytest.mark.parametrize(
    "query",
    [
        *("folding strings", "finch петров", "folding nobody", "fold", "sheetszoe"),
        *('"finch zoe"', '"luk bo"', '"sheets zoe"', '"o zoe"'),  # one text ends, another begins
        *('"sheet of"', 'title:"networks"', "author:folding", "title:finch", "abstract:folding"),
        *("fold_ng", "%%", "__", "fol?ing", "f*", "o*g"),
        *("", " ", "\t\n", "\u0301", "???", "-", "--", "()", "\ufffd"),
    ],
)
def test_what_finds_nothing(query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize(
    "query",
    [
        *(
            "' OR 1=1 --",
            '" OR ""="',
            "NEAR(folding)",
            "folding NEAR/2 strings",
            "title : folding x",
        ),
        *("folding <-> strings", "folding & !strings | x", "{title}:x", "^folding x", "rowid:1"),
        *("a" * 300, "deep " * 30, "'''", "\\", "\\\\", "a:*", ":*", "'x':A", "-" * 300, "*" * 300),
        *("x{", "}", "folding;DROP TABLE papers_paper", "\\'", "\x01\x02", "a\u2028b", "🦀 😀"),
    ],
)
def test_syntax_of_databases_is_text(query: str) -> None:
    with suppress(search.QueryError):  # a quotation mark that is not closed
        assert set(found(query)) <= {FIRST, OLD}
    assert Paper.objects.count() == 2


def test_only_the_papers_given_are_searched() -> None:
    none = Paper.objects.exclude(arxiv_id=FIRST)
    assert not search.search("folding", none).exists()


def test_indexing_again_follows_the_paper() -> None:
    paper = Paper.objects.get(arxiv_id=FIRST)
    Paper.objects.filter(pk=paper.pk).update(title="Creasing")
    search.index([paper.pk])
    assert (found("creasing"), found("folding")) == ([FIRST], [])
    assert SearchEntry.objects.count() == 2


def test_a_paper_that_goes_is_found_no_more() -> None:
    Paper.objects.get(arxiv_id=FIRST).delete()
    assert found("folding OR weighing") == [OLD]
    assert SearchEntry.objects.count() == 1


def test_a_tweet_nobody_sees_finds_nothing() -> None:
    paper = Paper.objects.get(arxiv_id=OLD)
    make_tweet(paper, network="mastodon", handle="spam", hidden=True)
    assert found("network:mastodon") == found("from:spam") == []


def test_the_day_nobody_knows_is_neither_before_nor_after() -> None:
    Paper.objects.update(announced_on=None)
    assert found("since:1990") == found("until:2030") == []
    assert len(found("-since:1990")) == 2


def test_a_thousand_authors_of_one_initial_are_found() -> None:
    """PostgreSQL keeps 255 places of a word: those beyond are nobody's on either database."""
    names = tuple(f"J. Name{number}" for number in range(1000))
    make_paper(arxiv_id="2106.00009", authors=names, abstract="word " * 9000)
    assert found("author:name999") == ["2106.00009"]
    assert found('"j name17"') == ["2106.00009"]
    assert found('"j name900"') == found('"name900 name901"') == []


def test_closer_papers_rank_higher() -> None:
    in_abstract = make_paper(abstract="On folding.", title="Paper", score=9999)
    of = search.parse("folding OR finch")
    keys = list(Paper.objects.values_list("pk", flat=True))
    ranks = dict(search.ranked(of, keys).values_list("paper", "rank"))
    first = Paper.objects.get(arxiv_id=FIRST).pk
    assert ranks.keys() == {first, in_abstract.pk}
    assert ranks[first] > ranks[in_abstract.pk] > 0
