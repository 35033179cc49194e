"""The API does what its description says, and the description says all that it does."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from papers.models import Paper
from tests.papers.api import contract

TIMES = 8  # a short look; `python -m benchmarks.contract` takes a long one


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.API_PER_MINUTE = settings.API_TOKEN_PER_MINUTE = 1_000_000


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    """The description is valid, and none of it had to be guessed."""
    call_command("spectacular", "--validate", "--fail-on-warn")
    assert "openapi: 3.1.0" in capsys.readouterr().out


def test_the_description_is_yaml_and_json(client: Client, db: None) -> None:
    said = client.get("/api/schema/")
    assert said.content.startswith(b"openapi: 3.1.0\n")
    assert said["Cache-Control"] == "public, max-age=60"
    again = client.get("/api/schema/", headers={"If-None-Match": said["ETag"]})
    assert again.status_code == 304
    for response in (
        client.get("/api/schema/", headers={"Accept": "application/json"}),
        client.get("/api/schema.json"),
    ):
        assert response["Content-Type"] == "application/json; charset=utf-8"
        assert response.json()["info"]["title"] == "Hot Papers"
    refused = client.get("/api/schema/", headers={"Accept": "text/csv"})
    assert (refused.status_code, refused.json()["title"]) == (406, "Not Acceptable")


def test_every_operation_says_what_it_is() -> None:
    for name, operation in contract.operations().items():
        said = operation.definition.raw
        assert said["summary"], name
        assert said["description"], name
        for parameter in said.get("parameters", []):
            assert parameter["description"], (name, parameter["name"])
        assert {"400", "401", "406", "429"} <= set(said["responses"]), name
        assert {"200", "201", "204"} & set(said["responses"]), name


def times(name: str, who: str) -> int:
    """Return how often to call: an operation that is open is alike to all, one that only reads
    alike to all tokens, and whoever may not ask is refused alike whatever they ask."""
    operation = contract.operations()[name]
    if who == "visitor" and contract.is_open(operation):
        return TIMES
    is_looked_at = who == "reading" and operation.method.upper() == "GET"
    if contract.is_open(operation) or is_looked_at:
        return 0
    return 1 if contract.expected(name, who) > 400 else TIMES // 2


@pytest.mark.parametrize("who", contract.WHO)
def test_answers_are_as_described(world: Paper, who: str) -> None:
    shown = contract.WHO[who]()
    for name, operation in contract.operations().items():
        if often := times(name, who):
            with transaction.atomic():  # each finds the world as it was
                answered = contract.call(operation, shown, often)
                transaction.set_rollback(True)
            assert answered[contract.expected(name, who)], (name, answered)
