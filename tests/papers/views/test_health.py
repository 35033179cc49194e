"""How the site is, for people and for machines."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from papers import clock, ledger
from papers.models import IngestRun

pytestmark = pytest.mark.django_db


def ran(hours_ago: int, state: str = "complete", reason: str = "") -> None:
    due = clock.now() - timedelta(hours=hours_ago)
    ledger.plan("hackernews", "tweets", [due])
    IngestRun.objects.filter(due_at=due).update(state=state, ended_at=due, reason=reason)


def test_it_works(client: Client) -> None:
    ran(1)
    page = client.get("/status/").content.decode()
    assert "Everything is on time" in page
    assert "off: it has no credentials" in page  # X, without a token


def test_a_late_source_is_named_with_its_reason(client: Client) -> None:
    ran(30)
    ran(20, "failed", "Hacker News answered 503")
    page = client.get("/status/").content.decode()
    assert "One source is late" in page
    assert "Hacker News answered 503" in page


def test_the_same_as_json(client: Client) -> None:
    ran(1)
    jobs = client.get("/status.json").json()["jobs"]
    assert {job["name"] for job in jobs} == {
        "arXiv",
        "Digests",
        "X",
        "Bluesky",
        "Hacker News",
        "Hugging Face",
    }


def test_the_process_answers(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_readiness_tells_what_is_missing(client: Client) -> None:
    ran(1)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["database"], ready.json()["broker"]) == (
        200,
        True,
        True,
    )
    IngestRun.objects.all().delete()
    ran(60)
    assert client.get("/readyz").status_code == 503


def test_the_foot_leads_to_it(client: Client) -> None:
    assert f'href="{reverse("papers:status")}"' in client.get("/about/").content.decode()
