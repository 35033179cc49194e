"""Catching up after days away: the best of what came, as much as there is time for.

What was shown is stored as seen, so it is never shown twice, and who stops in the middle goes on
there another day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts import feed, interests
from accounts.feed import Glance
from accounts.interests import Candidate, Interests
from accounts.models import Seen, User
from papers import identifiers
from papers.models import Paper
from papers.selection import SelectionError

MINUTES = (5, 15, 30)
A_MINUTE = 2  # papers: title, reasons, the first lines of an abstract
LONGEST = timedelta(days=31)  # of a longer absence its last days; more is no feed but an archive


@dataclass(frozen=True, slots=True)
class Gap:
    """The listing days a reader missed, the first and the last one."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Portion:
    """The best papers of a gap that were not met yet, and how many are left behind them."""

    papers: list[Candidate]
    left: int


def gap_of(user: User, newest: date) -> Gap | None:
    """Return what there is to catch up with, if anything."""
    if user.away_since is None or user.away_since >= newest:
        return None
    return Gap(max(user.away_since + timedelta(days=1), newest - LONGEST), newest)


def minutes_from(given: str) -> int:
    """Read how much time there is; SelectionError says what can be chosen."""
    if given and given not in map(str, MINUTES):
        raise SelectionError("Catch up in 5, 15 or 30 minutes.")
    return int(given or MINUTES[1])


def portion(of: Interests, user: User, gap: Gap, minutes: int) -> Portion:
    """Return the best papers of the gap for so many minutes; one query."""
    glance = Glance(of, user)
    found = interests.touched(of, gap.first, user.feed_kinds).candidates
    unmet = [each for each in found if each.paper_id not in glance.met]
    unmet.sort(key=lambda each: (feed.for_you(each, is_fair=user.feed_is_fair), each.paper_id))
    unmet.reverse()
    count = minutes * A_MINUTE
    return Portion(unmet[:count], len(unmet[count:]))


def note_shown(user: User, raw_ids: Iterable[str]) -> None:
    """Store that the papers of these arXiv ids were shown."""
    ids = filter(None, (identifiers.canonical(raw[:200]) for raw in raw_ids))
    papers = Paper.objects.filter(arxiv_id__in=list(ids)).values_list("pk", flat=True)
    Seen.objects.bulk_create(
        [Seen(user=user, paper_id=paper_id) for paper_id in papers], ignore_conflicts=True
    )


def finish(user: User) -> None:
    """There is nothing to catch up with any more."""
    User.objects.filter(pk=user.pk).update(away_since=None)
