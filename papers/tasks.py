"""Celery's interface: load, call, return. When each task runs stands in settings.py."""

import logging

from celery import shared_task

from papers import digests

logger = logging.getLogger(__name__)


@shared_task
def publish_due_digests() -> None:
    for day in digests.publish_due():
        logger.info("published the digest of %s", day)
