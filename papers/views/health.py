"""How the site is: a page for people, the same as JSON, and two addresses for machines."""

from dataclasses import asdict

from celery import current_app
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from kombu.exceptions import OperationalError

from papers import overview, status


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "papers/status.html", {"status": overview.overview()})


def as_json(request: HttpRequest) -> JsonResponse:
    """Return what the page shows, as data."""
    return JsonResponse(asdict(overview.overview()))


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 with what is missing unless database, broker and ingest are as they should be."""
    try:
        checks = status.is_ready()
    except DatabaseError:
        checks = {"database": False}
    checks["broker"] = _broker_answers()
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=0, timeout=2)
    except (OperationalError, OSError):
        return False
    return True
