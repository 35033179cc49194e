"""CSV, read back by the csv module."""

import csv
import io
import re

import pytest

from papers.exports import About, Item, table
from papers.exports.plain import FIELDS
from papers.models import Paper
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


def rows(*papers: Paper) -> list[dict[str, str]]:
    about = About("Saved", "https://papers.example/saved/", columns=("note",))
    text = "".join(table.write([Item(paper, more={"note": "a\nb"}) for paper in papers], about))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_it_works() -> None:
    paper = make_paper(
        title='Say "hi", and $x$',
        authors=("Amélie Royer", "Bo Finch"),
        categories=("cs.CV", "cs.LG"),
    )
    (found,) = rows(paper)
    assert list(found) == [*FIELDS, "note"]
    told = {name: value for name, value in found.items() if value}
    assert told == {
        "arxiv_id": "2106.00001",
        "title": 'Say "hi", and $x$',
        "authors": "Amélie Royer; Bo Finch",
        "categories": "cs.CV cs.LG",
        "primary_category": "cs.CV",
        "listed_on": "2021-06-10",
        "tweet_count": "0",
        "url": "http://127.0.0.1:8000/papers/2106.00001/",
        "arxiv_url": "https://arxiv.org/abs/2106.00001",
        "pdf_url": "https://arxiv.org/pdf/2106.00001",
        "note": "a\nb",
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    (found,) = rows(make_paper(doi=f"{start}1+1", authors=(f"{start}1", "Bo")))
    assert found["doi"] == f"'{start}1+1"
    assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in found.values())


def test_names_of_one_word_are_told_apart_too() -> None:
    assert rows(make_paper(authors=("Plato", "Bo Finch")))[0]["authors"] == "Plato; Bo Finch"
    assert rows(make_paper(authors=("Plato", "Zeno")))[0]["authors"] == "Plato; Zeno"
