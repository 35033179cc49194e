"""What is done with several saved papers at once."""

from typing import Any

import pytest
from django.test import Client

from accounts import removal, shelf
from accounts.models import ListEntry, SavedPaper, User
from tests.accounts.conftest import words
from tests.accounts.views.test_saved import save_many, signed_in, titles
from tests.accounts.views.test_shelf import (
    FIRST,
    SECOND,
    THIRD,
    make_list,
    several,
    state_of_all,
    tags_of,
)
from tests.factories import MORNING

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db


def test_it_works(signed_in: Client, reader: User) -> None:
    rows = save_many(reader, 3, state_changed_at=MORNING)
    SavedPaper.objects.filter(pk=rows[0].pk).update(state="done")
    page = several(signed_in, "done", FIRST, SECOND, next="/saved/?q=paper")
    assert page.redirect_chain == [("/saved/?q=paper", 303)]
    assert "2 papers marked done." in words(page)
    states = SavedPaper.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["done", "done", "later"]
    moved = [row.state_changed_at > MORNING for row in SavedPaper.objects.order_by("pk")]
    assert moved == [False, True, False]  # the first was done before


def test_all_of_a_page_are_selected_at_once(signed_in: Client, reader: User) -> None:
    save_many(reader, 3)
    html = signed_in.get("/saved/?q=paper").content.decode()
    assert 'href="?q=paper&amp;ticked=1"' in html
    assert 'form="several" checked' not in html
    html = signed_in.get("/saved/?q=paper&ticked=1").content.decode()
    assert html.count('form="several" checked name="id"') == 3
    assert 'href="/saved/?q=paper"' in html


def test_several_are_tagged_and_listed_at_once(signed_in: Client, reader: User) -> None:
    rows = save_many(reader, 3)
    make_list(reader, rows[2])
    assert "2 papers tagged nlp." in words(several(signed_in, "tag", FIRST, SECOND, tags="nlp"))
    several(signed_in, "tag", SECOND, THIRD, tags="NLP, new")
    assert [tags_of(row) for row in rows] == [["nlp"], ["new", "nlp"], ["new", "nlp"]]
    page = several(signed_in, "list", FIRST, SECOND, THIRD, list="reading-group")
    assert "3 papers added to “Reading group”." in words(page)
    places = list(ListEntry.objects.values_list("saved", flat=True))
    assert places == [rows[2].pk, rows[1].pk, rows[0].pk]
    page = several(signed_in, "unlist", SECOND, THIRD, list="reading-group")
    assert ListEntry.objects.get().saved == rows[0]
    assert "2 papers taken out of “Reading group”. Undo" in words(page)
    signed_in.post("/saved/undo/")
    assert list(ListEntry.objects.values_list("saved", flat=True)) == places


def test_several_are_removed_and_come_back(signed_in: Client, reader: User) -> None:
    rows = save_many(reader, 3, note="Mine.")
    shelf.tag(reader, rows, ["a"])
    make_list(reader, *rows)
    page = several(signed_in, "remove", FIRST, THIRD)
    assert "2 papers removed. Undo" in words(page)
    assert titles(page) == ["Paper number 1"]
    signed_in.post("/saved/undo/")
    page = signed_in.get("/saved/?list=reading-group&tag=a&q=number")
    assert titles(page) == ["Paper number 0", "Paper number 1", "Paper number 2"]


def test_too_much_for_an_undo_is_not_removed(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "MOST", 500)
    save_many(reader, 2, note="x" * 500)
    assert "Nothing is removed" in words(several(signed_in, "remove", FIRST, SECOND))
    assert SavedPaper.objects.count() == 2
    assert "1 paper removed." in words(several(signed_in, "remove", FIRST))


@pytest.mark.parametrize(
    ("act", "form", "says"),
    [
        ("tag", {}, "Name a tag first."),
        ("tag", {"tags": " , "}, "Name a tag first."),
        ("list", {"list": "lost"}, "Choose a list first."),
        ("list", {}, "Choose a list first."),
    ],
)
def test_what_is_missing_is_said(
    signed_in: Client, reader: User, act: str, form: dict[str, str], says: str
) -> None:
    save_many(reader, 1)
    assert says in words(several(signed_in, act, FIRST, **form))
    assert "Select papers first" in words(several(signed_in, act, **form))


@pytest.mark.parametrize(
    "form",
    [
        {"act": "explode", "id": FIRST},
        {"act": "", "id": FIRST},
        {"id": FIRST},
        {"act": "done", "id": [f"2106.{n:05}" for n in range(31)]},
        {"act": "tag", "id": FIRST, "tags": "x" * 61},
        {"act": "tag", "id": FIRST, "tags": "\x00"},
        {"act": "list", "id": FIRST, "list": "x" * 999},
    ],
)
def test_nonsense_changes_nothing(signed_in: Client, reader: User, form: dict[str, Any]) -> None:
    save_many(reader, 1)
    before = state_of_all()
    assert signed_in.post("/saved/several/", form).status_code == 400
    assert state_of_all() == before


@pytest.mark.parametrize("arxiv_id", ["\x00", "x" * 5000, "2106.99999", ""])
def test_what_is_not_saved_is_not_selected(signed_in: Client, reader: User, arxiv_id: str) -> None:
    save_many(reader, 1)
    assert "Select papers first" in words(several(signed_in, "remove", arxiv_id))
    assert SavedPaper.objects.count() == 1


def test_a_paper_has_a_bound_of_tags_however_they_come(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    [mine] = save_many(reader, 1)
    monkeypatch.setattr(shelf, "MOST_TAGS_EACH", 2)
    several(signed_in, "tag", FIRST, tags="a,b")
    assert "2 tags at most" in words(several(signed_in, "tag", FIRST, tags="c"))
    assert tags_of(mine) == ["a", "b"]
