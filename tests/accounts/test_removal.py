"""What is removed comes back as it was."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore

from accounts import removal, shelf
from accounts.models import ListEntry, ReaderTag, SavedPaper, Tagging, User
from tests.accounts.views.test_saved import save_many

pytestmark = pytest.mark.django_db


def kept() -> list[Any]:
    """Return all that readers keep, without the keys of rows."""
    rows = [
        *SavedPaper.objects.values_list("user", "paper", "state", "note", "folded_note", "known"),
        *SavedPaper.objects.values_list("paper", "saved_at", "state_changed_at"),
        *Tagging.objects.values_list("tag", "content_object__paper"),
        *ListEntry.objects.values_list("reading_list", "saved__paper", "position"),
    ]
    return sorted(map(repr, rows))


def fill(reader: User, count: int = 3) -> list[SavedPaper]:
    rows = save_many(reader, count, known={"version": 1, "title": "T"})
    shelf.tag(reader, rows[:2], ["a", "b"])
    for name, some in (("One", rows), ("Two", rows[::-1])):
        shelf.enlist(reader, shelf.new_list(reader, name), some)
    for row in rows:
        row.change("done", f"**Note** of {row.pk}, für Zoë")
    return rows


def test_it_works(reader: User) -> None:
    rows = fill(reader)
    before, session = kept(), SessionStore()
    removal.remove(session, rows[1:])
    assert SavedPaper.objects.count() == 1
    assert ListEntry.objects.count() == 2
    session.save()  # and so through JSON
    papers = removal.restore(SessionStore(session.session_key), reader) or []
    assert {paper.pk for paper in papers} == {row.paper_id for row in rows[1:]}
    assert kept() == before


def test_only_the_last_removal_comes_back_and_once(reader: User) -> None:
    rows, session = fill(reader), SessionStore()
    removal.remove(session, rows[:1])
    removal.remove(session, rows[1:2])
    assert removal.restore(session, reader) == [rows[1].paper]
    assert removal.restore(session, reader) is None


def test_what_was_deleted_meanwhile_stays_deleted(reader: User) -> None:
    rows, session = fill(reader), SessionStore()
    removal.remove(session, rows)
    reader.lists.get(slug="one").delete()
    reader.tags.get(slug="a").delete()
    shelf.rename_tag(reader, "b", "c")
    removal.restore(session, reader)
    assert set(Tagging.objects.values_list("tag__name", flat=True)) == {"c"}
    assert ListEntry.objects.filter(reading_list__slug="two").count() == ListEntry.objects.count()


def test_what_was_saved_anew_meanwhile_stays(reader: User) -> None:
    rows, session = fill(reader), SessionStore()
    removal.remove(session, rows)
    SavedPaper.objects.keep(reader, rows[0].paper)
    removal.restore(session, reader)
    assert SavedPaper.objects.get(paper=rows[0].paper).note == ""
    assert SavedPaper.objects.count() == 3


def test_more_than_a_session_holds_is_not_removed(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, session = fill(reader), SessionStore()
    removal.remove(session, rows[2:])
    before = kept()
    monkeypatch.setattr(removal, "MOST", 300)
    with pytest.raises(removal.TooMuch):
        removal.remove(session, rows[:2])
    assert kept() == before
    removal.restore(session, reader)  # what was removed before still comes back
    assert SavedPaper.objects.count() == 3


def test_a_single_paper_always_comes_back(reader: User) -> None:
    [mine] = save_many(reader, 1)
    mine.change("later", "🔥" * SavedPaper.NOTE_LENGTH)
    mine.know()
    before, session = kept(), SessionStore()
    removal.remove(session, [mine])
    session.save()
    removal.restore(SessionStore(session.session_key), reader)
    assert kept() == before


def test_nothing_of_another_reader_is_given_back(reader: User) -> None:
    rows, session = fill(reader), SessionStore()
    removal.remove(session, rows)
    other = User.objects.create_user("eve", "eve@papers.example", "x")
    removal.restore(session, other)
    assert not Tagging.objects.exists()
    assert not ListEntry.objects.exists()
    assert ReaderTag.objects.filter(user=other).count() == 0


def everything(reader: User) -> list[Any]:
    named = [*reader.lists.values_list(), *reader.tags.values_list()]
    return [*kept(), *sorted(map(repr, named))]


@pytest.mark.parametrize("what", ["list", "tag", "entries"])
def test_a_list_and_a_tag_come_back_too(reader: User, what: str) -> None:
    rows = fill(reader)
    group, tag = reader.lists.get(slug="two"), reader.tags.get(slug="a")
    shelf.share(group)
    before, session = everything(reader), SessionStore()
    if what == "list":
        removal.remove_list(session, group)
    elif what == "tag":
        removal.remove_tag(session, tag)
    else:
        removal.take_out(session, group, rows[1:])
    assert everything(reader) != before
    session.save()
    assert removal.restore(SessionStore(session.session_key), reader) == []
    assert everything(reader) == before


def test_a_name_given_anew_meanwhile_stays_the_new_ones(reader: User) -> None:
    rows, session = fill(reader), SessionStore()
    removal.remove_list(session, reader.lists.get(slug="one"))
    new = shelf.new_list(reader, "One")
    shelf.enlist(reader, new, rows[:1])
    removal.restore(session, reader)
    assert reader.lists.get(name="One") == new
    assert new.entries.count() == 1
