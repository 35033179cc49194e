"""The API held to its own description, by Schemathesis: calls that it allows and calls that it does
not, in this process, as whoever the headers say."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from hotpapers.wsgi import application

# What the world of the tests has; whatever else a path may hold is not there.
THERE = {"arxiv_id": "2106.00001", "day": "2021-06-10", "slug": "ada-lark"}
REQUIRED = {"q": "paper"}
# Who asks: what makes the headers of a request.
WHO: dict[str, Callable[[], dict[str, str]]] = {"visitor": dict}
# What is answered to those for whom an operation is not, at best.
CLOSED = {("list_runs", "visitor"): 401}
# A category can look right and not be one: that is a 400, not a breach.
NOT_CHECKED = [positive_data_acceptance]


@cache
def description() -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema.json", application)


def operations() -> dict[str, Any]:
    """Return every operation by its id."""
    found = [result.ok() for result in description().get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def expected(name: str, who: str) -> int:
    """Return with which status an operation has to answer at least once."""
    return CLOSED.get((name, who), 200)


def call(
    operation: Any, headers: Mapping[str, str], times: int, there: Mapping[str, str] = THERE
) -> Counter[int]:
    """Call an operation about `times` times, and return how often it answered with which status.

    Raises what Schemathesis finds: an answer that is not described, an error of the server, bad
    input that was taken, a way past who may ask.
    """
    answered: Counter[int] = Counter()

    def ask(case: Any) -> None:
        response = case.call_and_validate(headers=dict(headers), excluded_checks=NOT_CHECKED)
        answered[response.status_code] += 1

    names = {parameter.name for parameter in operation.path_parameters}
    real = {name: there[name] for name in names}
    needed = {each.name for each in operation.query if each.is_required}
    first = operation.Case(path_parameters=real, query={name: REQUIRED[name] for name in needed})
    kinds = [
        operation.as_strategy(path_parameters=real),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    ]
    if names:
        kinds.append(operation.as_strategy())
    with connection_kept():
        ask(first)
        for kind in kinds:
            _often(times // len(kinds))(given(case=kind)(ask))()
    return answered


@contextmanager
def connection_kept() -> Iterator[None]:
    """A request ends with its connection to the database, and a test's transaction would too."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _often(times: int) -> settings:
    return settings(
        max_examples=max(1, times),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
