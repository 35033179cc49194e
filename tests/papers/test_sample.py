"""The sample: what it says, what gives way to it, and that it leaves without a trace."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from papers import sample
from papers.curation import papers as of_papers
from papers.models import Author, Digest, DigestEntry, Paper, Tweet
from papers.posts import import_posts
from papers.sample import archive
from tests.factories import (
    DAY,
    MORNING,
    contents,
    make_embed,
    make_entry,
    make_paper,
    make_post,
    raw_tables,
)

pytestmark = pytest.mark.django_db

DAYS = [
    make_post(make_entry(tweets=(make_embed(text="In our words."),), abstract="Ours.")),
    make_post(make_entry(arxiv_id="2106.00002"), day=DAY + timedelta(1)),
]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of two days in the place of the real one, which takes seconds to load."""
    monkeypatch.setattr(archive, "read", lambda: DAYS)


def test_it_works(small):
    assert sample.load() == 2
    assert set(Digest.objects.values_list("date", flat=True)) == {DAY, DAY + timedelta(1)}
    assert Digest.objects.filter(from_sample=True).count() == 2


def test_loading_twice_changes_nothing(small):
    sample.load()
    before = raw_tables()
    assert sample.load() == 0
    assert raw_tables() == before


def test_removing_restores_the_emptiness(small):
    before = raw_tables()
    sample.load()
    assert sample.remove() == 2
    assert raw_tables() == before


def test_our_words_say_that_they_are_ours(small):
    sample.load()
    assert Paper.objects.get(arxiv_id="2106.00001").abstract_is_summary
    assert DigestEntry.objects.get(digest__date=DAY).abstract_is_summary
    assert Tweet.objects.get().text_is_ours


def test_a_paper_without_a_summary_is_not_said_to_have_one(small, monkeypatch):
    bare = make_post(make_entry(abstract="", tweets=(make_embed(text=""),)))
    monkeypatch.setattr(archive, "read", lambda: [bare])
    sample.load()
    assert not Paper.objects.get().abstract_is_summary
    assert not Tweet.objects.get().text_is_ours


def test_a_day_that_is_held_stays(small):
    import_posts([make_post(make_entry(title="As Really Printed"))])
    assert sample.load() == 1
    assert DigestEntry.objects.get(digest__date=DAY).title == "As Really Printed"
    assert not Digest.objects.get(date=DAY).from_sample


def test_removing_leaves_real_posts_alone(small):
    import_posts([make_post(make_entry(title="As Really Printed", tweets=(make_embed(),)))])
    before = contents()
    sample.load()
    assert sample.remove() == 1
    assert contents() == before


@pytest.mark.parametrize("days", [-1, 4], ids=["before the sample's day", "after it"])
def test_removing_takes_back_what_was_said_of_a_real_paper(small, days: int):
    """A paper may stand in a real post and in a day of the sample: its totals and its listing
    day are those of the post alone again."""
    moment = MORNING + timedelta(days)
    import_posts([make_post(make_entry(observed_at=moment), day=DAY + timedelta(days))])
    before = contents()
    sample.load()
    assert contents() != before
    sample.remove()
    assert contents() == before


def test_removing_leaves_papers_of_other_sources(small):
    make_paper(arxiv_id="2106.00009", score=3)
    before = contents()
    sample.load()
    sample.remove()
    assert contents() == before


def test_a_day_that_a_curator_corrected_stays(small):
    later = DAY + timedelta(4)
    import_posts([make_post(make_entry(), day=later)])
    sample.load()
    corrected = date(2021, 6, 8)
    of_papers.correct_listing_day(Paper.objects.get(from_sample=False), None, "A slip.", corrected)
    sample.remove()
    paper = Paper.objects.get()
    assert (paper.announced_on, paper.told("announced_on")) == (corrected, later)


def test_a_tweet_of_the_sample_goes_though_its_paper_stays(small):
    import_posts([make_post(make_entry(), day=DAY + timedelta(4))])
    sample.load()
    assert Tweet.objects.exists()
    sample.remove()
    assert not Tweet.objects.exists()
    assert Paper.objects.get().tweet_count == 0


# The committed file ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def posts():
    return archive.read()


def test_the_file_holds_facts_of_230_days(posts):
    assert len(posts) == len({post.date for post in posts}) == 230
    assert sum(len(post.entries) for post in posts) == 2_537
    assert (posts[0].date, posts[-1].date) == (date(2020, 7, 1), date(2021, 6, 10))


def test_the_file_holds_no_embed(posts):
    embeds = [embed for post in posts for entry in post.entries for embed in entry.tweets]
    assert len(embeds) == 2_829
    assert not any(embed.html for embed in embeds)


def test_every_word_of_ours_is_used(posts):
    entries = [entry for post in posts for entry in post.entries]
    summaries = {entry.arxiv_id for entry in entries if entry.abstract}
    lines = {embed.external_id for entry in entries for embed in entry.tweets if embed.text}
    assert (len(summaries), len(lines)) == (53, 66)


def test_facts_are_read_as_they_were_written(monkeypatch, tmp_path):
    embed = make_embed(text="", posted_at=None, external_id="1", language="", direction="")
    embed = replace(embed, url="https://twitter.com/ada/status/1")
    post = replace(make_post(make_entry(abstract="", tweets=(embed,))), head="")
    monkeypatch.setattr(archive, "FACTS", tmp_path / "facts.json.gz")
    archive.write([post])
    assert archive.read() == [post]


def test_the_whole_sample_loads_and_goes(posts):
    before = raw_tables()
    assert sample.load() == 230
    assert Author.objects.count() > 5_000
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what a test holds back in one transaction nothing else counts
    assert sample.remove() == 230
    assert raw_tables() == before
