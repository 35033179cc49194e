"""Papers that somebody asked for: readers, beside the runs of the ingest, or a curator, by one.

The row is the promise: a message that starts the work is lost, doubled or late and changes nothing.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F

from papers import clock, ingest, intake, upstreams
from papers.models import IngestRun, WantedPaper
from papers.sources.base import SourceError

logger = logging.getLogger(__name__)

AT_ONCE = 100  # ids of one question to arXiv
ENOUGH = 2  # answers without a paper after which it is missing: one may be a slip of arXiv's
REFETCH = "refetch"  # the kind of a run that asks for one paper: never due by itself
PATIENCE = timedelta(minutes=2)  # until arXiv is asked for it again


def look_up(seconds: float) -> None:
    """Ask arXiv for what is wanted, the oldest wish first, as far as the time goes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        waiting = WantedPaper.objects.filter(is_missing=False, not_before__lte=clock.now())
        some = list(waiting.values_list("arxiv_id", flat=True)[:AT_ONCE])
        if not some:
            return
        held = _arrived(some)
        lacking = [arxiv_id for arxiv_id in some if arxiv_id not in held]
        try:
            intake.look_up(lacking)
        except SourceError as error:
            _wait(lacking, timedelta(seconds=error.retry_after or 0))
            logger.warning("papers were asked for in vain", extra={"reason": str(error)})
            return
        held = _arrived(lacking)
        _count([arxiv_id for arxiv_id in lacking if arxiv_id not in held])


def _arrived(arxiv_ids: Sequence[str]) -> set[str]:
    """Return those that are held by now, and want them no more."""
    held = set(ingest.keys_of(arxiv_ids))
    WantedPaper.objects.filter(arxiv_id__in=held).delete()
    return held


def _wait(arxiv_ids: Sequence[str], wait: timedelta) -> None:
    asked = WantedPaper.objects.filter(arxiv_id__in=arxiv_ids)
    asked.update(not_before=clock.now() + max(wait, PATIENCE))


def _count(arxiv_ids: Sequence[str]) -> None:
    """Count an answer that did not hold these papers."""
    _wait(arxiv_ids, PATIENCE)
    asked = WantedPaper.objects.filter(arxiv_id__in=arxiv_ids)
    asked.update(answers=F("answers") + 1)
    asked.filter(answers__gte=ENOUGH).update(is_missing=True)


def ask_again(arxiv_id: str) -> None:
    """Promise a run that asks arXiv for this paper."""
    asked = IngestRun.objects.filter(source=upstreams.ARXIV, kind=REFETCH)
    due = clock.now()
    while asked.filter(due_at=due).exists():
        due += timedelta(microseconds=1)
    asked.create(source=upstreams.ARXIV, kind=REFETCH, due_at=due, cursor=arxiv_id)
