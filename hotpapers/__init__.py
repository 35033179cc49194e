"""The wiring: settings, Celery, URLs. No domain code."""

from hotpapers.celery import app as celery_app

__all__ = ["celery_app"]
