"""What editors do to a day: keep changes for later, publish them, correct what is published."""

import logging
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet

from papers import arrangement, clock, digests
from papers.arrangement import Arrangement
from papers.curation.log import Curator, Refused, recorded
from papers.models import Act, Digest, DigestEdit, DigestEntry, DigestTweet

logger = logging.getLogger(__name__)
IN_TIME = "Its hour came, with what was saved for it."


class Outdated(Exception):
    """Somebody else saved or published the day in the meantime."""


# What is pending ---------------------------------------------------------------------------------


def wanted(digest: Digest, entries: list[DigestEntry]) -> Arrangement:
    """Return what was saved for a day, else how it stands; `entries` are all it has."""
    edit = DigestEdit.objects.filter(digest=digest).first()
    return arrangement.saved(edit) if edit else arrangement.printed(digest, entries)


@transaction.atomic
def save(digest: Digest, changed: Arrangement, edition: int, by: Curator) -> None:
    """Keep what is to be changed in a day; readers see nothing of it. Raises Outdated.

    What changes nothing is not kept.
    """
    digest = _unchanged(digest, edition)
    _count(digest)
    entries = list(digest.entries.all())
    if changed.among(entries) == arrangement.printed(digest, entries):
        DigestEdit.objects.filter(digest=digest).delete()
        return
    DigestEdit.objects.update_or_create(
        digest=digest,
        defaults={
            "introduction": changed.introduction,
            "order": list(changed.among(entries).order),
            "pinned": sorted(changed.pinned),
            "left_out": sorted(changed.left_out),
            "notes": {str(key): note for key, note in changed.notes.items() if note},
            "saved_at": clock.now(),
            "saved_by": by,
        },
    )


@transaction.atomic
def discard(digest: Digest, edition: int) -> None:
    """Forget what was saved for a day; raise Outdated."""
    _count(_unchanged(digest, edition))
    DigestEdit.objects.filter(digest=digest).delete()


def _unchanged(digest: Digest, edition: int) -> Digest:
    """Return the day, this one's to change until the transaction ends; raise Outdated."""
    digest = Digest.objects.select_for_update().get(pk=digest.pk)
    if digest.edition != edition:
        raise Outdated
    return digest


def _count(digest: Digest) -> None:
    """Let whoever else has the day open be told."""
    Digest.objects.filter(pk=digest.pk).update(edition=F("edition") + 1)


# Publishing --------------------------------------------------------------------------------------


@transaction.atomic
def publish(digest: Digest, changed: Arrangement, edition: int, by: Curator, reason: str) -> Act:
    """Publish a draft as changed, or correct what is published; raise Outdated and Refused."""
    digest = _unchanged(digest, edition)
    is_draft = digest.state == Digest.State.DRAFT
    act = Act(
        kind=Act.Kind.PUBLISH if is_draft else Act.Kind.REVISE,
        subject=str(digest),
        reason=reason,
        by=by,
        digest=digest,
    )
    try:
        with recorded(act, *_rows(digest)):
            if is_draft:
                digests.publish(digest, reason, by, changed)
            else:
                digests.revise(digest, changed, reason, by)
    except ValueError as error:
        raise Refused(f"This cannot be printed: {error}.") from error
    return act


def _rows(digest: Digest) -> list[QuerySet]:
    """Return what publishing may change, but for the revisions: those stay."""
    return [
        Digest.objects.filter(pk=digest.pk),
        DigestEntry.objects.filter(digest=digest),
        DigestTweet.objects.filter(entry__digest=digest),
        DigestEdit.objects.filter(digest=digest),
    ]


def publish_in_time(digest: Digest) -> bool:
    """Publish a draft as it is saved; False when another process did it.

    What an editor saved is logged as the editor's act. Raises Refused, and ValueError where no
    editor was at work.
    """
    edit = DigestEdit.objects.filter(digest=digest).select_related("saved_by").first()
    if edit is None:
        return digests.publish(digest)
    digest.refresh_from_db()
    if digest.state == Digest.State.PUBLISHED:
        return False
    try:
        publish(digest, arrangement.saved(edit), digest.edition, edit.saved_by, IN_TIME)
    except Outdated:
        return False  # somebody is at it this very moment; the next look finds how it ended
    return True


def publish_due() -> list[date]:
    """Publish the drafts whose hour has come, the oldest day first; return their days.

    A draft that cannot be written out stays a draft, and the others do not wait for it.
    """
    published = []
    for digest in Digest.objects.due(clock.now()).order_by("date"):
        try:
            if publish_in_time(digest):
                published.append(digest.date)
        except (Refused, ValueError):
            logger.exception("the digest of %s cannot be published", digest.date)
    return published
