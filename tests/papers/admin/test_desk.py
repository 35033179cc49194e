"""The desk: what it tells, to whom, and what that costs."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.test import Client

from accounts.models import User
from papers import ledger, overview
from papers.curation import papers as of_papers
from papers.models import Digest, IngestRun, Quarantine
from papers.sources.base import Reject
from tests.accounts.conftest import words
from tests.factories import (
    DAY,
    MORNING,
    make_curator,
    make_digest,
    make_paper,
    make_report,
    make_tweet,
)

pytestmark = pytest.mark.django_db
State = IngestRun.State


@pytest.fixture
def desk(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in as a curator, the morning after DAY."""
    monkeypatch.setattr("papers.clock.now", lambda: MORNING)
    client.force_login(make_curator())
    return client


def make_run(source: str, kind: str, days: int, state: str, **fields: Any) -> IngestRun:
    due = MORNING - timedelta(days=days)
    return IngestRun.objects.create(source=source, kind=kind, due_at=due, state=state, **fields)


def make_work() -> None:
    """Something of each that waits."""
    paper = make_paper(score=60)
    before = make_paper(score=60, announced_on=DAY - timedelta(1))
    make_digest(before, date=DAY - timedelta(1), entry_count=1, publish_at=None)
    make_digest(paper, entry_count=1, state="published", published_at=MORNING)
    make_report(paper, tweet=make_tweet(paper, handle="spam"))
    run = make_run("arxiv", "papers", 0, State.FAILED, reason="arXiv answered 503")
    ledger.quarantine(run, [Reject("2106.99999", "it has no title")])
    of_papers.hide(make_paper(), User.objects.get(username="curator"), "Withdrawn.")


def test_it_works(desk: Client) -> None:
    make_work()
    page = words(desk.get("/admin/"))
    for text in (
        "Thursday 10 June 2021 Published 11 June 2021, 09:30 UTC, 1 paper.",
        "1 report @spam on X, under 2106.00001 : it is spam or abuse",
        "1 draft Wednesday 9 June 2021 , 1 paper, without an hour",
        "1 item set aside 2106.99999 : it has no title arXiv",
        "1 failed run arxiv papers due 2021-06-11 09:30 : arXiv answered 503",
        "curator hid a paper: 2106.00003 . Withdrawn.",
    ):
        assert text in page


def test_its_links_lead_where_they_say(desk: Client) -> None:
    make_work()
    page = desk.get("/admin/").content.decode()
    for path in set(re.findall(r'href="(/[^"]+)"', page[page.index('class="desk"') :])):
        assert desk.get(path.replace("&amp;", "&")).status_code == 200, path
    failed = desk.get("/admin/papers/ingestrun/?state__exact=failed").content.decode()
    drafts = desk.get("/admin/papers/digest/?state__exact=draft").content.decode()
    assert failed.count('class="field-state"') == drafts.count('class="field-state"') == 1


def test_where_nothing_waits_it_says_so(desk: Client) -> None:
    page = words(desk.get("/admin/"))
    for text in ("No digest yet", "Nothing waits.", "No run has ended yet.", "Nothing was changed"):
        assert text in page


@pytest.mark.parametrize("times", [1, 9])
def test_it_costs_twelve_queries_whatever_waits(
    desk: Client, times: int, django_assert_max_num_queries: Any
) -> None:
    make_work()
    for days in range(2, 2 + times):
        make_digest(make_paper(), date=DAY - timedelta(days))
        make_report(make_paper())
        run = make_run("x", "tweets", days, State.PARTIAL, reason="x", counts={"tweets": 7})
        ledger.quarantine(run, [Reject("1", "it has no text")])
    caches["process"].clear()
    with django_assert_max_num_queries(12):
        desk.get("/admin/")


def test_a_draft_says_when_it_is_published(desk: Client) -> None:
    make_digest(make_paper())
    assert "it is published 11 June 2021, 09:30 UTC." in words(desk.get("/admin/"))
    Digest.objects.update(publish_at=None)
    assert "waits for somebody to publish it." in words(desk.get("/admin/"))


