"""Celery's interface: load, call, return. When each task runs stands in settings.py."""

import logging

from celery import shared_task

from accounts import deletion

logger = logging.getLogger(__name__)


@shared_task
def forget_ended_sessions() -> None:
    logger.info("forgot %s sessions that are over", deletion.forget_ended_sessions())
