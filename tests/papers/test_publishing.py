"""Publishing in time: a draft is out once, with its stamp and its bytes."""

from datetime import timedelta

import pytest
import time_machine

from papers.curation.editing import publish_due
from papers.digest_markdown import parse, render
from papers.digests import build, publish
from papers.models import Digest, DigestRevision, Paper
from papers.posts import export, import_posts
from tests.factories import DAY, MORNING, make_digest, make_entry, make_paper, make_post

pytestmark = pytest.mark.django_db

NOW = MORNING + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def test_it_works():
    make_digest(make_paper(score=60))
    assert publish_due() == [DAY]
    digest = Digest.objects.get()
    assert (digest.state, digest.published_at, digest.stamp) == ("published", NOW, NOW)


def test_a_draft_is_published_once():
    make_digest(make_paper())
    assert publish_due() == [DAY]
    assert publish_due() == []
    assert DigestRevision.objects.count() == 1


def test_of_two_processes_one_publishes():
    make_digest(make_paper())
    mine, other = Digest.objects.get(), Digest.objects.get()
    assert publish(mine)
    assert not publish(other)
    assert DigestRevision.objects.count() == 1


def test_a_later_draft_waits():
    make_digest(make_paper(), publish_at=NOW + timedelta(seconds=1))
    assert publish_due() == []
    assert Digest.objects.get().state == Digest.State.DRAFT
    assert not DigestRevision.objects.exists()


def test_a_draft_without_an_hour_waits():
    make_digest(make_paper(), publish_at=None)
    assert publish_due() == []


def test_a_draft_waits_for_who_builds_it():
    """The embeds of its tweets may still be on their way."""
    make_paper(score=60, announced_on=DAY)
    digest = build(DAY)
    assert digest
    assert publish_due() == []
    assert publish(digest)


def test_a_draft_is_due_in_its_very_second():
    make_digest(make_paper(), publish_at=NOW)
    assert publish_due() == [DAY]


def test_the_oldest_day_is_published_first():
    days = [DAY + timedelta(days) for days in (1, 0, 4)]
    for day in days:
        make_digest(make_paper(), date=day)
    assert publish_due() == sorted(days)


def test_the_revision_is_the_digest_as_the_blog_would_print_it():
    make_digest(make_paper(score=60), make_paper(score=50))
    publish_due()
    revision = DigestRevision.objects.get()
    assert (revision.number, revision.markdown) == (1, export(DAY))
    post = parse(revision.markdown)
    assert (post.date, post.stamp) == (DAY, NOW)
    assert [(entry.rank, entry.favorites) for entry in post.entries] == [(1, 60), (2, 50)]


def test_a_published_digest_imports_back_unchanged():
    make_digest(make_paper(score=60))
    publish_due()
    before = Digest.objects.values().get()
    assert import_posts([parse(export(DAY))]) == ["unchanged"]
    assert Digest.objects.values().get() == before


def test_a_digest_that_came_with_a_head_keeps_its_stamp():
    post = make_post(make_entry())
    import_posts([post])
    Digest.objects.update(state=Digest.State.DRAFT, publish_at=MORNING)
    publish_due()
    assert [row.number for row in DigestRevision.objects.order_by("number")] == [1, 2]
    assert DigestRevision.objects.get(number=2).markdown == render(post)


def test_a_draft_is_on_no_page(client):
    digest = make_digest(make_paper(score=60))
    assert client.get(digest.get_absolute_url()).status_code == 404
    publish_due()
    assert client.get(digest.get_absolute_url()).status_code == 200


def test_a_draft_without_a_paper_left_waits():
    paper = make_paper(score=60)
    assert build(DAY)
    Digest.objects.update(publish_at=NOW)
    Paper.objects.update(hidden=True)
    assert build(DAY) is None
    assert publish_due() == []
    Paper.objects.filter(pk=paper.pk).update(hidden=False)
    assert build(DAY)
    assert publish_due() == [DAY]


def test_a_draft_that_is_built_anew_keeps_its_late_papers():
    make_paper(score=60)
    late = make_paper(score=70, announced_on=DAY - timedelta(days=1))
    for _ in range(2):
        digest = build(DAY)
        assert digest
        assert digest.entries.filter(paper=late).exists()


def test_a_draft_that_cannot_be_written_out_holds_up_no_other():
    broken = make_digest(make_paper(), date=DAY - timedelta(days=1))
    broken.entries.update(author_line="")
    make_digest(make_paper(score=60, arxiv_id="2106.00077"))
    assert publish_due() == [DAY]
    assert Digest.objects.get(pk=broken.pk).state == Digest.State.DRAFT
