"""What the framework raises, as problem details. What breaks is Django's to answer, and to log."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from papers import problems
from papers.selection import SelectionError

FEW_WORDS = "What was sent could not be taken as it is."


def handle(raised: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what was raised in a view; None: it is no error of who asked."""
    if isinstance(raised, SelectionError):
        raised = ValidationError(str(raised))
    if isinstance(raised, Http404):
        raised = NotFound("There is nothing at this address.")
    response = exception_handler(raised, context)
    if response is not None:
        errors = list(_named(response.data))
        detail = " ".join(text for name, text in errors if not name) or FEW_WORDS
        named = [(name, text) for name, text in errors if name]
        response.data = problems.problem(response.status_code, detail, named)
        response.content_type = problems.CONTENT_TYPE
    return response


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
