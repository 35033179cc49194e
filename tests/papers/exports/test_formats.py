"""What all formats have to carry whole, and what each of the smaller ones says."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import rispy
from markdown_it import MarkdownIt

from papers import latex
from papers.exports import FORMATS, About, Item, links, outline
from papers.models import Paper
from tests.factories import make_paper
from tests.papers.exports.readers import READERS

pytestmark = pytest.mark.django_db
ABOUT = About(
    "Hot", "https://papers.example/hot/", next_url="https://papers.example/hot.md?after=1"
)
NAMES = (
    "Łukasz Żółć-O'Neil",
    "山田 太郎",
    "יעל כהן",
    "Ludwig van Beethoven",
    "ATLAS Collaboration",
)


def written(suffix: str, *items: Item, about: About = ABOUT) -> str:
    return "".join(FORMATS[suffix].write(items, about))


def full_paper(**more: Any) -> Paper:
    values: dict[str, Any] = {
        "title": r"Costs of $O(n^{2})$ & *more*: Schr\"odinger's [cat] #1 <b>",
        "authors": NAMES,
        "categories": ("cs.CV", "math-ph"),
        "abstract": "- Not a list of $x^2$,\nnor *bold*.",
        "submitted_at": datetime(2021, 6, 8, 17, 59, 1, tzinfo=UTC),
        "version": 2,
        "doi": "10.1000/a_b",
        "journal_ref": "Proc. of X & Y, 5",
    }
    return make_paper(**values | more)


@pytest.mark.parametrize("suffix", FORMATS)
def test_it_works(suffix: str) -> None:
    """TeX, braces, accents, Japanese and right-to-left names survive in each of them."""
    paper = full_paper()
    found = READERS[suffix](written(suffix, Item(paper)))
    assert found == {paper.arxiv_id: (paper.title_text, list(NAMES))}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "hostile",
    ["}{", "\\", "a\\", "%", "ER  - ", "TY  - JOUR", '"},{"', "=1+1", "](x)", "`", "$", "a\u2028b"],
)
def test_no_text_breaks_a_file(suffix: str, hostile: str) -> None:
    papers = [make_paper(title=f"{hostile} {hostile}", authors=(hostile, "Bo")), make_paper()]
    items = [Item(paper, note=f"{hostile}\n{hostile}", keywords=(hostile,)) for paper in papers]
    found = READERS[suffix](written(suffix, *items))
    assert list(found) == [paper.arxiv_id for paper in papers]
    assert found[papers[1].arxiv_id] == ("On the Weight of Paper", ["Ada Lark"])


@pytest.mark.parametrize("suffix", FORMATS)
def test_of_nothing_there_is_a_whole_file(suffix: str) -> None:
    assert not READERS[suffix](written(suffix))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_summary_of_ours_passes_for_no_abstract(suffix: str) -> None:
    paper = full_paper(abstract="In words of ours.", abstract_is_summary=True)
    assert "words of ours" not in written(suffix, Item(paper))


@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        ("bib", "note = {{Withdrawn} by its authors}"),
        ("ris", "N1  - Withdrawn by its authors"),
        ("csl.json", '"note": "Withdrawn by its authors"'),
        ("csv", ",yes,"),
        ("md", "Withdrawn by its authors."),
        ("json", '"withdrawn": true'),
    ],
)
def test_a_withdrawn_paper_says_so(suffix: str, said: str) -> None:
    assert said in written(suffix, Item(make_paper(withdrawn=True)))
    assert said not in written(suffix, Item(make_paper()))


def test_ris() -> None:
    item = Item(full_paper(), keywords=("barns",), note="Read\nthis.")
    (found,) = rispy.loads(written("ris", item))
    assert found == {
        "type_of_reference": "UNPB",
        "title": "Costs of O(n^2) & *more*: Schrödinger's [cat] #1 <b>",
        "authors": [
            "Żółć-O'Neil, Łukasz",
            "山田 太郎",
            "כהן, יעל",
            "van Beethoven, Ludwig",
            "ATLAS Collaboration",
        ],
        "year": "2021",
        "date": "2021/06/08/",
        "abstract": "- Not a list of x^2, nor *bold*.",
        "keywords": ["cs.CV", "math-ph", "barns"],
        "doi": "10.1000/a_b",
        "accession_number": "arXiv:2106.00001",
        "publisher": "arXiv",
        "urls": ["https://arxiv.org/abs/2106.00001"],
        "file_attachments1": "https://arxiv.org/pdf/2106.00001",
        "notes": ["Proc. of X & Y, 5", "Read this."],
    }


def test_csl() -> None:
    item = Item(full_paper(), keywords=("barns",), note="Read this.")
    (found,) = json.loads(written("csl.json", item))
    assert found.pop("author") == [
        {"family": "Żółć-O'Neil", "given": "Łukasz"},
        {"literal": "山田 太郎"},
        {"family": "כהן", "given": "יעל"},
        {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
        {"literal": "ATLAS Collaboration"},
    ]
    assert found == {
        "id": "arXiv:2106.00001",
        "type": "article",
        "genre": "preprint",
        "title": "Costs of O(n^2) & *more*: Schrödinger's [cat] #1 <b>",
        "issued": {"date-parts": [[2021, 6, 8]]},
        "publisher": "arXiv",
        "number": "arXiv:2106.00001",
        "DOI": "10.1000/a_b",
        "URL": "https://arxiv.org/abs/2106.00001",
        "version": "2",
        "abstract": "- Not a list of x^2, nor *bold*.",
        "keyword": "cs.CV, math-ph, barns",
        "note": "Proc. of X & Y, 5",
        "annote": "Read this.",
    }


def test_json_is_what_the_database_has() -> None:
    paper = full_paper()
    found = json.loads(written("json", Item(paper, more={"rank": 1})))
    assert (found["title"], found["url"], found["next"]) == ("Hot", ABOUT.url, ABOUT.next_url)
    (told,) = found["papers"]
    assert told["title"] == paper.title
    assert told["abstract"] == paper.abstract
    assert told["authors"] == paper.author_names
    assert told["categories"] == ["cs.CV", "math-ph"]
    assert told["submitted_at"] == "2021-06-08T17:59:01Z"
    assert (told["listed_on"], told["doi"], told["rank"]) == ("2021-06-10", "10.1000/a_b", 1)
    assert (told["score"], told["comment"]) == (None, None), "unknown is not 0, nor empty"


def test_of_one_paper_json_is_an_object() -> None:
    about = About("A paper", "https://papers.example/papers/2106.00001/", is_one=True)
    assert json.loads(written("json", Item(make_paper(score=60)), about=about))["score"] == 60


def test_markdown_is_read_as_it_was_meant() -> None:
    items = [Item(full_paper(), note="A *note*."), *(Item(make_paper()) for _ in range(120))]
    html = MarkdownIt("commonmark").render(written("md", *items))
    assert html.count("<ol>") == 1, "what belongs to a number stays with it"
    assert html.count("<li>") == 121
    assert "<pre>" not in html
    assert "<ul>" not in html
    assert "<p>- Not a list of x^2, nor *bold*.</p>" in html
    assert "<blockquote>\n<p>A <em>note</em>.</p>" in html
    assert '<a href="https://papers.example/hot.md?after=1">' in html


@pytest.mark.parametrize(
    "text",
    [
        "12. a",
        "1) a",
        "# a",
        "> a",
        "+ a",
        "=== a",
        "AT&amp;T",
        "a_b_c",
        "<i>",
        "~~a~~",
        "![a](b)",
        "\\*",
        "--- a",
    ],
)
def test_markdown_takes_no_text_for_markup(text: str) -> None:
    (_, inline, _) = MarkdownIt("commonmark").parse(outline.escaped(text))
    assert inline.type == "inline"
    said = "".join(child.content for child in inline.children or [])
    assert {child.type for child in inline.children or []} <= {"text", "text_special"}
    assert said == text


def test_a_page_is_linked_in_each_format() -> None:
    found = {form.suffix: url for form, url in links("/hot/", "?window=week")}
    assert found["bib"] == "/hot.bib?window=week"
    assert found["csl.json"] == "/hot.csl.json?window=week"
    assert {form.suffix: url for form, url in links("/hot/", "?")}["md"] == "/hot.md"


def test_long_collaborations_are_cut_in_markdown_alone() -> None:
    names = tuple(f"Ada Lark{n}" for n in range(40))
    item = Item(make_paper(authors=names))
    assert "Ada Lark5 and 34 more" in written("md", item)
    assert latex.to_text(written("bib", item)).count(" and ") == 39
