"""Papers for others' programs, read back by such programs."""

import csv
import io
import re

import bibtexparser
import pytest

from papers import exports
from papers.models import Paper
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


def parsed(*papers: Paper, **more: str) -> list[dict[str, str]]:
    """Return the entries as bibtexparser reads them; none may be lost."""
    text = "".join(exports.bibtex((paper, more) for paper in papers))
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
    assert parsed(paper, keywords="to read, 100%")[0] == {
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


def rows(*papers: Paper) -> list[dict[str, str]]:
    text = "".join(exports.table((paper, {"note": "a\nb"}) for paper in papers)).encode()
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def test_a_table_is_read_back() -> None:
    paper = make_paper(title='Say "hi", and go', authors=("Amélie Royer", "Bo Finch"))
    text = "".join(exports.table([(paper, {"note": "a\nb"})], ["note"]))
    (found,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert found == {
        "arxiv_id": "2106.00001",
        "title": 'Say "hi", and go',
        "authors": "Amélie Royer; Bo Finch",
        "categories": "cs.LG",
        "listed": "2021-06-10",
        "doi": "",
        "journal_ref": "",
        "url": "https://arxiv.org/abs/2106.00001",
        "note": "a\nb",
    }
    assert text.startswith("\ufeff")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    paper = make_paper(doi=f"{start}1+1")
    (found,) = rows(paper)
    assert found["doi"] == f"'{start}1+1"
    assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in found.values())
