"""The log: what an act changed is kept, and given back exactly."""

from datetime import timedelta

import pytest

from accounts.models import User
from papers import counting, ranking
from papers.curation import log
from papers.curation import papers as of_papers
from papers.models import Act, Digest, Paper, PaperCategory, Tweet, Verdict
from tests.factories import (
    DAY,
    MORNING,
    contents,
    make_curator,
    make_digest,
    make_paper,
    make_tweet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db: None) -> User:
    return make_curator()


def world() -> dict[str, list[str]]:
    """What the tables of papers hold but for the log."""
    return {name: rows for name, rows in contents().items() if name != "Act"}


def test_it_works(curator: User) -> None:
    paper = make_paper(score=60)
    before = world()
    act = of_papers.hide(paper, curator, "Withdrawn by its authors.")
    assert not Paper.objects.visible().exists()
    assert act.before == {"papers.paper": {str(paper.pk): {"hidden": False}}}
    assert act.after == {"papers.paper": {str(paper.pk): {"hidden": True}}}
    undoing = log.undo(act, curator, "They did not.")
    assert world() == before
    assert list(Act.objects.order_by("pk")) == [act, undoing]
    assert undoing.undoes == act
    assert (undoing.by, undoing.reason) == (curator, "They did not.")


def test_an_act_that_changes_nothing_is_refused(curator: User) -> None:
    paper = make_paper(hidden=True)
    with pytest.raises(log.Refused, match="Nothing would change"):
        of_papers.hide(paper, curator, "Spam.")
    assert not Act.objects.exists()


def test_rows_that_came_and_went_come_back_with_their_keys(curator: User) -> None:
    paper, other = make_paper(), make_paper(categories=("math.CO", "cs.LG"))
    make_tweet(paper, retweets=4, favorites=6)
    Verdict.objects.create(network="x", handle="bo", kind=Verdict.Kind.BOT)
    before = {str(row.pk): repr(vars(row)).partition("'id'")[2] for row in rows_of_all()}
    act = Act(kind=Act.Kind.MARK_BOT, subject="several", reason="A test.", by=curator)
    watched = [PaperCategory.objects.all(), Verdict.objects.all(), Tweet.objects.all()]
    with log.recorded(act, *watched):
        PaperCategory.objects.filter(paper=other).delete()
        Verdict.objects.update(kind=Verdict.Kind.BLOCKED)
        Verdict.objects.create(network="x", handle="ada", kind=Verdict.Kind.BOT)
        Tweet.objects.update(by_bot=True, posted_at=MORNING - timedelta(microseconds=1))
    assert Act.objects.get().after == act.after
    log.undo(Act.objects.get(), curator, "It was one.")
    assert {str(row.pk): repr(vars(row)).partition("'id'")[2] for row in rows_of_all()} == before


def rows_of_all() -> list[PaperCategory | Verdict | Tweet]:
    return [*PaperCategory.objects.all(), *Verdict.objects.all(), *Tweet.objects.all()]


def test_what_was_undone_is_not_undone_again(curator: User) -> None:
    act = of_papers.hide(make_paper(), curator, "Spam.")
    undoing = log.undo(act, curator, "No spam.")
    for each in (act, undoing):
        with pytest.raises(log.Refused, match="undone already"):
            log.undo(each, curator, "Again.")


def test_of_two_acts_on_one_row_the_later_goes_first(curator: User) -> None:
    paper = make_paper()
    first = of_papers.hide(paper, curator, "Spam.")
    second = of_papers.show(paper, curator, "No spam.")
    with pytest.raises(log.Refused, match="later change first"):
        log.undo(first, curator, "Wrong.")
    log.undo(second, curator, "Spam after all.")
    log.undo(first, curator, "Wrong.")
    assert not Paper.objects.get().hidden


def test_a_draft_follows_and_a_published_day_stays(curator: User) -> None:
    paper, other = make_paper(score=90), make_paper(score=70)
    make_digest(paper, other)
    make_digest(paper, other, date=DAY - timedelta(days=1), state=Digest.State.PUBLISHED)
    act = of_papers.hide(paper, curator, "Spam.")
    draft, published = (
        list(d.entries.values_list("paper", flat=True)) for d in Digest.objects.all()
    )
    assert draft == [other.pk]
    assert published == [paper.pk, other.pk]
    log.undo(act, curator, "No spam.")
    draft = list(Digest.objects.get(date=DAY).entries.values_list("paper", flat=True))
    assert draft == [paper.pk, other.pk]


def test_a_tweet_that_counts_no_more_lowers_the_score_at_once(curator: User) -> None:
    paper = make_paper()
    spam = make_tweet(paper, retweets=30, favorites=60)
    make_tweet(paper, handle="bo", retweets=1, favorites=2)
    counting.count([paper.pk], "x", MORNING)
    ranking.rescore([paper.pk])
    before = world()
    act = Act(kind=Act.Kind.HIDE_TWEET, subject="@ada", reason="Spam.", by=curator)
    with log.recorded(act, Tweet.objects.filter(pk=spam.pk)):
        Tweet.objects.filter(pk=spam.pk).update(hidden=True)
    paper.refresh_from_db()
    assert (paper.score, paper.tweet_count) == (3, 1)
    log.undo(act, curator, "No spam.")
    assert world() == before


def test_an_imported_total_stays(curator: User) -> None:
    paper = make_paper(score=90)
    spam = make_tweet(paper, retweets=30, favorites=60)
    act = Act(kind=Act.Kind.HIDE_TWEET, subject="@ada", reason="Spam.", by=curator)
    with log.recorded(act, Tweet.objects.filter(pk=spam.pk)):
        Tweet.objects.filter(pk=spam.pk).update(hidden=True)
    paper.refresh_from_db()
    assert paper.score == 90
