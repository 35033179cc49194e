"""BibTeX, read back by bibtexparser."""

import bibtexparser
import pytest

from papers.exports import About, Item, bibtex
from papers.models import Paper
from tests.factories import make_paper

pytestmark = pytest.mark.django_db
ABOUT = About("Hot", "https://papers.example/hot/")


def parsed(*papers: Paper, keywords: tuple[str, ...] = (), note: str = "") -> list[dict[str, str]]:
    """Return the entries as bibtexparser reads them; none may be lost."""
    items = [Item(paper, keywords=keywords, note=note) for paper in papers]
    text = "".join(bibtex.write(items, ABOUT))
    parser = bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)
    entries: list[dict[str, str]] = bibtexparser.loads(text, parser).entries
    assert len(entries) == len(papers)
    return entries


def title_of(title: str) -> str:
    return parsed(make_paper(title=title))[0]["title"]


def test_it_works() -> None:
    paper = make_paper(
        arxiv_id="2106.05237",
        title="Knowledge distillation: A good teacher is patient",
        authors=("Amélie Royer", "ATLAS Collaboration"),
        categories=("cs.CV", "cs.LG"),
        doi="10.1000/a_b",
        journal_ref="Proc. of X & Y, 5",
    )
    assert parsed(paper, keywords=("to read", "100%"))[0] == {
        "ENTRYTYPE": "misc",
        "ID": "royer2021knowledge",
        "title": "{Knowledge} distillation: {A} good teacher is patient",
        "author": "Amélie Royer and {ATLAS Collaboration}",
        "year": "2021",
        "eprint": "2106.05237",
        "archiveprefix": "arXiv",
        "primaryclass": "cs.CV",
        "doi": "10.1000/a_b",
        "url": "https://arxiv.org/abs/2106.05237",
        "note": r"{Proc}. of {X} \& {Y}, 5",
        "keywords": r"to read, 100\%",
    }


@pytest.mark.parametrize(
    ("title", "written"),
    [
        (r"Costs of $O(n^{2})$ at 5% & more_", r"{Costs} of $O(n^{2})$ at 5\% \& more\_"),
        (r"Schr\"odinger's {\em cat} #1", r"{Schrödinger}'s cat \#1"),
        ("a } or { b", r"a \textbraceright{} or \textbraceleft{} b"),
        (r"at $\{x\}$ and $y%z$", r"at $\{x\}$ and $y\%z$"),
        (r"5$ and a \ b ~ c^d", None),
        ("$\\frac{a}{b$ unbalanced", None),
        ("{{{{{", None),
        ("}}}, author = {Eve}", None),
        ("@misc{x, title={y}}", None),
        ('say "hi"', None),
        ("", None),
        ("\ue000 and $x$", None),
        ("日本語の題 — naïve", None),
        ("\\" * 9, None),
    ],
)
def test_no_title_breaks_the_file(title: str, written: str | None) -> None:
    found = title_of(title) if title else parsed(make_paper(title=""))[0].get("title", "")
    assert written is None or found == written
    assert parsed(make_paper(title=title), make_paper())[1]["title"] == (
        "{On} the {Weight} of {Paper}"
    )
    assert found.count("{") == found.count("}")


@pytest.mark.parametrize("name", ["Eve } and {", "A and B", "Xu, the Elder", "a\\", "%", ""])
def test_no_name_breaks_the_file(name: str) -> None:
    entry = parsed(make_paper(authors=(name, "Bo Finch")), make_paper())[0]
    assert entry["author"].endswith("Bo Finch")
    assert entry["author"].count("{") == entry["author"].count("}")


def test_keys_are_unique_and_plain() -> None:
    papers = [
        make_paper(authors=("Łukasz Żółć-O'Neil",)),
        make_paper(authors=("Łukasz Żółć-O'Neil",)),
        make_paper(arxiv_id="hep-th/9901001", authors=()),
        make_paper(arxiv_id="hep-th/9901002", authors=()),
    ]
    keys = [entry["ID"] for entry in parsed(*papers)]
    assert keys == [
        "zolconeil2021weight",
        "zolconeil2021weight-2106.00002",
        "1999weight",
        "1999weight-hep-th-9901002",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("Martin Luther King, Jr.", "King, Jr., Martin Luther"),
        ("Xu, the Elder", "{Xu, the Elder}"),
        ("ATLAS Collaboration", "{ATLAS Collaboration}"),
        ("山田 太郎", "{山田 太郎}"),
        ("יעל כהן", "יעל כהן"),
        ("Plato", "Plato"),
    ],
)
def test_names_keep_their_order_and_their_parts(name: str, written: str) -> None:
    assert parsed(make_paper(authors=(name,)))[0]["author"] == written


def test_a_withdrawn_paper_says_so() -> None:
    paper = make_paper(withdrawn=True, journal_ref="Proc., 5")
    assert parsed(paper)[0]["note"] == "{Proc}., 5; {Withdrawn} by its authors"
