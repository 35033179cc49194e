"""How the site is, for people and for machines. When something is late, test_status.py asks."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from re import sub
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from papers import harvest, ledger
from papers.models import Digest, IngestRun, Network, Quarantine
from papers.sources.base import Reject
from tests.papers import ledgers
from tests.upstream import clock_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at the moment of the ledgers."""
    clock_file.write(tmp_path / "clock", ledgers.NOW, speed=0)
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))


def words(client: Client, address: str = "/status/") -> str:
    """Return the text of a page without tags, in single blanks."""
    response = client.get(address)
    assert response.status_code == 200
    text = unescape(sub(r"<[^>]+>", " ", response.content.decode()))
    return sub(r" ([.,:;)])", r"\1", " ".join(text.split()))


def runs_of(source: str) -> Any:
    return IngestRun.objects.filter(source=source).order_by("-due_at")


def test_it_works(client: Client) -> None:
    ledgers.well()
    page = words(client)
    assert "4 /5 sources on Everything is on time" in page
    assert "arXiv papers announced on time 25 November, 05:34 26 November, 05:30" in page
    assert "Wednesday 25 November 34 34 34" in page
    assert "Bluesky 9 10 11 9 10" in page
    assert "Wednesday 25 November, due 26 November, 09:00" in page
    assert "Set aside" not in page
    assert "What happened" not in page


def test_a_late_source_is_named_and_says_why(client: Client) -> None:
    ledgers.late()
    page = words(client)
    assert "One source is late" in page
    assert "Bluesky has not answered since 24 November, 20:14 UTC. What was posted there" in page
    assert "9 hours late 24 November, 20:14 25 November, 09:48" in page
    assert (
        "Bluesky, counts and tweets: did not answer in time; next try in 8 minutes (5 times since"
        in page
    )
    assert "given up after 1 attempt, a later run made up for it" in page
    assert (
        'aria-label="Last 14 runs: 10 complete, 4 failed"'
        in client.get("/status/").content.decode()
    )


def test_a_source_without_credentials_is_off(client: Client, settings: Any) -> None:
    ledgers.well()
    assert "X tweets that link arXiv switched off no credentials – –" in words(client)
    settings.X_BEARER_TOKEN = "token"
    page = words(client)
    assert "5 /5 sources on Everything is on time" in page
    assert "X tweets that link arXiv waiting for its first run – now" in page


def test_what_an_upstream_answered_is_not_shown(client: Client) -> None:
    ledgers.late()
    assert "answered 403" in words(client)
    assert "secret-detail" not in words(client)
    assert "secret-detail" not in client.get("/status.json").content.decode()


def test_a_run_that_cannot_be_claimed_twice_is_at_work(client: Client) -> None:
    ledgers.well()
    ledger.plan(Network.BLUESKY, harvest.TWEETS, [ledgers.NOW])
    ledger.claim(runs_of(Network.BLUESKY)[0].pk)
    assert "Bluesky posts that link arXiv on time 25 November, 08:14 now" in words(client)


def test_what_was_set_aside_is_counted_and_leaves_after_a_week(client: Client) -> None:
    ledgers.late()
    page = words(client)
    assert "Items that could not be understood: 3 of arXiv, 1 of Hugging Face." in page
    assert "arXiv, 2611.00001: 'cs.XX' is no category" in page
    Quarantine.objects.update(seen_at=ledgers.NOW - timedelta(days=7))
    assert "could not be understood" not in words(client)


def test_papers_that_the_feed_named_and_nobody_holds_are_seen(client: Client) -> None:
    ledgers.late()
    page = words(client)
    assert "Tuesday 24 November 37 34 35" in page  # three were set aside; one came otherwise
    assert "Physics 6 6 6 6 6" in page


def test_a_feed_that_was_not_read_is_not_a_list_of_none(client: Client) -> None:
    ledgers.well()
    runs_of(harvest.ARXIV).filter(due_at__date="2026-11-23").update(counts={"papers": 900})
    assert "Monday 23 November – unknown – unknown 34" in words(client)


def test_a_holiday_is_no_listing_day(client: Client) -> None:
    """arXiv announces nothing on 26 November 2026, so 27 November has no list."""
    ledgers.well()
    days = [day["day"] for day in client.get("/status.json").json()["days"]]
    assert days == ["2026-11-25", "2026-11-24", "2026-11-23", "2026-11-20", "2026-11-19"]


def test_a_site_on_which_nothing_ran_is_quiet(client: Client) -> None:
    page = words(client)
    assert "Nothing has been fetched yet arXiv is asked for the first time now." in page
    assert "arXiv papers announced waiting for its first run – now" in page
    for heading in ("Papers arXiv’s lists", "Tweets by day", "Set aside", "What happened", "A bar"):
        assert heading not in page
    assert "late" not in page


def test_a_sample_without_a_way_out_says_so(client: Client) -> None:
    ledgers.of_the_sample()
    ledgers.unreachable()
    page = words(client)
    assert "Nothing has been fetched yet arXiv could not be reached; it is asked again on" in page
    assert "25 November, 09:44 UTC. Until then the days shown are the sample’s." in page
    assert (
        "arXiv, abstracts and papers: could not be reached: Temporary failure in name resolution"
        in page
    )


def test_a_late_digest_is_no_late_source(client: Client, tmp_path: Path) -> None:
    ledgers.well()
    runs_of(harvest.SITE).filter(due_at__date="2026-11-25").delete()
    assert "Everything is on time" in words(client)
    clock_file.write(tmp_path / "clock", ledgers.NOW.replace(hour=12), speed=0)
    page = words(client)
    assert "The digest is late The digest of 24 November is late: it was due on 25" in page


def test_the_same_as_json(client: Client) -> None:
    ledgers.late()
    told = client.get("/status.json").json()
    assert {source["name"]: source["in_words"] for source in told["sources"]} == {
        "arXiv": "on time",
        "X": "switched off",
        "Bluesky": "9 hours late",
        "Hacker News": "on time",
        "Hugging Face": "on time",
    }
    assert told["late"][0]["last_answer"] == "2026-11-24T20:14:00Z"
    assert told["days"][1] | {"groups": {}} == {
        "day": "2026-11-24",
        "announced": 37,
        "held": 34,
        "groups": {},
    }
    assert told["set_aside"] == {"arXiv": 3, "Hugging Face": 1}
    assert told["events"][0]["outcome"] == "next try in 8 minutes"


def test_it_costs_the_same_whatever_happened(client: Client) -> None:
    ledgers.well()
    with CaptureQueriesContext(connection) as few:
        client.get("/status/")
    IngestRun.objects.filter(state="complete").update(state="failed", reason="no answer")
    Digest.objects.update(state="draft")
    for run in IngestRun.objects.all()[:30]:
        ledger.quarantine(run, [Reject(str(n), f"reason {n}") for n in range(5)])
    with CaptureQueriesContext(connection) as many:
        client.get("/status/")
    assert len(many) <= len(few) <= 15


def test_the_process_answers(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_readiness_tells_what_is_missing(client: Client) -> None:
    ledgers.well()
    ready = client.get("/readyz")
    assert ready.json() == {"database": True, "ingest": True, "broker": True}
    assert ready.status_code == 200
    ledgers.silence_bluesky()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["ingest"]) == (503, False)


def test_the_foot_leads_to_it(client: Client) -> None:
    assert f'href="{reverse("papers:status")}"' in client.get("/about/").content.decode()
