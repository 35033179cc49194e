"""What a first start leaves to curate: it says what it is, and goes without a trace."""

from datetime import timedelta

import pytest
from django.test import Client

from papers import sample, status
from papers.curation import log
from papers.curation import papers as of_papers
from papers.models import Act, Digest, IngestRun, Paper, Quarantine, Sample, Tweet, Verdict
from papers.sample import archive, examples
from papers.selection import Selection, Sort
from tests.accounts.conftest import words
from tests.factories import (
    DAY,
    contents,
    make_curator,
    make_embed,
    make_entry,
    make_post,
    make_tweet,
)

pytestmark = pytest.mark.django_db

FEW = [
    make_post(
        make_entry(arxiv_id="2105.00001", tweets=(make_embed(text="In our words."),)),
        make_entry(arxiv_id="2105.00002", rank=2, retweets=30),
        day=examples.HELD_BACK,
    ),
    make_post(
        make_entry(),
        make_entry(arxiv_id=examples.SPAMMED, rank=2, retweets=20, favorites=40),
        day=DAY,
    ),
]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of the day held back and the one with the spam, in the place of the real one."""
    monkeypatch.setattr(archive, "read", lambda: FEW)
    sample.load()


def hot() -> list[str]:
    page = Selection.from_params(Sort.HOT, {}).page(Paper.objects.newest_day())
    return [paper.arxiv_id for paper in page.papers]


def test_it_works(client: Client) -> None:
    assert hot()[:2] == ["2106.00001", examples.SPAMMED]
    tweet = examples.add()
    assert tweet
    assert tweet.text_is_ours
    assert hot()[:2] == [examples.SPAMMED, "2106.00001"]
    assert "Invented" in words(client.get(f"/papers/{examples.SPAMMED}/"))
    draft = Digest.objects.get(state=Digest.State.DRAFT)
    assert (draft.date, draft.publish_at, draft.entries.count()) == (examples.HELD_BACK, None, 2)
    assert Quarantine.objects.filter(resolved_at=None).count() == 1


def test_it_goes_without_a_trace() -> None:
    before = contents()
    examples.add()
    assert contents() != before
    examples.remove()
    assert contents() == before
    examples.remove()
    assert contents() == before


def test_twice_is_once() -> None:
    examples.add()
    before = contents()
    examples.add()
    assert contents() == before


def test_what_curators_did_to_it_goes_too_and_all_else_stays() -> None:
    curator = make_curator()
    kept = of_papers.hide(Paper.objects.get(arxiv_id="2106.00001"), curator, "Withdrawn.")
    before = contents()
    examples.add()
    tweets = Tweet.objects.filter(handle=examples.HANDLE)
    act = Act(kind=Act.Kind.BLOCK, subject=f"@{examples.HANDLE}", reason="Spam.", by=curator)
    with log.recorded(act, tweets, Verdict.objects.all()):
        tweets.update(by_blocked=True)
        Verdict.objects.create(network="bluesky", handle=examples.HANDLE, kind="blocked")
    log.undo(act, curator, "None.")
    # A paper of the held day was hidden, and with it the draft was built anew.
    hidden = of_papers.hide(Paper.objects.get(arxiv_id="2105.00002"), curator, "Spam.")
    assert Digest.objects.get(state=Digest.State.DRAFT).entries.count() == 1
    log.undo(hidden, curator, "No spam.")
    examples.remove()
    assert set(Act.objects.filter(undoes=None)) == {kept, hidden}
    hidden.undone_by.delete()
    hidden.delete()
    assert contents() == before


def test_a_day_that_a_curator_published_stays_so() -> None:
    examples.add()
    Digest.objects.filter(state=Digest.State.DRAFT).update(
        state=Digest.State.PUBLISHED, introduction="By hand."
    )
    examples.remove()
    assert Digest.objects.get(date=examples.HELD_BACK).introduction == "By hand."


def test_other_totals_of_the_network_stay() -> None:
    paper = Paper.objects.get(arxiv_id=examples.SPAMMED)
    make_tweet(paper, network="bluesky", external_id="real", retweets=2, favorites=3)
    examples.add()
    assert Paper.objects.get(pk=paper.pk).score == 3_765
    examples.remove()
    assert Paper.objects.get(pk=paper.pk).score == 65
    assert Sample.objects.filter(network="bluesky").count() == 1


def test_without_the_sample_there_is_an_item_alone() -> None:
    sample.remove()
    assert examples.add() is None
    assert not Tweet.objects.exists()
    assert not Digest.objects.exists()
    assert Quarantine.objects.exists()
    examples.remove()
    assert not IngestRun.objects.exists()


def test_the_sample_is_removed_with_it() -> None:
    examples.add()
    sample.remove()
    assert not Tweet.objects.exists()
    assert not Digest.objects.exists()


def test_readers_see_nothing_of_the_day_held_back_nor_of_the_item(client: Client) -> None:
    examples.add()
    assert client.get(f"/digests/{examples.HELD_BACK}/").status_code == 404
    assert examples.ITEM not in client.get("/status/").content.decode()


def test_no_job_is_late_for_it() -> None:
    examples.add()
    assert status.late() == []
    first = IngestRun.objects.get()
    assert first.due_at == examples.MOMENT
    assert status.jobs()[0].late_since is None


def test_it_is_of_the_real_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    posts = {post.date: post for post in archive.read()}
    assert any(entry.abstract for entry in posts[examples.HELD_BACK].entries)
    newest = posts[max(posts)]
    assert examples.SPAMMED in {entry.arxiv_id for entry in newest.entries}
    assert newest.stamp < examples.MOMENT + timedelta(hours=3)
