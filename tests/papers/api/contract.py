"""The API held to its own description, by Schemathesis: calls that it allows and calls that it does
not, in this process, as whoever the headers say."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts import tokens
from accounts.models import User
from hotpapers.wsgi import application
from tests.papers.api.conftest import READER, SECRET_OF_LIST, SUBSCRIPTION

# What the world of the tests has; whatever else a path may hold is not there. The slug is of an
# author, and of a list and a tag of the reader's.
THERE: dict[str, object] = {"arxiv_id": "2106.00001", "day": "2021-06-10", "slug": "ada-lark"}
THERE |= {"key": SUBSCRIPTION, "token": SECRET_OF_LIST}
REQUIRED = {"q": "paper"}
SENT: dict[str, dict[str, object]] = {
    "follow": {"kind": "search", "target": "barns and ships"},
    "save_paper": {"paper": "2106.00001"},
    "change_saved_paper": {"state": "done"},
    "rename_own_tag": {"name": "Ships"},
    "make_list": {"name": "Ships"},
    "rename_list": {"name": "Ships"},
    "order_list": {"papers": ["2106.00001"]},
    "hide_paper": {"paper": "2106.00001"},
}
# A category can look right and not be one: that is a 400, not a breach.
NOT_CHECKED = [positive_data_acceptance]


def showing(scope: str) -> dict[str, str]:
    """Return the headers of a program of the reader's."""
    user = User.objects.get(username=READER)
    return {"Authorization": f"Bearer {tokens.make(user, scope, scope, None)[1]}"}


# Who asks: what makes the headers of a request.
WHO: dict[str, Callable[[], dict[str, str]]] = {
    "visitor": dict,
    "reader": lambda: showing("write"),
    "reading": lambda: showing("read"),
}


@cache
def description() -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema.json", application)


def operations() -> dict[str, Any]:
    """Return every operation by its id."""
    found = [result.ok() for result in description().get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def is_open(operation: Any) -> bool:
    """Tell whether everybody may ask."""
    return {} in operation.definition.raw["security"]


def expected(name: str, who: str) -> int:
    """Return with which status an operation has to answer at least once."""
    operation = operations()[name]
    if who == "visitor" and not is_open(operation):
        return 401
    is_change = operation.method.upper() != "GET"
    if name == "list_runs" or (who == "reading" and is_change):
        return 403
    return min(int(status) for status in operation.definition.raw["responses"])


def call(
    operation: Any, headers: Mapping[str, str], times: int, there: Mapping[str, object] = THERE
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
    query = {name: REQUIRED[name] for name in needed}
    sent = SENT.get(operation.definition.raw["operationId"])
    body = {} if sent is None else {"body": sent, "media_type": "application/json"}
    ask(operation.Case(path_parameters=real, query=query, **body))
    kinds = [
        operation.as_strategy(path_parameters=real),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    ]
    if names:
        kinds.append(operation.as_strategy())
    for kind in kinds:
        _often(times // len(kinds))(given(case=kind)(ask))()
    return answered


def _often(times: int) -> settings:
    return settings(
        max_examples=max(1, times),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
