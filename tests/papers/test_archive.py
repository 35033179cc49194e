"""All of the blog: 230 posts over the sample, out again byte for byte, and in once more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from papers import ranking, sample
from papers.digest_markdown import DigestPost, decode, parse
from papers.models import (
    Digest,
    DigestEntry,
    DigestRevision,
    DigestTweet,
    Paper,
    PaperAuthor,
    PaperCategory,
    SearchText,
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
    assert Paper.objects.count() == SearchText.objects.count() == 2_533
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


def columns(name: str) -> list[tuple[int, list[str]]]:
    return list(Paper.objects.values_list("pk", name))
