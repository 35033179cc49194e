"""Celery's interface: load, call, return. When each task runs stands in settings.py."""

import logging

from celery import shared_task

from papers import clock, fairness, harvest, ledger, likeness, wanted
from papers.curation import editing

logger = logging.getLogger(__name__)


@shared_task
def publish_due_digests() -> None:
    for day in editing.publish_due():
        logger.info("published the digest of %s", day)


@shared_task
def tick() -> None:
    """Promise what is due and ring the doorbell of every run that is ready."""
    harvest.plan()
    for run in ledger.ready(clock.now()):
        work.delay(run.pk)


# A run may read a stream for ten minutes; twice the hard limit stays under the visibility time-out,
# so that no run is delivered to a second worker while it runs.
@shared_task(soft_time_limit=780, time_limit=840)
def work(run_id: int) -> None:
    harvest.execute(run_id)


@shared_task
def compare_papers() -> None:
    """Weigh and compare papers that came or changed; what is left over goes on a minute later."""
    likeness.refresh(seconds=10)


@shared_task
def place_papers() -> None:
    """Place papers in the fields that changed; what is left over goes on a minute later."""
    fairness.refresh(seconds=10)


@shared_task
def look_up_wanted() -> None:
    """Ask arXiv for papers that readers wait for; what is left over goes on a minute later."""
    wanted.look_up(seconds=40)
