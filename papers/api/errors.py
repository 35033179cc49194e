"""What the framework raises, as problem details. What breaks is Django's to answer, and to log."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.views import exception_handler

from papers import problems
from papers.selection import SelectionError

FEW_WORDS = "What was sent could not be taken as it is."


def handle(raised: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer what was raised in a view; None: it is no error of who asked."""
    if isinstance(raised, SelectionError):
        raised = ValidationError(str(raised))
    if isinstance(raised, Http404):
        raised = NotFound("There is nothing at this address.")
    said = exception_handler(raised, context)
    if said is None:
        return None
    errors = list(_named(said.data))
    detail = " ".join(text for name, text in errors if not name) or FEW_WORDS
    answer = problems.answer(said.status_code, detail, [each for each in errors if each[0]])
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in said:
            answer[name] = said[name]
    return answer


def _named(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each message with the field it is about, "" for all: "tags/0" is the first tag."""
    if isinstance(found, dict):
        for key, inner in found.items():
            is_of_all = key in {"detail", "non_field_errors"}
            yield from _named(inner, name if is_of_all else f"{name}/{key}".strip("/"))
    elif isinstance(found, list):
        for place, inner in enumerate(found):
            is_message = isinstance(inner, ErrorDetail | str)
            yield from _named(inner, name if is_message else f"{name}/{place}".strip("/"))
    else:
        yield name, str(found)
