"""Searching: what is searched, that case and accents do not matter, that nothing is special."""

import pytest

from papers import search
from papers.models import Paper, SearchText
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    papers = search.search(query, Paper.objects.order_by("arxiv_id"))
    return [paper.arxiv_id for paper in papers]


@pytest.fixture(autouse=True)
def papers(db) -> None:
    make_paper(
        arxiv_id="2106.00001",
        title=r"Folding $\alpha$-Sheets",
        authors=("Zoë Łuk", "Bo Finch"),
        abstract="We weigh 50% of it_all, \"quoted\" and 'single'; C:\\paper.",
    )
    make_paper(arxiv_id="hep-th/9901001", title="Weighing Strings", authors=("Иван Петров",))


def test_it_works():
    assert found("folding") == ["2106.00001"]


@pytest.mark.parametrize(
    "query",
    [
        *("folding", "sheets", "α", "finch", "zoë", "weigh 50%", "2106.00001", "00001"),
        *("FOLDING", "ZOE ŁUK", "zoe luk", "Zoe\u0308", "fôlding", "ｆｏｌｄｉｎｇ"),
        *("finch folding", "weigh luk 2106", "  folding \t finch\n"),
        *("50%", "it_all", '"quoted"', "'single'", "c:\\paper", "\\"),
    ],
)
def test_words_of_title_authors_abstract_and_id_find_a_paper(query: str):
    assert "2106.00001" in found(query)


def test_a_part_of_a_word_is_enough():
    assert found("fold") == ["2106.00001"]


def test_other_scripts_are_found_in_either_case():
    assert found("иван ПЕТРОВ") == ["hep-th/9901001"]


def test_old_ids_are_found():
    assert found("hep-th/9901001") == ["hep-th/9901001"]


@pytest.mark.parametrize("query", ["folding strings", "finch петров", "folding nobody"])
def test_every_word_is_required(query: str):
    assert found(query) == []


@pytest.mark.parametrize("query", ["f%g", "fold_ng", "%%", "__", "5_%", "fold*", "fol?ing", "[f]"])
def test_signs_of_patterns_are_signs_like_others(query: str):
    assert found(query) == []


@pytest.mark.parametrize("query", ["", " ", "\t\n", "\u0301"])
def test_an_empty_query_finds_nothing(query: str):
    assert found(query) == []


@pytest.mark.parametrize(
    "query", ["' OR 1=1 --", '" OR ""="', "folding AND (", "NEAR(", "a" * 9999]
)
def test_syntax_of_databases_is_text(query: str):
    assert found(query) == []


def test_two_hundred_words_are_fine():
    assert found("folding " * 200) == ["2106.00001"]
    assert found(" ".join(f"word{number}" for number in range(200))) == []


def test_a_word_does_not_reach_from_one_field_into_the_next():
    assert found("sheetszoe") == []


def test_only_the_papers_given_are_searched():
    none = Paper.objects.exclude(arxiv_id="2106.00001")
    assert not search.search("folding", none).exists()


def test_indexing_again_follows_the_paper():
    paper = Paper.objects.get(arxiv_id="2106.00001")
    Paper.objects.filter(pk=paper.pk).update(title_text="Creasing")
    search.index([paper.pk])
    assert (found("creasing"), found("folding")) == (["2106.00001"], [])
    assert SearchText.objects.count() == 2


def test_tex_of_a_title_is_read_as_it_is_shown():
    assert found("\\alpha") == []
