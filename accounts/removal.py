"""Removing saved papers, and the Undo that brings back those removed last, as they were.

What an Undo needs lies in the session: notes, states, moments, tags and places in lists. A session
is read with every page, so it holds MOST characters at most. A single paper always fits; of several
whose notes are longer nothing is removed, and their reader is asked to remove fewer at once.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.models import ListEntry, SavedPaper, Tagging, User
from papers.models import Paper
from papers.models.catalogue import fold

REMOVED = "removed"  # in the session
MOST = 200_000  # characters as the session writes them, where a letter may take six
_KEPT = ("state", "note", "known")
_MOMENTS = ("saved_at", "state_changed_at")


class TooMuch(ValueError):
    """The session cannot hold what an Undo would need."""


@transaction.atomic
def remove(session: SessionBase, saved: Sequence[SavedPaper]) -> None:
    """Remove saved papers; the session keeps them until others are removed.

    Raises TooMuch, and removes nothing, where it cannot.
    """
    keys = [each.pk for each in saved]
    tags: dict[int, list[int]] = {key: [] for key in keys}
    places: dict[int, list[tuple[int, int]]] = {key: [] for key in keys}
    for key, tag in _pairs(keys):
        tags[key].append(tag)
    for entry in ListEntry.objects.filter(saved__in=keys):
        places[entry.saved_id].append((entry.reading_list_id, entry.position))
    kept = [_kept(each) | {"tags": tags[each.pk], "lists": places[each.pk]} for each in saved]
    if len(kept) > 1 and len(json.dumps(kept)) > MOST:
        raise TooMuch
    session[REMOVED] = kept
    SavedPaper.objects.filter(pk__in=keys).delete()


def _pairs(keys: list[int]) -> Any:
    return Tagging.objects.filter(content_object__in=keys).values_list("content_object", "tag")


def _kept(saved: SavedPaper) -> dict[str, Any]:
    kept = {name: getattr(saved, name) for name in _KEPT}
    return {
        "paper": saved.paper_id,
        **kept,
        **{name: getattr(saved, name).isoformat() for name in _MOMENTS},
    }


@transaction.atomic
def restore(session: SessionBase, user: User, arxiv_id: str = "") -> list[Paper]:
    """Bring back what was removed last, where `arxiv_id` names it or is empty; return the papers.

    What was saved anew meanwhile stays as it is, and what tags and lists were deleted stay so.
    """
    kept: list[dict[str, Any]] = session.get(REMOVED, [])
    papers = Paper.objects.in_bulk([each["paper"] for each in kept])
    if arxiv_id and [paper.arxiv_id for paper in papers.values()] != [arxiv_id]:
        return []
    session.pop(REMOVED, None)
    again = user.saved_papers.filter(paper__in=papers).values_list("paper", flat=True)
    missing = [each for each in kept if each["paper"] in papers.keys() - set(again)]
    back = {each["paper"]: _restored(user, each) for each in missing}
    for row in back.values():
        row.save(force_insert=True)
    owned = {"tags": _keys(user.tags), "lists": _keys(user.lists)}
    Tagging.objects.bulk_create(
        Tagging(tag_id=tag, content_object=back[each["paper"]])
        for each in missing
        for tag in each["tags"]
        if tag in owned["tags"]
    )
    ListEntry.objects.bulk_create(
        ListEntry(reading_list_id=place, saved=back[each["paper"]], position=position)
        for each in missing
        for place, position in each["lists"]
        if place in owned["lists"]
    )
    return [papers[key] for key in back]


def _restored(user: User, kept: dict[str, Any]) -> SavedPaper:
    moments = {name: datetime.fromisoformat(kept[name]) for name in _MOMENTS}
    values = {name: kept[name] for name in _KEPT}
    return SavedPaper(
        user=user,
        paper_id=kept["paper"],
        folded_note=fold(kept["note"]),
        **values,
        **moments,
    )


def _keys(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))
