"""The API does what its description says, and the description says all that it does."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from papers.models import Paper
from tests.papers.api import contract

POLICY = "Content-Security-Policy"
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


def test_its_page_loosens_styles_and_nothing_else(client: Client, db: None) -> None:
    policies = [
        dict(part.strip().split(" ", 1) for part in client.get(path)[POLICY].split(";"))
        for path in ("/api/docs/", "/about/")
    ]
    assert policies[0].pop("style-src") == "'self' 'unsafe-inline'"
    assert policies[1].pop("style-src") == "'self'"
    assert policies[0] == policies[1]


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
