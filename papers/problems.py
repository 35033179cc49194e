"""What a program is told where something went wrong: problem details, as RFC 9457 has them.

Below the API and the pages, since Django's own errors are answered in one place for both.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

ROOT = "/api/"
CONTENT_TYPE = "application/problem+json"


def are_told(request: HttpRequest) -> bool:
    """Tell whether a program asks, to whom a page says nothing."""
    return request.path.startswith(ROOT)


def _problem(status: int, detail: str, errors: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the members; `errors` are what was wrong by the name of a parameter or a field."""
    members: dict[str, Any] = {
        "type": "about:blank",  # the status says which problem it is
        "title": HttpResponse(status=status).reason_phrase,
        "status": status,
        "detail": detail,
    }
    if found := [{"name": name, "detail": text} for name, text in errors]:
        members["errors"] = found
    return members


def answer(status: int, detail: str, errors: Iterable[tuple[str, str]] = ()) -> JsonResponse:
    """Answer in JSON, whatever else there is to choose from at an address."""
    members = _problem(status, detail, errors)
    response = JsonResponse(members, status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response
