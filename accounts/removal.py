"""Removing papers, lists and tags, and the Undo that brings back what was removed last, as it was.

What an Undo needs lies in the session: notes, states, moments, tags and places in lists. A session
is read with every page, so it holds MOST characters at most. A single paper always fits; of several
whose notes are longer nothing is removed, and their reader is asked to remove fewer at once. A
program has no session: what it removes is gone.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from accounts.models import ListEntry, ReaderTag, ReadingList, SavedPaper, Tagging, User
from accounts.models.saved import words_of
from papers.models import Paper

UNDO = "undo"  # in the session
TOO_MUCH = "Nothing is removed: it is too much for one Undo. Select fewer papers at once."
MOST = 200_000  # characters as the session writes them, where a letter may take six
_OF_PAPER = ("paper_id", "state", "note", "known", "saved_at", "state_changed_at")
_OF_LIST = ("pk", "name", "slug", "created_at", "share_hash", "shared_at")
_OF_TAG = ("pk", "name", "slug")
_MOMENTS = {"saved_at", "state_changed_at", "created_at", "shared_at"}


class TooMuch(ValueError):
    """The session cannot hold what an Undo would need; nothing is removed."""


@transaction.atomic
def remove(session: SessionBase | None, saved: Sequence[SavedPaper]) -> None:
    """Remove saved papers."""
    keys = [each.pk for each in saved]
    _keep(
        session,
        papers=[_told(each, _OF_PAPER) for each in saved],
        taggings=Tagging.objects.filter(content_object__in=keys),
        entries=ListEntry.objects.filter(saved__in=keys),
    )
    SavedPaper.objects.filter(pk__in=keys).delete()


@transaction.atomic
def remove_list(session: SessionBase | None, reading_list: ReadingList) -> None:
    """Delete a list; its papers stay saved."""
    _keep(session, lists=[_told(reading_list, _OF_LIST)], entries=reading_list.entries.all())
    reading_list.delete()


@transaction.atomic
def take_out(
    session: SessionBase | None, reading_list: ReadingList, saved: Sequence[SavedPaper]
) -> None:
    """Take papers out of a list."""
    entries = reading_list.entries.filter(saved__in=saved)
    _keep(session, entries=entries)
    entries.delete()


@transaction.atomic
def remove_tag(session: SessionBase | None, tag: ReaderTag) -> None:
    """Take a tag off all papers."""
    _keep(session, tags=[_told(tag, _OF_TAG)], taggings=tag.taggings.all())
    tag.delete()


def _keep(
    session: SessionBase | None,
    *,
    papers: Sequence[dict[str, Any]] = (),
    lists: Sequence[dict[str, Any]] = (),
    tags: Sequence[dict[str, Any]] = (),
    taggings: QuerySet[Tagging] | None = None,
    entries: QuerySet[ListEntry] | None = None,
) -> None:
    """Let the session hold this, and what was removed before no more."""
    if session is None:
        return
    kept = {
        "papers": papers,
        "lists": lists,
        "tags": tags,
        "taggings": _pairs(taggings, "tag", "content_object__paper"),
        "entries": _pairs(entries, "reading_list", "saved__paper", "position"),
    }
    if len(papers) != 1 and len(json.dumps(kept)) > MOST:
        raise TooMuch
    session[UNDO] = kept


def _pairs(rows: QuerySet[Any] | None, *names: str) -> list[Any]:
    return [] if rows is None else list(rows.order_by().values_list(*names))


def _told(row: Model, names: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


@transaction.atomic
def restore(session: SessionBase, user: User, arxiv_id: str = "") -> list[Paper] | None:
    """Bring back what was removed last, where `arxiv_id` names it or is empty.

    Returns the papers among it, None where there is nothing to bring back. What was saved or named
    anew meanwhile stays as it is, and what tags and lists were deleted stay so.
    """
    kept: dict[str, list[Any]] | None = session.get(UNDO)
    if kept is None:
        return None
    papers = Paper.objects.in_bulk([each["paper_id"] for each in kept["papers"]])
    if arxiv_id and [paper.arxiv_id for paper in papers.values()] != [arxiv_id]:
        return None
    del session[UNDO]
    user.lock()
    for each in kept["lists"]:
        _restore_named(ReadingList(user=user, **_values(each)))
    for each in kept["tags"]:
        _restore_named(ReaderTag(user=user, **_values(each)))
    anew = set(user.saved_papers.filter(paper__in=papers).values_list("paper", flat=True))
    back = [each for each in kept["papers"] if each["paper_id"] in papers.keys() - anew]
    for each in back:
        saved = SavedPaper(user=user, folded_note=words_of(each["note"]), **_values(each))
        saved.save(force_insert=True)
    _restore_places(user, kept, but=anew)
    return [papers[each["paper_id"]] for each in back]


def _restore_named(row: ReadingList | ReaderTag) -> None:
    same = type(row)._default_manager.filter(Q(name=row.name) | Q(slug=row.slug), user=row.user)
    if not same.exists():
        row.save(force_insert=True)


def _restore_places(user: User, kept: dict[str, list[Any]], but: Collection[int]) -> None:
    """Put tags on papers, and papers into lists, where both are there."""
    saved = dict(user.saved_papers.exclude(paper__in=but).values_list("paper", "pk"))
    tags = set(user.tags.values_list("pk", flat=True))
    lists = set(user.lists.values_list("pk", flat=True))
    Tagging.objects.bulk_create(
        [
            Tagging(tag_id=tag, content_object_id=saved[paper])
            for tag, paper in kept["taggings"]
            if tag in tags and paper in saved
        ],
        ignore_conflicts=True,
    )
    ListEntry.objects.bulk_create(
        [
            ListEntry(reading_list_id=place, saved_id=saved[paper], position=position)
            for place, paper, position in kept["entries"]
            if place in lists and paper in saved
        ],
        ignore_conflicts=True,
    )


def _values(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value else value
        for name, value in told.items()
    }
