"""Who reads: an account, a visitor who follows, and nobody, as pages ask."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import reader as readers_with_accounts
from accounts.models import SavedPaper, Subscription, User
from accounts.reader import (
    MOST,
    MOST_SEARCHES,
    AccountReader,
    Full,
    GuestReader,
    take_over,
)
from papers import readers
from papers.readers import NOBODY, Kind, Marks, Reader
from tests.accounts.conftest import MakeReader
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


def test_it_works(reader: User) -> None:
    first, second = make_paper(), make_paper()
    SavedPaper.objects.create(user=reader, paper=second, state="done")
    found: Reader = AccountReader(reader)
    assert found.marks([first.pk, second.pk]).states == {second.pk: "done"}
    AccountReader(reader).follow(Kind.CATEGORY, "cs.LG")
    assert found.follows(Kind.CATEGORY, ["cs.LG", "cs.CL"]) == {"cs.LG"}
    assert found.follows(Kind.SEARCH, ["cs.LG"]) == set()


def test_marks_of_a_page_are_one_query(reader: User) -> None:
    papers = [make_paper() for _ in range(40)]
    SavedPaper.objects.bulk_create(SavedPaper(user=reader, paper=paper) for paper in papers)
    with CaptureQueriesContext(connection) as queries:
        assert len(AccountReader(reader).marks([paper.pk for paper in papers]).states) == 40
    assert len(queries) == 1


def test_nobody_costs_nothing_and_has_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert NOBODY.marks([1, 2]) == Marks()
        assert NOBODY.follows(Kind.AUTHOR, ["ada-lark"]) == set()
    assert len(queries) == 0
    assert readers.of(RequestFactory().get("/")) is NOBODY
    assert not NOBODY.has_account
    assert not NOBODY.has_session


def test_readers_never_see_each_others(make_reader: MakeReader) -> None:
    ada, eve = make_reader("ada"), make_reader("eve")
    paper = make_paper()
    SavedPaper.objects.create(user=ada, paper=paper)
    AccountReader(ada).follow(Kind.AUTHOR, "ada-lark")
    assert AccountReader(eve).marks([paper.pk]).states == {}
    assert AccountReader(eve).follows(Kind.AUTHOR, ["ada-lark"]) == set()


@pytest.mark.parametrize("kind", [AccountReader, GuestReader])
def test_following_twice_is_following_once(kind: type, reader: User) -> None:
    found = kind(reader if kind is AccountReader else SessionStore())
    for _ in range(2):
        found.follow(Kind.CATEGORY, "cs.LG")
    found.follow(Kind.SEARCH, "cs.LG")
    assert found.followed() == [("category", "cs.LG"), ("search", "cs.LG")]
    for _ in range(2):
        found.unfollow(Kind.CATEGORY, "cs.LG")
    assert found.followed() == [("search", "cs.LG")]


@pytest.mark.parametrize("kind", [AccountReader, GuestReader])
def test_nobody_follows_without_end(kind: type, reader: User) -> None:
    found = kind(reader if kind is AccountReader else SessionStore())
    for number in range(MOST):
        found.follow(Kind.AUTHOR, f"author-{number}")
    found.follow(Kind.AUTHOR, "author-0")  # as before
    with pytest.raises(Full, match=f"You follow {MOST} already."):
        found.follow(Kind.AUTHOR, "one-more")
    assert len(found.followed()) == MOST


@pytest.mark.parametrize("kind", [AccountReader, GuestReader])
def test_searches_have_a_bound_of_their_own(kind: type, reader: User) -> None:
    found = kind(reader if kind is AccountReader else SessionStore())
    for number in range(MOST_SEARCHES):
        found.follow(Kind.SEARCH, f"word {number}")
    with pytest.raises(Full, match=f"You follow {MOST_SEARCHES} searches already."):
        found.follow(Kind.SEARCH, "one more")
    found.follow(Kind.CATEGORY, "cs.LG")
    assert len(found.followed()) == MOST_SEARCHES + 1


def test_an_account_takes_over_what_its_visitor_followed(reader: User) -> None:
    session = SessionStore()
    guest = GuestReader(session)
    guest.follow(Kind.CATEGORY, "cs.LG")
    guest.follow(Kind.AUTHOR, "ada-lark")
    AccountReader(reader).follow(Kind.CATEGORY, "cs.LG")
    take_over(session, reader)
    take_over(session, reader)  # nothing is left to take
    assert AccountReader(reader).followed() == [("author", "ada-lark"), ("category", "cs.LG")]
    assert guest.followed() == []


def test_what_is_taken_over_is_bounded_too(reader: User) -> None:
    Subscription.objects.bulk_create(
        Subscription(user=reader, kind=Kind.AUTHOR, target=f"author-{n}") for n in range(MOST - 1)
    )
    session = SessionStore()
    for word in ("one", "two"):
        GuestReader(session).follow(Kind.SEARCH, word)
    take_over(session, reader)
    assert reader.subscriptions.count() == MOST


def test_the_database_knows_each_only_once(reader: User) -> None:
    paper = make_paper()
    SavedPaper.objects.create(user=reader, paper=paper)
    Subscription.objects.create(user=reader, kind=Kind.SEARCH, target="paper")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedPaper.objects.create(user=reader, paper=paper)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(user=reader, kind=Kind.SEARCH, target="paper")


def test_who_reads_is_told_by_the_session(reader: User) -> None:
    request = RequestFactory().get("/")
    request.user, request.session = reader, SessionStore()
    found = readers_with_accounts.of(request)
    assert isinstance(found, AccountReader)
    assert found.has_account
