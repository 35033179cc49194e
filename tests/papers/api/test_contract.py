"""The API does what its description says, and the description says all that it does."""

from typing import Any

import pytest
from django.core.management import call_command

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


def test_every_operation_says_what_it_is() -> None:
    for name, operation in contract.operations().items():
        said = operation.definition.raw
        assert said["summary"], name
        assert said["description"], name
        for parameter in said.get("parameters", []):
            assert parameter["description"], (name, parameter["name"])
        assert {"200", "400", "401", "406", "429"} <= set(said["responses"]), name


@pytest.mark.parametrize("who", contract.WHO)
@pytest.mark.parametrize("name", contract.operations())
def test_answers_are_as_described(world: Paper, name: str, who: str) -> None:
    answered = contract.call(contract.operations()[name], contract.WHO[who](), TIMES)
    assert answered[contract.expected(name, who)], answered
