"""Changes of one shelf wait for each other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts import shelf
from accounts.models import ListEntry, ReaderTag, ReadingList, SavedPaper, Tagging, User
from papers.models import Author, FieldChange, Paper
from tests.accounts.conftest import MakeReader
from tests.accounts.views.test_saved import save_many


@pytest.mark.django_db
def test_it_works(reader: User) -> None:
    rows = save_many(reader, 3)
    shelf.tag(reader, rows, ["a", "A", "b"])
    group = shelf.new_list(reader, "Group")
    shelf.enlist(reader, group, rows)
    shelf.enlist(reader, group, rows)  # each stands in it once
    assert shelf.move(reader, group, "2106.00003", up=True)
    places = ListEntry.objects.values_list("saved__paper__arxiv_id", "position")
    assert dict(places) == {"2106.00001": 0, "2106.00003": 1, "2106.00002": 2}
    assert Tagging.objects.count() == 6
    token = shelf.share(group)
    assert shelf.shared(token) == group
    shelf.unshare(group)
    assert shelf.shared(token) is None
    assert shelf.shared("") is None


@pytest.mark.django_db
def test_papers_that_are_named_change_places_among_themselves(reader: User) -> None:
    group = shelf.new_list(reader, "Group")
    rows = save_many(reader, 4)
    shelf.enlist(reader, group, rows)
    group.entries.update(position=7)  # as after two Undos
    a, b, c, d = (row.paper.arxiv_id for row in rows)
    shelf.arrange(reader, group, [d, a])
    order = group.entries.order_by("position").values_list("saved__paper__arxiv_id", flat=True)
    assert list(order) == [d, b, c, a]
    for wrong, why in (([a, a], "once"), ([a, "2106.09999"], "Not in this list: 2106.09999")):
        with pytest.raises(shelf.Refused, match=why):
            shelf.arrange(reader, group, wrong)
    assert list(order.all()) == [d, b, c, a]


def test_a_link_is_as_long_as_it_has_to_be(reader: User) -> None:
    group = shelf.new_list(reader, "Group")
    tokens = {shelf.share(group) for _ in range(50)}
    assert {len(token) for token in tokens} == {32}  # of 64 signs each: 192 bits
    assert len(tokens) == 50


def at_once(*changes: Callable[[], object]) -> None:
    def run(change: Callable[[], object]) -> None:
        try:
            change()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(changes)) as pool:
        for done in [pool.submit(run, change) for change in changes]:
            done.result()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[User]:
    """A reader whose rows other connections see; they are taken away again by hand, since to empty
    the tables would take what migrations put there."""
    with django_db_blocker.unblock():
        reader = MakeReader()("at-once")
        yield reader
        reader.delete()
        Paper.objects.all().delete()
        Author.objects.all().delete()
        FieldChange.objects.all().delete()


# An in-memory database of SQLite has one connection; on disk its writers wait for each other too.
@pytest.mark.services
def test_two_who_change_it_at_once_give_nothing_twice(committed: User) -> None:
    reader = committed
    rows = save_many(reader, 6)
    group = shelf.new_list(reader, "Group")
    at_once(
        *(partial(shelf.tag, reader, [row], ["same", f"own {row.pk}"]) for row in rows),
        *(partial(shelf.enlist, reader, group, [row]) for row in rows),
    )
    assert ReaderTag.objects.filter(name="same").count() == 1
    assert ReaderTag.objects.count() == 7
    assert Tagging.objects.count() == 12
    assert sorted(group.entries.values_list("position", flat=True)) == list(range(6))
    at_once(
        *(partial(shelf.move, reader, group, row.paper.arxiv_id, up=True) for row in rows),
        *(partial(shelf.edit, reader, row, "x", ["same", "new"], [group]) for row in rows),
        *(partial(shelf.rename_tag, reader, f"own-{row.pk}", "same") for row in rows),
    )
    assert sorted(group.entries.values_list("position", flat=True)) == list(range(6))
    assert set(ReaderTag.objects.values_list("name", flat=True)) == {"same", "new"}
    assert SavedPaper.objects.filter(note="x").count() == 6
    assert ReadingList.objects.count() == 1
