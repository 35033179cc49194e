"""Every change of a reader's shelf: tags, lists, their order, and the links that share them.

Changes of one reader wait for each other: each begins by locking the account's row. So neither
names, slugs nor places are ever given twice.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, Max

from accounts.models import ListEntry, ReaderTag, ReadingList, SavedPaper, Tagging, User
from accounts.models.shelf import free_slug
from papers import clock

MOST_TAGS = 500  # of one reader
MOST_TAGS_EACH = 30  # on one paper
MOST_LISTS = 50


class Refused(ValueError):
    """A change that cannot be made; the message is for the reader."""


# Tags ---------------------------------------------------------------------------------------------


@transaction.atomic
def edit(
    user: User,
    saved: SavedPaper,
    note: str,
    tags: Iterable[str],
    lists: Iterable[ReadingList],
) -> None:
    """Store the note, and let the paper carry these tags and stand in these lists, no others."""
    user.lock()
    saved.change(saved.state, note)
    saved.tags.set(_tags(user, tags))
    wanted = {each.pk: each for each in lists}
    held = set(saved.places.values_list("reading_list", flat=True))
    saved.places.exclude(reading_list__in=wanted).delete()
    for key in wanted.keys() - held:
        _append(wanted[key], [saved])


@transaction.atomic
def tag(user: User, saved: Sequence[SavedPaper], names: Iterable[str]) -> None:
    """Add tags to saved papers."""
    user.lock()
    Tagging.objects.bulk_create(
        [Tagging(tag=each, content_object=row) for each in _tags(user, names) for row in saved],
        ignore_conflicts=True,
    )
    counts = Tagging.objects.filter(content_object__in=saved).values("content_object")
    if counts.annotate(n=Count("pk")).filter(n__gt=MOST_TAGS_EACH).exists():
        raise Refused(f"A paper carries {MOST_TAGS_EACH} tags at most.")


def _tags(user: User, names: Iterable[str]) -> list[ReaderTag]:
    found = ReaderTag.objects.named(user.pk, names)
    if user.tags.count() > MOST_TAGS:
        raise Refused(f"You have {MOST_TAGS} tags already. Merge or delete some first.")
    return found


@transaction.atomic
def rename_tag(user: User, slug: str, name: str) -> ReaderTag | None:
    """Give a tag another name; where another tag has it already, the two become that one.

    Returns the tag that is left, None where there is none of this slug.
    """
    user.lock()
    held = list(user.tags.all())
    renamed = next((each for each in held if each.slug == slug), None)
    if renamed is None:
        return None
    others = [each for each in held if each != renamed]
    for other in others:
        if other.name.casefold() == name.casefold():
            _merge(renamed, other)
            return other
    renamed.name = name
    renamed.slug = free_slug(name, {each.slug for each in others}, "tag")
    renamed.save()
    return renamed


def _merge(tag: ReaderTag, into: ReaderTag) -> None:
    tagged = tag.taggings.values_list("content_object", flat=True)
    Tagging.objects.bulk_create(
        [Tagging(tag=into, content_object_id=key) for key in tagged], ignore_conflicts=True
    )
    tag.delete()


# Lists --------------------------------------------------------------------------------------------


@transaction.atomic
def new_list(user: User, name: str) -> ReadingList:
    """Make an empty list."""
    user.lock()
    held = list(user.lists.all())
    if len(held) >= MOST_LISTS:
        raise Refused(f"You have {MOST_LISTS} lists already. Delete one first.")
    _check_free(name, held)
    slug = free_slug(name, {each.slug for each in held}, "list")
    return ReadingList.objects.create(user=user, name=name, slug=slug)


@transaction.atomic
def rename_list(user: User, reading_list: ReadingList, name: str) -> None:
    user.lock()
    others = list(user.lists.exclude(pk=reading_list.pk))
    _check_free(name, others)
    reading_list.name = name
    reading_list.slug = free_slug(name, {each.slug for each in others}, "list")
    reading_list.save(update_fields=["name", "slug"])


def _check_free(name: str, others: Iterable[ReadingList]) -> None:
    if any(each.name.casefold() == name.casefold() for each in others):
        raise Refused(f"You have a list “{name}” already.")


@transaction.atomic
def enlist(user: User, reading_list: ReadingList, saved: Sequence[SavedPaper]) -> None:
    """Put saved papers at the end of a list; those that stand in it stay where they are."""
    user.lock()
    held = set(reading_list.entries.values_list("saved", flat=True))
    _append(reading_list, [each for each in saved if each.pk not in held])


def _append(reading_list: ReadingList, saved: Sequence[SavedPaper]) -> None:
    last = reading_list.entries.aggregate(last=Max("position"))["last"]
    ListEntry.objects.bulk_create(
        ListEntry(reading_list=reading_list, saved=each, position=position)
        for position, each in enumerate(saved, start=0 if last is None else last + 1)
    )


@transaction.atomic
def move(user: User, reading_list: ReadingList, arxiv_id: str, *, up: bool) -> bool:
    """Let a paper change places with the one before it, or behind it; tell whether it stands here.

    Hidden papers, which nobody sees, are stepped over.
    """
    user.lock()
    entries = _shown(reading_list)
    names = [entry.saved.paper.arxiv_id for entry in entries]
    if arxiv_id not in names:
        return False
    place = names.index(arxiv_id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(entries):
        entries[place], entries[other] = entries[other], entries[place]
        _renumber(entries)
    return True


@transaction.atomic
def arrange(user: User, reading_list: ReadingList, arxiv_ids: Sequence[str]) -> None:
    """Let these papers of a list stand in this order; all others keep their places."""
    user.lock()
    entries = _shown(reading_list)
    held = {entry.saved.paper.arxiv_id: entry for entry in entries}
    if strangers := [each for each in arxiv_ids if each not in held]:
        raise Refused(f"Not in this list: {', '.join(strangers[:5])}.")
    if len(set(arxiv_ids)) < len(arxiv_ids):
        raise Refused("A paper stands in a list once.")
    ordered, named = iter(arxiv_ids), set(arxiv_ids)
    _renumber([held[next(ordered) if each in named else each] for each in held])


def _shown(reading_list: ReadingList) -> list[ListEntry]:
    """Return the entries of a list in its order, but of hidden papers."""
    shown = reading_list.entries.filter(saved__paper__hidden=False)
    shown = shown.select_related("saved__paper").only("position", "saved__paper__arxiv_id")
    return list(shown.order_by("position", "saved_id"))


def _renumber(entries: list[ListEntry]) -> None:
    """Give out the positions that these entries have in the order in which they stand now."""
    positions = sorted(entry.position for entry in entries)
    if len(set(positions)) < len(positions):
        positions = list(range(len(entries)))
    changed = []
    for entry, position in zip(entries, positions, strict=True):
        if entry.position != position:
            entry.position = position
            changed.append(entry)
    ListEntry.objects.bulk_update(changed, ["position"], batch_size=500)


# Sharing ------------------------------------------------------------------------------------------


def share(reading_list: ReadingList) -> str:
    """Return a new secret under which others may read the list; an earlier one ends.

    Only its hash is stored: it can be shown this once.
    """
    token = secrets.token_urlsafe(24)
    reading_list.share_hash, reading_list.shared_at = _hash(token), clock.now()
    reading_list.save(update_fields=["share_hash", "shared_at"])
    return token


def unshare(reading_list: ReadingList) -> None:
    reading_list.share_hash, reading_list.shared_at = "", None
    reading_list.save(update_fields=["share_hash", "shared_at"])


def shared(token: str) -> ReadingList | None:
    """Return the list that is shared under this secret."""
    return ReadingList.objects.filter(share_hash=_hash(token)).first()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
