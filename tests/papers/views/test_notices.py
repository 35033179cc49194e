"""The line above every page: when it is there, what it says, what it costs."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from re import DOTALL, search, sub

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client

from papers.models import IngestRun
from tests.papers import ledgers
from tests.upstream import clock_file

pytestmark = pytest.mark.django_db

LATE = "Bluesky has not answered since 24 November, 20:14 UTC. Status"


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """The clock stands at the moment of the ledgers."""
    with time_machine.travel(ledgers.NOW, tick=False):
        yield


def test_an_invented_world_says_so_beside_what_is_late(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_file.write(tmp_path / "clock", ledgers.NOW, speed=0)
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    ledgers.late()
    said = strip(client, "/about/") or ""
    assert said.startswith("Invented world")
    assert said.endswith(LATE)


def strip(client: Client, address: str) -> str | None:
    """Return the words of the strip above a page; None where there is none."""
    html = client.get(address).content.decode()
    found = search(r'<aside class="strip".*?</aside>', html, DOTALL)
    return " ".join(unescape(sub(r"<[^>]+>", "", found.group())).split()) if found else None


def test_where_nothing_is_late_there_is_none(client: Client) -> None:
    ledgers.well()
    assert strip(client, "/about/") is None


def test_it_goes_when_the_source_answers(client: Client) -> None:
    ledgers.late()
    assert strip(client, "/about/") == LATE
    IngestRun.objects.update(state="complete", ended_at=ledgers.NOW)
    caches["process"].clear()  # a minute later
    assert strip(client, "/about/") is None


def test_the_status_page_says_it_already(client: Client) -> None:
    ledgers.late()
    assert strip(client, "/status/") is None


def test_a_new_site_has_none(client: Client) -> None:
    assert strip(client, "/about/") is None


def test_many_are_one_line(client: Client) -> None:
    ledgers.well()
    IngestRun.objects.exclude(source="site").filter(
        due_at__gt=ledgers.NOW.replace(day=23, hour=0)
    ).update(state="failed")
    assert strip(client, "/about/") == (
        "arXiv has not answered since 20 November, 05:34 UTC. Three more are late. Status"
    )


def test_it_never_answered(client: Client) -> None:
    ledgers.late()
    IngestRun.objects.filter(source="bluesky").update(state="failed", ended_at=None)
    assert strip(client, "/about/") == "Bluesky has not answered yet. Status"


def test_the_sample_stands_beside_it(client: Client) -> None:
    ledgers.of_the_sample()
    ledgers.late()
    assert strip(client, "/about/") == f"Sample: real days of 2020 and 2021. What is in it {LATE}"


def test_a_sample_without_a_way_out_is_one_quiet_line(client: Client) -> None:
    ledgers.of_the_sample()
    ledgers.unreachable()
    assert strip(client, "/about/") == (
        "arXiv could not be reached; these are the sample’s days, of 2020 and 2021. "
        "What is in it · Status"
    )
