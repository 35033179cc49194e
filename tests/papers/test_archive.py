"""All of the blog: 230 posts over the sample, out again byte for byte, and in once more."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import feedparser
import pytest
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory

from papers import latex, ranking, sample
from papers.digest_markdown import DigestPost, decode, parse
from papers.feeds import entries
from papers.feeds.atom import Channel, atom_feed
from papers.models import (
    Digest,
    DigestEntry,
    DigestRevision,
    DigestTweet,
    Paper,
    PaperAuthor,
    PaperCategory,
    SearchEntry,
    Tweet,
)
from papers.posts import Outcome, export, import_posts
from tests.factories import raw_tables

pytestmark = [pytest.mark.data, pytest.mark.django_db, pytest.mark.long]

BATCH = 25


@pytest.fixture(scope="module")
def files(posts_dir: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(posts_dir.glob("*.md"))]


@pytest.fixture(scope="module")
def posts(files: list[bytes]) -> list[DigestPost]:
    return [parse(decode(data)) for data in files]


@pytest.fixture(scope="module", autouse=True)
def archive(django_db_setup, django_db_blocker, posts: list[DigestPost]) -> Iterator[None]:
    """The database of this module: the sample, and the posts over it. Made once, undone after."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert sample.load() == len(posts)
        assert set(import_all(posts)) == {Outcome.ADDED}
        yield
        transaction.set_rollback(True)


def import_all(posts: list[DigestPost]) -> list[Outcome]:
    outcomes = []
    for start in range(0, len(posts), BATCH):
        outcomes += import_posts(posts[start : start + BATCH])
    return outcomes


def test_it_works(posts: list[DigestPost], files: list[bytes]):
    for post, data in zip(posts, files, strict=True):
        assert export(post.date).encode() == data


def test_revision_1_is_the_bytes(posts: list[DigestPost], files: list[bytes]):
    held = dict(DigestRevision.objects.values_list("digest__date", "markdown"))
    assert DigestRevision.objects.count() == 230
    assert [held[post.date].encode() for post in posts] == files


def test_totals():
    assert Digest.objects.published().count() == 230
    assert DigestEntry.objects.count() == 2_537
    assert Paper.objects.count() == SearchEntry.objects.count() == 2_533
    assert DigestTweet.objects.count() == 2_829
    assert Tweet.objects.count() == 2_815


def test_nothing_of_the_sample_is_left():
    assert not Digest.objects.filter(from_sample=True).exists()
    assert not Paper.objects.filter(from_sample=True).exists()
    assert not Paper.objects.filter(abstract_is_summary=True).exists()
    assert not DigestEntry.objects.filter(abstract_is_summary=True).exists()
    assert not Tweet.objects.filter(from_sample=True).exists()
    assert not Tweet.objects.filter(text_is_ours=True).exists()


def test_no_time_printed_is_lost(posts: list[DigestPost]):
    for post in posts:
        printed = [entry.observed_at for entry in post.entries]
        held = DigestEntry.objects.filter(digest__date=post.date)
        assert list(held.values_list("observed_at", flat=True)) == printed


def test_a_second_import_changes_no_row(posts: list[DigestPost]):
    before = raw_tables()
    assert set(import_all(posts)) == {Outcome.UNCHANGED}
    assert raw_tables() == before


def test_loading_the_sample_over_it_changes_no_row():
    before = raw_tables()
    assert sample.load() == 0
    assert raw_tables() == before


def test_removing_the_sample_from_it_changes_no_row():
    before = raw_tables()
    assert sample.remove() == 0
    assert raw_tables() == before


def test_scoring_again_changes_no_row():
    before = raw_tables()
    ranking.rescore(Paper.objects.values_list("pk", flat=True))
    assert raw_tables() == before


def test_every_paper_has_its_authors_and_categories():
    names = [(paper, len(names)) for paper, names in columns("author_names")]
    codes = [(paper, len(set(codes))) for paper, codes in columns("category_codes")]
    assert sum(count for _, count in names) == PaperAuthor.objects.count()
    assert sum(count for _, count in codes) == PaperCategory.objects.count()
    assert min(count for _, count in names + codes) > 0


def test_a_feed_says_of_every_paper_what_is_held(rf: RequestFactory):
    """And of no post on X its text."""
    papers = {paper.arxiv_id: paper for paper in Paper.objects.prefetch_related("tweets")}
    document = everything(rf.get("/everything.atom")).content
    found = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    assert len(found.entries) == len(papers)
    for entry in found.entries:
        paper = papers[entry.id.split("/papers/")[1].rstrip("/")]
        assert entry.title == paper.title_text
        assert [author.name for author in entry.authors] == paper.author_names
        assert [tag.term for tag in entry.tags] == paper.category_codes
        said = unescape(entry.content[0].value)
        for part in re.split(r"\n\s*\n", paper.abstract):
            assert latex.to_text(part) in said
        assert not [
            each for each in paper.tweets.all() if len(each.text) > 60 and each.text in said
        ]


@atom_feed
def everything(request: HttpRequest) -> Channel:
    keys = list(Paper.objects.values_list("pk", flat=True))
    return Channel("Everything", "http://papers.example/", "x", entries.of_papers(keys))


def columns(name: str) -> list[tuple[int, list[str]]]:
    return list(Paper.objects.values_list("pk", name))