def test_the_next_day_is_named(desk: Client) -> None:
    page = words(desk.get("/admin/"))
    assert "Next: Friday 11 June 2021, built and published 12 June 2021, 09:00 UTC." in page


def test_a_thing_that_several_report_waits_once(desk: Client) -> None:
    paper = make_paper()
    make_report(paper)
    make_report(paper)
    page = words(desk.get("/admin/"))
    assert "1 report 2106.00001" in page
    assert "say 2 readers" in page


@pytest.mark.parametrize(
    ("right", "told"),
    [
        ("view_digest", "No digest yet"),
        ("view_report", "1 report"),
        ("view_quarantine", "1 item set aside"),
        ("view_ingestrun", "1 failed run"),
        ("view_act", "hid a paper"),
    ],
)
def test_each_part_is_for_who_may_see_it(client: Client, right: str, told: str) -> None:
    make_curator()
    make_work()
    IngestRun.objects.update(due_at=overview.clock.now() - timedelta(hours=1))
    if right == "view_digest":
        Digest.objects.all().delete()
    user = User.objects.create_user("staff", is_staff=True)
    client.force_login(user)
    assert told not in words(client.get("/admin/"))
    user.user_permissions.add(Permission.objects.get(codename=right))
    client.force_login(User.objects.get(pk=user.pk))
    assert told in words(client.get("/admin/"))


def test_who_may_see_nothing_is_told_so(client: Client) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    page = words(client.get("/admin/"))
    assert "permission" in page
    assert "Nothing waits." not in page


# The ingest of 30 days ---------------------------------------------------------------------------


@pytest.fixture
def morning(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers.clock.now", lambda: MORNING)


def test_what_came_is_added_up_day_by_day(morning: None) -> None:
    make_run("arxiv", "papers", 1, State.COMPLETE, counts={"papers": 40, "announcements": 90})
    make_run("arxiv", "papers", 0, State.FAILED, counts={"papers": 3}, reason="x")
    make_run("x", "tweets", 29, State.PARTIAL, counts={"tweets": 7}, reason="x")
    make_run("x", "counts", 29, State.COMPLETE, counts={"tweets": 500})  # asked again: no news
    make_run("x", "tweets", 30, State.COMPLETE, counts={"tweets": 9})
    make_run("x", "tweets", 0, State.RUNNING)
    charts, _ = overview.health()
    arxiv, x = charts
    assert (arxiv.name, arxiv.came, arxiv.failed) == ("arXiv", 43, 1)
    assert arxiv.highest == (date(2021, 6, 10), 40)
    assert arxiv.failed_days == [date(2021, 6, 11)]
    assert arxiv.columns[-2:] == [(40.0, False), (3.0, True)]
    assert (x.came, x.columns[0], len(x.columns)) == (7, (40.0, False), 30)


def test_a_run_that_a_later_one_made_up_for_waits_for_nobody(morning: None) -> None:
    made_up = make_run("x", "tweets", 2, State.FAILED, reason="x")
    make_run("x", "tweets", 1, State.COMPLETE)
    open_run = make_run("x", "counts", 2, State.FAILED, reason="x")
    of_digest = make_run("site", "digest", 2, State.FAILED, reason="x")
    make_run("site", "digest", 1, State.COMPLETE)
    make_run("bluesky", "tweets", 8, State.FAILED, reason="long ago")
    _, failed = overview.health()
    assert failed == [open_run, of_digest]
    assert made_up not in failed


def test_the_charts_say_in_words_what_they_show(desk: Client) -> None:
    make_run("arxiv", "papers", 1, State.COMPLETE, counts={"papers": 1200})
    make_run("arxiv", "papers", 0, State.FAILED, reason="x")
    page = desk.get("/admin/").content.decode()
    label = "arXiv, day by day; most on 10 June: 1,200; failed on 11 June."
    assert f'role="img" aria-label="{label}"' in page
    assert page.count('<rect class="x"') == 1


def test_what_was_settled_waits_no_more(desk: Client) -> None:
    make_work()
    Quarantine.objects.update(resolved_at=MORNING)
    assert "set aside" not in words(desk.get("/admin/"))
