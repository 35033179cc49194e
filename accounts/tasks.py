"""Celery's interface: load, call, return. When each task runs stands in settings.py."""

import logging

from celery import shared_task

from accounts import deletion, imports

logger = logging.getLogger(__name__)


@shared_task
def forget_ended_sessions() -> None:
    logger.info("forgot %s sessions that are over", deletion.forget_ended_sessions())


@shared_task
def save_arrived() -> None:
    """Save the papers that readers waited for and that are here now."""
    imports.save_arrived()
