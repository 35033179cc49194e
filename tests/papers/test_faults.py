"""Every fault of an upstream, wherever it can befall a run, judged by the seeded world's truth.

While a fault lasts, the run says so: planned again, partial or failed with a reason, or an item set
aside with its own; never complete with less than there is. When it is over, the run or the next one
brings all of it, each thing once and right.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers import clock, harvest, ledger
from papers.models import Digest, DigestTweet, Paper, Quarantine, Tweet
from papers.sources import hackernews, http, huggingface, x
from tests.papers.seeded import Sky, sky
from tests.papers.trials import (
    MORNING,
    SERVICES,
    SOUND,
    Service,
    State,
    begin,
    follow,
    judge,
    landed,
    meet,
    recover,
    run_of,
    undone,
)
from tests.upstream import faults
from tests.upstream.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.long]

EVERYWHERE = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)

UNANSWERED = {
    "429 without a time": faults.status(429),
    "429 with a time": faults.status(429, retry_after="600"),
    "500": faults.status(500),
    "503": faults.status(503, retry_after="soon"),
    "hang": faults.hang(30),
    "one byte at a time": faults.drip(0.2),
    "one byte at a time from the headers on": faults.drip(0.2, slow_head=True),
    "cut": faults.cut(),
    "gzip bomb": faults.gzip_bomb(),
    "down": faults.down(),
}
UNREADABLE = {
    "wrong length": faults.wrong_length(),
    "html": faults.html(),
    "xml bomb": faults.xml_bomb(),
    "nesting": faults.nesting(),
    "wrong charset": faults.wrong_charset(),
}
HARMLESS = {"repeated": faults.repeated(), "shuffled": faults.shuffled(5)}


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Sky]:
    """A small world in smaller pages, so that there are several of each kind."""
    monkeypatch.setattr(x, "LARGEST_PAGE", 25)
    monkeypatch.setattr(hackernews, "PAGE_SIZE", 2)
    monkeypatch.setattr(huggingface, "PAGE_SIZE", 2)
    world = World(seed=57, start=date(2026, 11, 9), days=4, papers_per_day=5)
    with sky(world, tmp_path, monkeypatch, settings, oai_page=10) as found:
        yield found


@EVERYWHERE
def test_it_works(found: Sky, service: Service) -> None:
    begin(found, service)
    assert run_of(service.source, service.kind).state == State.COMPLETE
    assert landed() > 1
    assert not Quarantine.objects.exists()
    judge(found, service)


@EVERYWHERE
def test_what_does_not_come_is_asked_for_again(
    found: Sky, service: Service, subtests: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(found, service)
    for name, fault in UNANSWERED.items():
        with subtests.test(name), undone(), monkeypatch.context() as patch:
            if fault.delivery.hang or fault.delivery.interval:
                patch.setattr(http, "READ_TIMEOUT", 0.5)
                patch.setattr(http, "TOTAL_TIMEOUT", 0.7)
            run = meet(found, service, fault)
            assert (run.state, run.attempts) == (State.PLANNED, 1)
            assert run.not_before > clock.now()
            patch.undo()
            assert recover(found, run).state == State.COMPLETE
            judge(found, service)


@EVERYWHERE
def test_what_cannot_be_read_is_asked_for_again(
    found: Sky, service: Service, subtests: Any
) -> None:
    begin(found, service)
    for name, fault in UNREADABLE.items():
        with subtests.test(name), undone():
            run = meet(found, service, fault)
            if service.is_single:
                assert run.state == State.COMPLETE
                assert run.quarantined.get().reason
            else:
                assert run.state == State.PLANNED
            assert recover(found, run).state == State.COMPLETE
            judge(found, service)


@EVERYWHERE
def test_no_redirect_is_followed_to_another_host(found: Sky, service: Service) -> None:
    begin(found, service)
    run = meet(found, service, faults.redirect())
    assert run.state == State.FAILED
    assert "not one of its hosts" in run.reason
    assert follow(found, run).state == State.COMPLETE
    judge(found, service)


@EVERYWHERE
def test_what_comes_twice_or_in_another_order_is_the_same(
    found: Sky, service: Service, subtests: Any
) -> None:
    begin(found, service)
    for name, fault in HARMLESS.items():
        with subtests.test(name), undone():
            assert meet(found, service, fault).state == State.COMPLETE
            judge(found, service)


@EVERYWHERE
def test_one_item_that_nobody_understands_is_set_aside(
    found: Sky, service: Service, subtests: Any
) -> None:
    begin(found, service)
    with undone():
        run_of(service.source, service.kind)
        whole = landed()
    for fault in (
        faults.missing_field(service.name),
        faults.renamed_field(service.name, "renamed"),
    ):
        with subtests.test(fault.name), undone():
            run = meet(found, service, fault)
            assert run.state == State.COMPLETE
            # X's look-up misses what it was asked for besides.
            assert 1 <= run.quarantined.exclude(reason="").count() <= 2
            assert whole - 2 <= landed() < whole + 1


@EVERYWHERE
def test_a_field_that_is_renamed_everywhere_ends_no_run_well(
    found: Sky, service: Service, subtests: Any
) -> None:
    begin(found, service)
    for fault in (
        faults.missing_field(service.name, item=None),
        faults.renamed_field(service.name, "renamed", item=None),
    ):
        with subtests.test(fault.name), undone():
            run = meet(found, service, fault, always=True)
            assert run.state == State.PLANNED
            assert "could not be understood" in run.reason
            assert recover(found, run).state == State.COMPLETE
            judge(found, service)


@EVERYWHERE
def test_an_empty_page_hides_nothing(found: Sky, service: Service, subtests: Any) -> None:
    """Where an answer plainly says that there is nothing, the next run asks from there again."""
    begin(found, service)
    is_long = service.path in {"/oai", "/2/tweets/search", "/api/v1/", "/api/daily"}
    for before in [0, 1] if is_long else [0]:
        with subtests.test(before=before), undone():
            run = meet(found, service, *[SOUND] * before, faults.empty())
            if run.state == State.COMPLETE:
                follow(found, run)
            else:
                assert recover(found, run).state == State.COMPLETE
            judge(found, service)


# What is asked in other ways --------------------------------------------------------------------


def test_an_empty_page_of_a_search_on_x_is_not_its_end(found: Sky) -> None:
    service = SERVICES["X's search"]
    begin(found, service)
    assert meet(found, service, faults.blank_page()).state == State.COMPLETE
    judge(found, service)


STREAM = Service("/subscribe", "bluesky", harvest.TWEETS, "did")


def test_a_stream_that_breaks_off_is_read_again_from_there(found: Sky, subtests: Any) -> None:
    begin(found, STREAM)
    for fault in (
        *(faults.status(429, retry_after="60"), faults.status(500), faults.status(503)),
        *(faults.cut(), faults.down(), faults.renamed_field("commit.operation", "verb")),
    ):
        with subtests.test(fault.name), undone():
            run = meet(found, STREAM, fault)
            assert (run.state, run.attempts) == (State.PLANNED, 1)
            assert recover(found, run).state == State.COMPLETE
            judge(found, STREAM)
    with undone():
        assert meet(found, STREAM, faults.repeated()).state == State.COMPLETE
        judge(found, STREAM)


def test_a_stream_that_falls_silent_leaves_its_rest_to_the_next_run(
    found: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(found, STREAM)
    with monkeypatch.context() as patch:
        patch.setattr(http, "READ_TIMEOUT", 0.5)
        run = meet(found, STREAM, faults.hang(30))
    assert (run.state, "ended before the present" in run.reason) == (State.PARTIAL, True)
    assert follow(found, run).state == State.COMPLETE
    judge(found, STREAM)


def test_a_digest_says_which_embeds_did_not_come(found: Sky, subtests: Any) -> None:
    begin(found, SERVICES["arXiv's list"])
    run_of("arxiv", harvest.PAPERS)
    for hours in (16, 26):
        found.move_to(MORNING + timedelta(hours=hours))
        run_of("x", harvest.TWEETS)
    printing = Service("/oembed", "site", harvest.DIGEST, "html")
    broken = [
        faults.status(503),
        faults.cut(),
        faults.redirect(),
        faults.renamed_field("html", "h"),
    ]
    for fault in (*broken, *UNREADABLE.values(), faults.gzip_bomb(), faults.down()):
        with subtests.test(fault.name), undone():
            run = meet(found, printing, fault)
            assert (run.state, "links stand in their place" in run.reason) == (State.PARTIAL, True)
            printed = DigestTweet.objects.filter(tweet__network="x").values_list("html", flat=True)
            assert printed
            assert all(html == "" or "twitter-tweet" in html for html in printed)


# In the course of time --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "path", "second"),
    [
        (("x", harvest.TWEETS), "/2/tweets/search", ("x", harvest.COUNTS)),
        (("arxiv", harvest.PAPERS), "/oai", ("hackernews", harvest.TWEETS)),
    ],
    ids=["another kind", "another source, that looks papers up"],
)
def test_who_asks_to_wait_is_left_in_peace_by_all(
    found: Sky, first: tuple[str, str], path: str, second: tuple[str, str]
) -> None:
    source = first[0]
    begin(found, SERVICES["X's look-ups"] if source == "x" else SERVICES["arXiv's list"])
    found.upstream.misbehave(path, faults.status(503, retry_after="7200"))
    runs = [run_of(*first)]
    asked = len(found.upstream.log.entries(source))
    Paper.objects.filter(tweets=None).delete()
    runs.append(run_of(*second))
    assert len(found.upstream.log.entries(source)) == asked
    assert f"{source} asked to be left in peace" in runs[1].reason
    for run in runs:
        assert run.state == State.PLANNED
        assert run.not_before >= clock.now() + timedelta(seconds=7190)
    for run in runs:
        assert recover(found, run).state == State.COMPLETE


def test_an_old_version_that_comes_late_changes_nothing(found: Sky) -> None:
    service = SERVICES["arXiv's list"]
    begin(found, service)
    run = run_of("arxiv", harvest.PAPERS)
    assert {event.kind for event in found.world.listing(MORNING.date())} >= {"replace"}
    before = dict(Paper.objects.values_list("arxiv_id", "title"))
    found.upstream.misbehave("/oai", faults.old_version(), always=True)
    ledger.reopen(run)
    assert recover(found, run).state == State.COMPLETE
    assert dict(Paper.objects.values_list("arxiv_id", "title")) == before
    judge(found, service)


@pytest.mark.parametrize(
    ("network", "upstream"),
    [
        ("x", "x"),
        ("bluesky", "jetstream"),
        ("hackernews", "hackernews"),
        ("huggingface", "huggingface"),
    ],
)
def test_three_days_without_a_network_are_caught_up(
    found: Sky, network: str, upstream: str
) -> None:
    found.move_to(MORNING)
    run = run_of(network, harvest.TWEETS)
    with found.upstream.offline(upstream):
        for _ in range(6):
            found.move_to(clock.now() + timedelta(hours=12))
            run = recover(found, run_of(network, harvest.TWEETS))
            assert (run.state, run.attempts) == (State.FAILED, ledger.MAX_ATTEMPTS)
            assert "could not be reached" in run.reason or "does not open" in run.reason
    run = follow(found, run)
    since = MORNING - harvest.OVERLAP
    if network == "bluesky":  # whose stream goes back 36 hours, and that is said
        assert (run.state, "hours that were missed" in run.reason) == (State.PARTIAL, True)
        since = clock.now() - timedelta(hours=36)
    else:
        assert run.state == State.COMPLETE
    alive = found.world.tweets_alive(clock.now() - timedelta(minutes=1), network)
    truth = {tweet.external_id for tweet in alive if tweet.posted_at > since}
    assert truth <= set(Tweet.objects.values_list("external_id", flat=True))


def test_three_days_without_arxiv_are_caught_up_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    world = World(seed=3, start=date(2026, 11, 9), days=5, papers_per_day=5)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(datetime(2026, 11, 9, 7, tzinfo=UTC))
        found.settle()
        with found.upstream.offline("arxiv"):
            for day in (10, 11, 12):
                found.move_to(datetime(2026, 11, day, 7, tzinfo=UTC))
                found.settle()
        for day in (13, 14):
            for hour in range(0, 24, 3):
                found.move_to(datetime(2026, 11, day, hour, 5, tzinfo=UTC))
                found.settle()
    announced = {paper.arxiv_id for paper in world.papers_announced(clock.now())}
    assert announced <= set(Paper.objects.values_list("arxiv_id", flat=True))
    days = list(Digest.objects.order_by("published_at").values_list("date", flat=True))
    assert days == sorted(days)
    assert days[-1] == date(2026, 11, 13)


# Memory -----------------------------------------------------------------------------------------

BOMBS = r"""
import re, sys, django
django.setup()
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from papers import harvest
from papers.sources import answers, arxiv, http
from papers.sources.base import SourceError
oai, api, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
hosts = frozenset(urlsplit(url).netloc for url in (oai, api))
gate = SimpleNamespace(turn=lambda *about: nullcontext())
fetch = http.Http(http.Upstream("bomber", hosts, 0.0), gate, "test")
for _ in range(times):
    for ask in (
        lambda: list(arxiv.ArXiv(fetch, oai_url=oai).harvest(date(2026, 11, 9))),
        lambda: answers.decode(fetch(f"{api}/api/daily_papers"), "bomber"),
    ):
        try:
            print("parsed", len(ask()))
        except SourceError as error:
            print("refused", error)
# Not `getrusage`: what it tells begins with the memory of the process that started this one.
print(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def test_no_bomb_takes_300_megabytes(found: Sky) -> None:
    bombs = [faults.gzip_bomb(), faults.xml_bomb(), faults.nesting(), faults.crowd()]
    addresses = found.upstream.environment
    for path in ("/oai", "/api/daily"):
        found.upstream.misbehave(path, *bombs)
    where = [addresses["ARXIV_OAI_URL"], addresses["HUGGINGFACE_API_URL"], str(len(bombs))]
    process = subprocess.run(
        [sys.executable, "-c", BOMBS, *where],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hotpapers.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    *ends, kilobytes = process.stdout.splitlines()
    assert [end.split()[0] for end in ends] == ["refused"] * 2 * len(bombs)
    assert found.upstream.faults_waiting == 0
    assert int(kilobytes) < 300 * 1024
