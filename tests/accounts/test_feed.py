"""The order of a feed: what each sort promises, its pages, and what is unread or new."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import feed, interests
from accounts.feed import Feed, FeedSelection, Glance, Order
from accounts.interests import Candidate, Reason
from accounts.models import SavedPaper, Seen, Subscription, User
from papers import clock
from papers.readers import Kind
from papers.selection import PAGE_SIZE, Selection, SelectionError, Sort, Window
from tests.factories import DAY, make_alike, make_paper

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 6, 10, 12, tzinfo=UTC)


def candidate(number: int = 1, *, hot: float = 0.0, followed: bool = True) -> Candidate:
    found = Candidate(number, DAY, 0, hot, 0.0, 0.0)
    if followed:
        found.reasons.append(Reason("new", Kind.CATEGORY, "cs.LG", 0, 0.0))
    return found


def close(found: Candidate, *similarities: float) -> Candidate:
    for near, similarity in enumerate(similarities, start=100):
        found.reasons.append(Reason("new", interests.CLOSE, "", near, similarity))
    return found


def feed_of(user: User, **choices: object) -> Feed:
    user.refresh_from_db()
    selection = FeedSelection(**choices)  # type: ignore[arg-type]
    of = interests.of_account(user, selection.since(DAY))
    return feed.build(selection, of, DAY, Glance(of, user))


def order(user: User, **choices: object) -> list[int]:
    return [each.paper_id for each in feed_of(user, **choices).page]


@pytest.fixture
def follower(reader: User) -> User:
    Subscription.objects.create(user=reader, kind=Kind.CATEGORY, target="cs.LG")
    return reader


def test_it_works(follower: User) -> None:
    low, high = make_paper(score=5), make_paper(score=60)
    found = feed_of(follower)
    assert [each.paper_id for each in found.page] == [high.pk, low.pk]
    assert (found.total, found.unread, found.after) == (2, 2, "")
    assert found.of_follows == {("category", "cs.LG"): 2}


# Arithmetic --------------------------------------------------------------------------------------


def test_likeness_grows_with_each_saved_paper() -> None:
    assert feed.likeness(candidate()) == 0
    assert feed.likeness(close(candidate(), 0.5)) == 0.5
    assert feed.likeness(close(candidate(), 0.5, 0.5)) == 0.75


@given(st.lists(st.floats(0.1, 1), max_size=30))
def test_likeness_stays_between_0_and_1(similarities: list[float]) -> None:
    assert 0 <= feed.likeness(close(candidate(), *similarities)) <= 1


def test_for_you_counts_in_doublings() -> None:
    assert feed.for_you(candidate(hot=10.0)) == 10 + feed.FOLLOWED
    alike = close(candidate(hot=10.0, followed=False), 0.5)
    assert feed.for_you(alike) == 10 + feed.ALIKE * 0.5
    assert feed.for_you(candidate(hot=10.0), is_fair=True) == feed.FOLLOWED


# Orders ------------------------------------------------------------------------------------------


def test_with_nothing_saved_for_you_is_hot_within_the_follows(follower: User) -> None:
    for number in range(12):
        make_paper(score=number * 7 % 50, announced_on=DAY - timedelta(days=number % 4))
        make_paper(categories=("math.CT",), score=99)
    hot = Selection(sort=Sort.HOT, window=Window.WEEK, category="cs.LG").page(DAY)
    assert order(follower) == [paper.pk for paper in hot.papers]
    assert order(follower) == order(follower, order=Order.HOT)


def test_saving_a_paper_moves_what_is_close_to_it_up(follower: User) -> None:
    near, noticed = make_paper(score=3), make_paper(score=20)
    old = make_paper(announced_on=DAY - timedelta(days=99))
    make_alike(old, near)
    assert order(follower) == [noticed.pk, near.pk]
    SavedPaper.objects.create(user=follower, paper=old)
    assert order(follower) == [near.pk, noticed.pk]
    assert order(follower, order=Order.HOT) == [noticed.pk, near.pk]


def test_new_is_the_newest_day_first_then_the_score(follower: User) -> None:
    earlier = make_paper(score=99, announced_on=DAY - timedelta(days=1))
    low, high = make_paper(score=5), make_paper(score=60)
    assert order(follower, order=Order.NEW) == [high.pk, low.pk, earlier.pk]


def test_rising_leaves_out_what_gained_nothing(follower: User) -> None:
    fast, slow = make_paper(rising=9.0), make_paper(rising=3.0)
    make_paper()
    fast.listings.update(rising=9.0)
    slow.listings.update(rising=3.0)
    assert order(follower, order=Order.RISING) == [fast.pk, slow.pk]


def test_field_fair_reads_the_other_value(follower: User) -> None:
    loud, rare = make_paper(score=900), make_paper(score=12)
    rare.listings.update(fair=900_000.0)
    assert order(follower) == [loud.pk, rare.pk]
    assert order(follower, is_fair=True) == [rare.pk, loud.pk]
    assert order(follower, is_fair=True, order=Order.HOT) == [rare.pk, loud.pk]


def test_pages_follow_each_other_without_gap_or_repeat(follower: User) -> None:
    count = 2 * PAGE_SIZE + 5
    for number in range(count):
        paper = make_paper(score=number % 7, announced_on=DAY - timedelta(days=number % 3))
        paper.listings.update(rising=1.0 + number % 5)
    for by in Order:
        seen: list[int] = []
        after = ""
        for size in (PAGE_SIZE, PAGE_SIZE, 5):
            selection = FeedSelection.from_params({"sort": by, "after": after}, follower)
            of = interests.of_account(follower, selection.since(DAY))
            page = feed.build(selection, of, DAY, Glance(of, follower))
            assert len(page.page) == size
            seen += [each.paper_id for each in page.page]
            after = page.after
        assert (by, after, len(set(seen))) == (by, "", count)


def test_what_orders_fairly_is_told(follower: User) -> None:
    assert FeedSelection(is_fair=True).is_ordered_fairly
    assert not FeedSelection(is_fair=True, order=Order.NEW).is_ordered_fairly


# Unread and visits -------------------------------------------------------------------------------


def test_what_was_met_is_no_longer_unread(follower: User) -> None:
    saved, opened, left = make_paper(), make_paper(), make_paper()
    SavedPaper.objects.create(user=follower, paper=saved)
    Seen.objects.note(follower, opened.pk, opened_at=clock.now())
    found = feed_of(follower)
    assert (found.total, found.unread, found.saved) == (3, 1, 1)
    assert order(follower, unread=True) == [left.pk]


def test_all_can_be_marked_as_read(follower: User) -> None:
    make_paper()
    User.objects.update(read_through=DAY - timedelta(days=1))
    assert feed_of(follower).unread == 1
    User.objects.update(read_through=DAY)
    assert feed_of(follower).unread == 0
    assert order(follower, unread=True) == []


def test_a_first_visit_has_nothing_before_it(follower: User) -> None:
    make_paper()
    feed.note_visit(follower, NOON, DAY)
    assert feed_of(follower).since_last_visit is None


def test_what_came_since_the_last_visit_is_counted(follower: User) -> None:
    make_paper(announced_on=DAY - timedelta(days=1))
    feed.note_visit(follower, NOON, DAY - timedelta(days=1))
    make_paper()
    feed.note_visit(follower, NOON + timedelta(days=1), DAY)
    assert feed_of(follower).since_last_visit == 1
    assert follower.last_visit_at == NOON
    feed.note_visit(follower, NOON + timedelta(days=2), DAY)
    assert feed_of(follower).since_last_visit == 0


def test_a_visit_goes_on_while_its_pages_are_read(follower: User) -> None:
    for minutes in (0, 20, 40, 60):
        feed.note_visit(follower, NOON + timedelta(minutes=minutes), DAY)
    assert follower.last_visit_at is None
    feed.note_visit(follower, NOON + timedelta(minutes=91), DAY)
    assert follower.last_visit_at == NOON + timedelta(minutes=60)


# What was asked for ------------------------------------------------------------------------------


def test_what_is_not_said_is_as_the_reader_set_it(reader: User) -> None:
    reader.feed_window, reader.feed_kinds, reader.feed_is_fair = "month", ["replaced"], True
    selection = FeedSelection.from_params({}, reader)
    assert (selection.window, selection.kinds, selection.is_fair) == ("month", ("replaced",), True)
    assert selection.querystring(reader) == "?"
    assert selection.querystring(reader, is_fair=False) == "?fair=0"
    assert FeedSelection.from_params({"fair": "0"}, reader).is_fair is False


def test_an_address_is_read_as_it_was_written(reader: User) -> None:
    selection = FeedSelection(Order.NEW, Window.DAY, ("cross", "replaced"), True, True)
    written = selection.querystring(reader)
    assert written == "?sort=new&window=day&kinds=cross%2Creplaced&fair=1&unread=1"
    params = dict(part.split("=") for part in written[1:].replace("%2C", ",").split("&"))
    assert FeedSelection.from_params(params, reader) == selection


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "best"),
        ("window", "year"),
        ("kinds", "old"),
        ("fair", "yes"),
        ("unread", "2"),
        ("after", "nowhere"),
        ("after", "1.0"),
        ("after", "1.0~2~3"),
        ("after", "9" * 400 + "~1"),
        ("after", "\x00"),
        ("sort", "\x00"),
    ],
)
def test_what_cannot_be_understood_is_said(reader: User, name: str, value: str) -> None:
    with pytest.raises(SelectionError):
        FeedSelection.from_params({name: value}, reader)


def test_a_window_ends_with_the_newest_day() -> None:
    assert FeedSelection(window=Window.DAY).since(DAY) == DAY
    assert FeedSelection().since(DAY) == date(2021, 6, 4)
