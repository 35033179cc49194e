"""What a reader takes along: all that is kept as JSON, and what is saved for every export.

Rows are streamed: as many as a reader has, and no more in memory than some hundred.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Prefetch, QuerySet

from accounts.models import ListEntry, SavedPaper, User
from accounts.models.saved import SavedPaperQuerySet
from papers import clock
from papers.exports import Item
from papers.models import Report

CHUNK = 500  # rows
OF_A_READER = ("state", "saved_at", "tags", "lists", "note")
# What is a secret, the operator's or ours to compute with.
NOT_TOLD = {"id", "user", "password", "is_superuser", "is_staff", "is_active"}
NOT_TOLD |= {"key_hash", "share_hash", "nonce", "session_key", "data"}
NOT_TOLD |= {"folded_note", "known", "paper", "by", "tweet"}


def as_json(user: User) -> Iterator[str]:
    """Yield everything, a line a row, as one object."""
    yield "{\n"
    yield _member("site", settings.SITE_URL) + ",\n"
    yield _member("exported_at", clock.now()) + ",\n"
    yield _member("profile", _told(user)) + ",\n"
    found = list(_parts(user).items())
    for name, rows in found:
        yield f"{json.dumps(name)}: ["
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + _dumped(row)
        yield "]\n" if name == found[-1][0] else "],\n"
    yield "}\n"


def _parts(user: User) -> dict[str, Iterable[dict[str, Any]]]:
    """Return the lists of the export, each by its name."""
    lists = user.lists.prefetch_related(
        Prefetch("entries", ListEntry.objects.select_related("saved__paper"))
    )
    return {
        "addresses": map(_told, EmailAddress.objects.filter(user=user)),
        "connected": map(_told, SocialAccount.objects.filter(user=user)),
        "signed_in": map(_told, UserSession.objects.filter(user=user)),
        "access_tokens": map(_told, user.access_tokens.all()),
        "follows": map(_told, user.subscriptions.all()),
        "mutes": map(_told, user.mutes.all()),
        "tags": map(_told, user.tags.all()),
        "lists": (
            _told(each) | {"papers": [entry.saved.paper.arxiv_id for entry in each.entries.all()]}
            for each in lists
        ),
        "saved": map(_saved, _ordered(user.saved_papers.all()).iterator(CHUNK)),
        "feed_links": map(_told, user.feed_links.all()),
        "asked_for": map(_told, user.pending_saves.all()),
        "reports": map(_reported, user.reports.select_related("paper", "tweet")),
        "seen": map(_of_paper, user.seen.select_related("paper").iterator(CHUNK)),
    }


def items(chosen: SavedPaperQuerySet) -> Iterator[Item]:
    """Yield saved papers with what their reader wrote: tags as keywords, the note, all columns."""
    for each in _ordered(chosen).iterator(CHUNK):
        values = (
            each.state,
            each.saved_at.isoformat(timespec="seconds"),
            ", ".join(_tags(each)),
            ", ".join(_lists(each)),
            each.note,
        )
        more = dict(zip(OF_A_READER, values, strict=True))
        yield Item(each.paper, keywords=_tags(each), note=each.note, more=more)


def _ordered(rows: SavedPaperQuerySet) -> QuerySet[SavedPaper]:
    return rows.select_related("paper").prefetch_related("taggings__tag", "places__reading_list")


def _tags(each: SavedPaper) -> list[str]:
    return sorted(tagging.tag.name for tagging in each.taggings.all())


def _lists(each: SavedPaper) -> list[str]:
    return sorted(place.reading_list.name for place in each.places.all())


def _saved(each: SavedPaper) -> dict[str, Any]:
    return _of_paper(each) | {"tags": _tags(each), "lists": _lists(each)}


def _of_paper(row: Any) -> dict[str, Any]:
    """Tell of which paper a row is; a paper that a curator hid keeps its words to itself."""
    title = "" if row.paper.hidden else row.paper.title_text
    return {"paper": row.paper.arxiv_id, "title": title} | _told(row)


def _reported(each: Report) -> dict[str, Any]:
    return _of_paper(each) | {"tweet": each.tweet.url if each.tweet else ""}


def _told(row: Model) -> dict[str, Any]:
    fields = (field for field in row._meta.concrete_fields if field.name not in NOT_TOLD)
    return {field.name: field.value_from_object(row) for field in fields}


def _member(name: str, value: object) -> str:
    return f"{json.dumps(name)}: {_dumped(value)}"


def _dumped(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
