"""The seeded world is the same each time; its servers keep a log and run by themselves."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from papers import identifiers
from papers.tweet_embed import snowflake_time
from tests.upstream import calendar, faults
from tests.upstream.client import START, Clock, ask
from tests.upstream.clock_file import clock, write
from tests.upstream.server import Upstream
from tests.upstream.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(7, START, 10)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def upstream(world: World, now: Clock) -> Iterator[Upstream]:
    with Upstream(world, now) as playing:
        yield playing


@pytest.fixture
def feed(upstream: Upstream) -> str:
    return f"{upstream.environment['ARXIV_RSS_URL']}/cs.LG"


def test_the_same_seed_makes_the_same_world_in_any_process(world: World) -> None:
    again = World(7, START, 10)
    assert (again.papers, again.events) == (world.papers, world.events)
    assert (again.tweets, again.noise) == (world.tweets, world.noise)
    code = (
        "from datetime import date; from tests.upstream.world import World;"
        " print([t.external_id for t in World(7, date(2026, 11, 9), 10).tweets][-1])"
    )
    root = Path(__file__).resolve().parent.parent
    told = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert told.stdout.strip() == world.tweets[-1].external_id
    assert World(8, START, 10).papers != world.papers


def test_papers_have_ids_of_their_month_and_listings_are_weekdays(world: World) -> None:
    assert [day.weekday() for day in world.listings] == [0, 1, 2, 3, 4, 0, 1, 2]
    for paper in world.papers:
        assert identifiers.canonical(paper.arxiv_id) == paper.arxiv_id
        assert paper.listing is None or paper.arxiv_id.startswith("2611.")
    ids = [paper.arxiv_id for paper in world.papers]
    assert len(set(ids)) == len(ids)


def test_what_is_listed_on_the_first_has_the_month_before() -> None:
    first = World(1, date(2026, 12, 1), 1).papers[-1]
    assert first.arxiv_id.startswith("2611.")
    assert first.announced_at == datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_no_listing_follows_a_holiday_evening() -> None:
    days = calendar.listing_days(date(2026, 11, 23), 7)
    assert [day.day for day in days] == [23, 24, 25, 26]


def test_papers_are_announced_at_eight_in_the_evening_before(world: World) -> None:
    evening = datetime(2026, 11, 10, 1, tzinfo=UTC)
    before = world.papers_announced(evening - timedelta(seconds=1))
    assert {paper.listing for paper in before} == {START}
    assert {paper.listing for paper in world.papers_announced(evening)} == {
        START,
        date(2026, 11, 10),
    }


def test_the_world_has_what_makes_harvesting_hard(world: World) -> None:
    kinds = {event.kind for event in world.events}
    assert kinds == {"new", "replace", "cross"}
    versions = [version for paper in world.papers for version in paper.versions]
    assert any(version.withdrawn for version in versions)
    assert any(len(version.title) > 250 for version in versions)
    assert any("$" in version.title for version in versions)
    names = "".join(person.name for paper in world.papers for person in paper.authors)
    assert all(any(low <= letter <= high for letter in names) for low, high in SCRIPTS)
    assert any(tweet.deleted_at for tweet in world.tweets)
    assert {tweet.network for tweet in world.tweets} == {
        "x",
        "bluesky",
        "hackernews",
        "huggingface",
    }
    assert any(len(tweet.papers) > 1 for tweet in world.tweets)


SCRIPTS = (("\u00e0", "\u017f"), ("\u0590", "\u05ff"), ("\u0600", "\u06ff"), ("\u4e00", "\u9fff"))


def test_links_name_the_papers_they_are_said_to_name(world: World) -> None:
    for tweet in (*world.tweets, *world.noise):
        assert tuple(identifiers.find(" ".join(tweet.links))) == tweet.papers


def test_an_id_of_x_holds_the_time_of_its_tweet(world: World) -> None:
    for tweet in world.tweets_posted(datetime(2027, 1, 1, tzinfo=UTC), "x"):
        assert snowflake_time(tweet.external_id) == tweet.posted_at


def test_counts_grow_level_off_and_add_up(world: World) -> None:
    # A story of Hacker News begins with its submitter's own point.
    others = (tweet for tweet in world.tweets if tweet.network != "hackernews")
    tweet = max(others, key=lambda one: one.final.score)
    at = [tweet.posted_at + timedelta(hours=hours) for hours in (-1, 0, 2, 10, 50, 1000)]
    scores = [world.counts(tweet, moment).score for moment in at]
    assert scores == sorted(scores)
    assert scores[:2] == [0, 0]
    assert scores[-1] == tweet.final.score
    arxiv_id, late = tweet.papers[0], datetime(2026, 12, 24, tzinfo=UTC)
    alive = [one for one in world.tweets_alive(late) if arxiv_id in one.papers]
    assert world.score(arxiv_id, late) == sum(world.counts(one, late).score for one in alive)
    assert world.top(START, late)[0][1] >= 50


def test_the_log_tells_gaps_and_overlaps(upstream: Upstream, feed: str) -> None:
    ask(feed)
    time.sleep(0.2)
    ask(upstream.environment["ARXIV_API_URL"], {"id_list": "2106.05237"})
    assert [0.2 <= gap < 0.6 for gap in upstream.gaps("arxiv")] == [True]
    assert upstream.overlaps("arxiv") == 0
    assert upstream.gaps("x") == []
    upstream.misbehave("/rss", faults.hang(0.3))
    slow = threading.Thread(target=ask, args=(feed,))
    slow.start()
    time.sleep(0.1)
    ask(feed)
    slow.join()
    assert upstream.overlaps("arxiv") == 1
    last = upstream.log[-1]
    assert (last.upstream, last.status) == ("arxiv", 200)
    assert last.path == urlsplit(feed).path
    assert upstream.log[1].path.endswith(f"?id_list={quote('2106.05237')}")


def test_the_clock_file_sets_moment_and_speed(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write(file, datetime(2026, 11, 9, tzinfo=UTC), speed=3600)
    now = clock(file)
    first = now()
    time.sleep(0.05)
    assert timedelta(minutes=2) < now() - first < timedelta(minutes=30)
    file.write_text("-3600")
    assert abs(now() - datetime.now(UTC) + timedelta(hours=1)) < timedelta(seconds=5)


def test_it_runs_in_the_foreground(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.upstream", "--seed", "7", "--days", "2"]
    command += [
        "--start",
        "2026-11-09",
        "--papers-per-day",
        "5",
        "--clock",
        str(tmp_path / "clock"),
    ]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        lines = [running.stdout.readline() for _ in range(12)]
        exported = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        assert ask(f"{exported['ARXIV_RSS_URL']}/cs.LG").status == 200
        running.terminate()
        assert running.wait(10) == 0
    assert exported["CLOCK_FILE"] == str(tmp_path / "clock")
