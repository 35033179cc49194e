"""A batch of an upstream becomes rows, ranked and findable, and its run is as far: or none of it.

Knows no network but arXiv, which is asked for the papers that tweets link. Nothing is fetched
inside a transaction.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from papers import counting, ingest, ledger, likeness, ranking, search, upstreams
from papers.models import IngestRun
from papers.sources.arxiv_calendar import probable_listing
from papers.sources.base import Batch, PaperRecord, SourceError

MOST_REJECTS = 0.1  # of a batch's items: beyond it the upstream has changed, not an item


def store_papers(batch: Batch, run: IngestRun | None = None, *, cursor: str | None = None) -> None:
    """Store the papers and announcements of a batch, rank and index them.

    With a run: count them for it and keep its `cursor`. Raises ledger.TakenOver.
    """
    if run:
        _set_aside(run, batch)
    with _writing(run):
        keys = ingest.store_papers(_listed(record) for record in batch.papers)
        ingest.store_announcements(batch.announcements, keys)
        ranking.rescore(keys.values())
        search.index(keys.values())
        likeness.mark_stale(keys.values())
        if run:
            _count(run, batch, cursor)


def store_tweets(batch: Batch, run: IngestRun, moment: datetime, *, reads: int = 0) -> None:
    """Store tweets of papers we hold or arXiv knows; forget what was deleted; count again.

    `moment` is when the run began: all of its batches make one sample of a paper, not one each.
    `reads` are the posts this batch was paid for.
    """
    _set_aside(run, batch)
    papers = _papers_of(run, batch)
    known = [
        replace(record, arxiv_ids=tuple(i for i in record.arxiv_ids if i in papers))
        for record in batch.tweets
        if any(arxiv_id in papers for arxiv_id in record.arxiv_ids)
    ]
    with _writing(run):
        ingest.lock_papers(papers, run.source, batch.gone)
        ingest.store_tweets(known, papers)
        touched = {papers[arxiv_id] for record in known for arxiv_id in record.arxiv_ids}
        touched |= set(ingest.forget_tweets(run.source, batch.gone))
        counting.count(touched, run.source, moment)
        ranking.rescore(touched)
        _count(run, batch, batch.cursor, reads)


def look_up(arxiv_ids: Iterable[str], run: IngestRun | None = None) -> None:
    """Ask arXiv for papers by id and store them; ids it does not know are left out."""
    for answer in upstreams.arxiv().look_up(list(arxiv_ids)):
        store_papers(answer, run)


def _papers_of(run: IngestRun, batch: Batch) -> dict[str, int]:
    """Return the keys of the papers that tweets link; those not held yet are looked up."""
    linked = {arxiv_id for record in batch.tweets for arxiv_id in record.arxiv_ids}
    held = ingest.keys_of(linked)
    if missing := linked - held.keys():
        look_up(sorted(missing), run)
        held |= ingest.keys_of(missing)
    return held


def _listed(record: PaperRecord) -> PaperRecord:
    """Give a paper that no feed listed the day it most likely was, until a feed says better."""
    if record.announced_on or record.submitted_at is None:
        return record
    return replace(record, announced_on=probable_listing(record.submitted_at))


def _writing(run: IngestRun | None) -> AbstractContextManager[object]:
    return ledger.writing(run) if run else transaction.atomic()


def _set_aside(run: IngestRun, batch: Batch) -> None:
    """Set aside what nobody understood; when that is too much, nothing of the batch is believed."""
    ledger.quarantine(run, batch.rejects)
    seen = len(batch.papers) + len(batch.announcements) + len(batch.tweets) + len(batch.rejects)
    # Of few items a few may be bad, but not all of them.
    if len(batch.rejects) > max(3, MOST_REJECTS * seen) or 1 < seen == len(batch.rejects):
        raise SourceError(
            f"{len(batch.rejects)} of {seen} items could not be understood, first: "
            f"{batch.rejects[0].reason}"
        )


def _count(run: IngestRun, batch: Batch, cursor: str | None, reads: int = 0) -> None:
    names = ("papers", "announcements", "tweets", "gone", "rejects")
    counts = {name: len(getattr(batch, name)) for name in names}
    ledger.keep(run, counts | ({"reads": reads} if reads else {}), cursor=cursor)
