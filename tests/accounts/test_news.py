"""What is new of a saved paper, and what its authors changed."""

import time
from datetime import timedelta
from typing import Any

import pytest

from accounts import news
from accounts.models import SavedPaper, User
from accounts.news import News, Piece
from papers.models import Paper
from tests.factories import MORNING, make_paper

pytestmark = pytest.mark.django_db


def saved_then(reader: User, changes: dict[str, Any], **fields: Any) -> SavedPaper:
    """Save a paper that then changes."""
    paper = make_paper(**{"version": 1, "abstract": "We weigh paper by hand."} | fields)
    mine = SavedPaper.objects.keep(reader, paper)
    Paper.objects.filter(pk=paper.pk).update(**changes)
    return SavedPaper.objects.select_related("paper").get(pk=mine.pk)


def test_it_works(reader: User) -> None:
    mine = saved_then(reader, {"version": 3, "title": "On the Mass of Paper"})
    assert news.of(mine) == News(version=3)
    assert news.title_pieces(mine) == [
        Piece("same", "On the"),
        Piece("del", "Weight"),
        Piece("ins", "Mass"),
        Piece("same", "of Paper"),
    ]
    assert news.abstract_pieces(mine) == [Piece("same", "We weigh paper by hand.")]
    mine.know()
    mine.refresh_from_db()
    assert not news.of(mine)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, News()),
        ({"version": 2}, News(version=2)),
        ({"journal_ref": "J. Paper 1"}, News(journal_ref="J. Paper 1")),
        ({"withdrawn": True}, News(withdrawn=True)),
        ({"score": 99, "comment": "12 pages", "title": "New"}, News()),
        ({"version": 1}, News()),
        ({"version": None}, News()),
    ],
)
def test_what_is_news(reader: User, changes: dict[str, Any], found: News) -> None:
    assert news.of(saved_then(reader, changes)) == found


def test_a_post_names_no_version_but_a_revision_has_a_date(reader: User) -> None:
    before = {"version": None}
    later = SavedPaper.objects.model._meta.get_field("saved_at").default() + timedelta(days=1)
    assert not news.of(saved_then(reader, {"version": 2, "revised_at": MORNING}, **before))
    assert not news.of(saved_then(reader, {"version": 2}, **before, arxiv_id="2106.00007"))
    changes = {"version": 2, "revised_at": later}
    assert news.of(saved_then(reader, changes, **before, arxiv_id="2106.00008")).version == 2


def test_what_was_saved_before_this_was_kept_has_no_news(reader: User) -> None:
    mine = saved_then(reader, {"version": 2})
    mine.known = {}
    assert not news.of(mine)
    assert news.abstract_pieces(mine) == []


def test_a_summary_of_ours_is_not_what_authors_changed(reader: User) -> None:
    mine = saved_then(
        reader,
        {"version": 2, "abstract": "Theirs.", "abstract_is_summary": False},
        abstract="Ours.",
        abstract_is_summary=True,
    )
    assert mine.known["abstract"] == ""
    assert news.abstract_pieces(mine) == []


def test_formulas_are_compared_as_they_are_read() -> None:
    mine = SavedPaper(
        known={"title": r"On $\alpha$ things"}, paper=Paper(title=r"On $\beta$ things")
    )
    assert [piece.text for piece in news.title_pieces(mine)] == ["On", "α", "β", "things"]


def test_both_texts_come_out_whole() -> None:
    before, after = "a b c d e f", "b x d f g"
    pieces = list(news.compare(before, after))
    assert " ".join(p.text for p in pieces if p.kind != "ins").split() == before.split()
    assert " ".join(p.text for p in pieces if p.kind != "del").split() == after.split()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b " * 5_000, "b a c " * 5_000),
        ("a b " * 60, "b a c " * 40),
        (" ".join(map(str, range(1400))), " ".join(f"{n} x{n}" for n in range(700))),
        ("x" * 100_000, "y" * 100_000),
        ("", "a"),
    ],
)
def test_no_text_takes_long(before: str, after: str) -> None:
    start = time.perf_counter()
    pieces = list(news.compare(before, after))
    assert time.perf_counter() - start < 5
    assert " ".join(p.text for p in pieces if p.kind != "del").split() == after.split()
