"""Editing a day: what is saved, what is printed, what comes back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import Model
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from papers import digests, posts
from papers.arrangement import Arrangement, computed, places, printed
from papers.curation import editing, log
from papers.digest_markdown import parse
from papers.models import (
    Act,
    Digest,
    DigestEdit,
    DigestEntry,
    DigestRevision,
    DigestTweet,
    Paper,
)
from tests.factories import (
    DAY,
    MORNING,
    make_curator,
    make_digest,
    make_entry,
    make_paper,
    make_post,
    make_tweet,
)

pytestmark = pytest.mark.django_db
NOW = MORNING + timedelta(minutes=1)
REASON = "The order was unfair."


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def curator(db: None) -> User:
    return make_curator()


@pytest.fixture
def papers(db: None) -> list[Paper]:
    return [make_paper(score=score) for score in (90, 80, 70, 60)]


def rows() -> list[str]:
    """Every row of days, keys included, but for what only grows: revisions and editions."""
    Digest.objects.update(edition=0)
    tables: list[type[Model]] = [Digest, DigestEntry, DigestTweet, DigestEdit]
    return [repr(row) for t in tables for row in t._default_manager.order_by("pk").values_list()]


def publish(digest: Digest, wanted: Arrangement, by: User, reason: str = REASON) -> Act:
    digest.refresh_from_db()
    return editing.publish(digest, wanted, digest.edition, by, reason)


def keys(digest: Digest) -> list[int]:
    return list(digest.entries.printed().values_list("paper", flat=True))


def test_it_works(curator: User, papers: list[Paper]) -> None:
    a, b, c, d = (paper.pk for paper in papers)
    digest = make_digest(*papers)
    wanted = Arrangement(
        "Speech **leads**.", (c, a, b, d), frozenset({c}), frozenset({b}), {a: "So *old*."}
    )
    act = publish(digest, wanted, curator)
    digest.refresh_from_db()
    found = digest.entries.order_by("rank", "left_out").values_list(
        "paper", "rank", "computed_rank", "pinned", "left_out", "note"
    )
    assert list(found) == [
        (c, 1, 3, True, False, ""),
        (a, 2, 1, False, False, "So *old*."),
        (b, 2, None, False, True, ""),
        (d, 3, 4, False, False, ""),
    ]
    assert (digest.state, digest.introduction) == ("published", "Speech **leads**.")
    assert (digest.entry_count, digest.score, digest.stamp) == (3, 220, NOW)
    revision = DigestRevision.objects.get()
    assert (revision.number, revision.reason, revision.created_by) == (1, REASON, curator)
    post = parse(revision.markdown)
    assert (post.introduction, post.entries[1].note) == ("Speech **leads**.", "So *old*.")
    assert [entry.arxiv_id for entry in post.entries] == [
        papers[index].arxiv_id for index in (2, 0, 3)
    ]
    assert (act.kind, act.by, act.digest) == (Act.Kind.PUBLISH, curator, digest)


# What is pending ---------------------------------------------------------------------------------


def test_readers_see_nothing_of_what_is_saved(curator: User, papers: list[Paper]) -> None:
    digest = make_digest(*papers, state="published")
    before = posts.export(DAY)
    wanted = Arrangement("Later.", (), frozenset(), frozenset({papers[0].pk}))
    editing.save(digest, wanted, 0, curator)
    assert posts.export(DAY) == before
    assert editing.wanted(digest, list(digest.entries.all())) == wanted
    assert Digest.objects.get().edition == 1


def test_what_changes_nothing_is_not_kept(curator: User, papers: list[Paper]) -> None:
    digest = make_digest(*papers)
    same = tuple(paper.pk for paper in papers)
    editing.save(digest, Arrangement("Words."), 0, curator)
    editing.save(digest, Arrangement("", same, notes={same[0]: ""}), 1, curator)
    assert not DigestEdit.objects.exists()
    editing.save(digest, Arrangement("Words."), 2, curator)
    editing.discard(digest, 3)
    assert not DigestEdit.objects.exists()


SECOND = Arrangement("The second.")


@pytest.mark.parametrize(
    "act",
    [
        lambda digest, by: editing.save(digest, SECOND, 0, by),
        lambda digest, by: editing.publish(digest, SECOND, 0, by, REASON),
        lambda digest, by: editing.discard(digest, 0),
    ],
)
def test_of_two_editors_the_second_is_told(curator: User, papers: list[Paper], act: Any) -> None:
    digest = make_digest(*papers)
    editing.save(digest, Arrangement("The first."), 0, curator)
    with pytest.raises(editing.Outdated):
        act(digest, make_curator("bo"))
    assert DigestEdit.objects.get().introduction == "The first."
    assert not Act.objects.exists()


def test_a_draft_is_built_anew_under_what_is_saved(curator: User, papers: list[Paper]) -> None:
    a, b, c, d = (paper.pk for paper in papers)
    digest = digests.build(DAY)
    assert digest
    wanted = Arrangement("", (d, a, b, c), frozenset({d}), frozenset({a}), {b: "Noted."})
    editing.save(digest, wanted, 0, curator)
    best, low = make_paper(score=100), make_paper(score=55)
    Paper.objects.filter(pk=c).update(hidden=True)
    digests.build(DAY)
    digest.refresh_from_db()
    entries = list(digest.entries.all())
    assert computed(entries) == [best.pk, a, b, d, low.pk]
    found = places(entries, editing.wanted(digest, entries))
    assert [(p.entry.paper_id, p.rank) for p in found] == [
        (d, 1),
        (best.pk, 2),
        (a, None),
        (b, 3),
        (low.pk, 4),
    ]
    assert found[3].note == "Noted."


def test_without_an_order_a_draft_follows_its_scores(curator: User, papers: list[Paper]) -> None:
    digest = digests.build(DAY)
    assert digest
    same = tuple(paper.pk for paper in papers)
    editing.save(digest, Arrangement("Words.", same), 0, curator)
    best = make_paper(score=100)
    digests.build(DAY)
    entries = list(digest.entries.all())
    found = places(entries, editing.wanted(digest, entries))
    assert [place.entry.paper_id for place in found] == [best.pk, *same]


def test_at_its_hour_a_draft_is_published_as_saved(curator: User, papers: list[Paper]) -> None:
    digest = make_digest(*papers)
    editing.save(digest, Arrangement("Words.", left_out=frozenset({papers[0].pk})), 0, curator)
    assert editing.publish_due() == [DAY]
    digest.refresh_from_db()
    assert (digest.introduction, keys(digest)) == ("Words.", [p.pk for p in papers[1:]])
    act = Act.objects.get()
    assert (act.kind, act.by, act.reason) == (Act.Kind.PUBLISH, curator, editing.IN_TIME)
    assert not DigestEdit.objects.exists()
    assert editing.publish_due() == []


def test_a_day_is_not_emptied(curator: User, papers: list[Paper]) -> None:
    digest = make_digest(*papers)
    wanted = Arrangement("", left_out=frozenset(paper.pk for paper in papers))
    with pytest.raises(log.Refused, match="prints one paper at least"):
        publish(digest, wanted, curator)
    assert Digest.objects.get().state == Digest.State.DRAFT


# Revisions ---------------------------------------------------------------------------------------


def test_a_correction_is_a_further_revision(curator: User) -> None:
    post = make_post(
        make_entry(), make_entry(rank=2, arxiv_id="2106.00002", spacing=(1, 1, 1, 0, 1, 0))
    )
    posts.import_posts([post])
    first = DigestRevision.objects.get().markdown
    digest = Digest.objects.get()
    order = tuple(reversed(keys(digest)))
    act = publish(digest, Arrangement("Sorry.", order), curator)
    assert (act.kind, act.reason) == (Act.Kind.REVISE, REASON)
    second = DigestRevision.objects.get(number=2)
    assert [e.arxiv_id for e in parse(second.markdown).entries] == ["2106.00002", "2106.00001"]
    assert (second.reason, second.created_by) == (REASON, curator)
    log.undo(act, curator, "It was right.")
    third = DigestRevision.objects.get(number=3)
    assert (third.markdown, third.reason) == (first, "It was right.")
    assert DigestRevision.objects.get(number=1).markdown == first


def test_a_day_without_a_revision_keeps_what_it_says_first(curator: User) -> None:
    posts.import_posts([make_post(make_entry())], sample=True)
    digest = Digest.objects.get()
    before = posts.export(DAY)
    publish(digest, Arrangement("Words."), curator)
    found = dict(DigestRevision.objects.values_list("number", "markdown"))
    assert found == {1: before, 2: posts.export(DAY)}


def test_a_revision_drops_what_was_hidden_since(curator: User, papers: list[Paper]) -> None:
    make_tweet(papers[0], retweets=60, favorites=10)
    spam = make_tweet(papers[0], handle="spam", retweets=50, favorites=10)
    digest = digests.build(DAY)
    assert digest
    digests.publish(digest)
    spam.hidden = True
    spam.save()
    assert "@spam" in posts.export(DAY)
    before = rows()
    act = publish(digest, Arrangement(), curator)
    assert "@spam" not in posts.export(DAY)
    log.undo(act, curator, "It was none.")
    assert rows() == before
    assert "@spam" in posts.export(DAY)


def test_what_changes_nothing_is_no_revision(curator: User, papers: list[Paper]) -> None:
    digest = digests.build(DAY)
    assert digest
    digests.publish(digest)
    with pytest.raises(log.Refused, match="Nothing would change"):
        publish(digest, Arrangement(), curator)
    assert DigestRevision.objects.count() == 1


def test_importing_a_post_again_leaves_its_correction_alone(curator: User) -> None:
    post = make_post(make_entry())
    posts.import_posts([post])
    publish(Digest.objects.get(), Arrangement("Sorry."), curator)
    corrected = posts.export(DAY)
    assert posts.import_posts([post]) == ["unchanged"]
    assert posts.import_posts([parse(corrected)]) == ["unchanged"]
    assert posts.export(DAY) == corrected
    assert posts.import_posts([make_post(make_entry(retweets=41))]) == ["revised"]
    assert DigestRevision.objects.count() == 3
    assert Digest.objects.get().introduction == ""


# Undoing -----------------------------------------------------------------------------------------


def test_an_undone_publishing_is_a_draft_without_an_hour(
    curator: User, papers: list[Paper]
) -> None:
    digest = make_digest(*papers)
    wanted = Arrangement("Words.", left_out=frozenset({papers[0].pk}))
    editing.save(digest, wanted, 0, curator)
    act = publish(digest, wanted, curator)
    edition = Digest.objects.get().edition
    log.undo(act, curator, "Too early.")
    digest.refresh_from_db()
    assert (digest.state, digest.publish_at, digest.edition) == ("draft", None, edition + 1)
    assert editing.publish_due() == []
    entries = list(digest.entries.all())
    assert editing.wanted(digest, entries) == wanted
    assert [entry.paper_id for entry in entries] == [paper.pk for paper in papers]


def test_what_is_saved_since_is_not_overwritten(curator: User, papers: list[Paper]) -> None:
    digest = make_digest(*papers)
    editing.save(digest, Arrangement("One."), 0, curator)
    act = publish(digest, Arrangement("One."), curator)
    digest.refresh_from_db()
    editing.save(digest, Arrangement("Two."), digest.edition, curator)
    with pytest.raises(log.Refused, match="publish or undo that first"):
        log.undo(act, curator, "Too early.")
    assert DigestEdit.objects.get().introduction == "Two."
    assert Digest.objects.get().state == Digest.State.PUBLISHED


def arrangements(count: int) -> st.SearchStrategy[tuple[str, list[int], set[int], set[int], Any]]:
    """Texts, and places of papers in their order as computed."""
    some = st.sets(st.integers(0, count - 1), max_size=count - 1)
    texts = st.sampled_from(["", "Words.", "# 1. Not\n\n> it", "- links: x"])
    notes = st.dictionaries(st.integers(0, count - 1), texts)
    return st.tuples(texts, st.permutations(range(count)), some, some, notes)


@example([("", [0, 1, 2, 3], set(), {place}, {}) for place in (2, 1)], True)
@example([("", o, set(), out, {}) for o, out in (([0, 2, 3, 1], {2}), ([0, 1, 2, 3], set()))], True)
@given(st.lists(arrangements(4), min_size=1, max_size=3), st.booleans())
@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_published_comes_back(
    curator: User, papers: list[Paper], drawn: list[Any], is_published: bool
) -> None:
    Digest.objects.all().delete()
    digest = digests.build(DAY)
    assert digest
    if is_published:
        digests.publish(digest)
    states, acts, kept = [], [], {}
    for words, order, pinned, out, notes in drawn:
        ids = [paper.pk for paper in papers]
        wanted = Arrangement(
            words,
            tuple(ids[place] for place in order),
            frozenset(ids[place] for place in pinned),
            frozenset(ids[place] for place in out),
            {ids[place]: note for place, note in notes.items()},
        )
        before = rows()
        try:
            acts.append(publish(digest, wanted, curator))
        except log.Refused as refusal:
            assert str(refusal) == "Nothing would change."  # noqa: PT017
            continue
        states.append(before)
        entries = list(digest.entries.all())
        digest.refresh_from_db()
        assert printed(digest, entries) == wanted.among(entries)
        assert [e.rank for e in digest.entries.printed()] == list(
            range(1, len(entries) - len(out) + 1)
        )
        kept[DigestRevision.objects.latest("pk").number] = posts.export(DAY)
    for act, before in zip(reversed(acts), reversed(states), strict=True):
        log.undo(act, curator, "Back.")
        assert rows() == before
    found = dict(DigestRevision.objects.values_list("number", "markdown"))
    assert {number: found[number] for number in kept} == kept
    assert DigestEntry.objects.count() == len(papers)
