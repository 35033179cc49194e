"""Secret addresses of feeds: what they are made of, and which hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import feed_links
from accounts.feed_links import NotFollowed
from accounts.models import FeedLink, User
from papers import clock
from tests.accounts.conftest import MakeReader

pytestmark = pytest.mark.django_db


def secret(link: FeedLink) -> str:
    return feed_links.path(link).removeprefix("/feeds/").removesuffix(".atom")


def test_it_works(reader: User) -> None:
    link = feed_links.make(reader, "feed", "")
    assert feed_links.find(secret(link)) == link
    assert feed_links.make(reader, "feed", "") == link  # there is one of each
    assert feed_links.path(link) == reverse("accounts:secret_feed", args=[secret(link)])


def test_no_table_tells_it(reader: User) -> None:
    link = feed_links.make(reader, "saved", "")
    code = secret(link).split("-")[1]
    assert len(code) == feed_links.CODE_LENGTH
    assert code not in repr(FeedLink.objects.values().get())


def test_each_is_another(reader: User, make_reader: MakeReader) -> None:
    other = make_reader("ben")
    links = [
        feed_links.make(user, kind, "") for user in (reader, other) for kind in ("feed", "saved")
    ]
    codes = [secret(link).split("-")[1] for link in links]
    assert len(set(codes)) == 4
    for link, code in zip(links, codes[1:] + codes[:1], strict=True):
        assert feed_links.find(f"{link.pk}-{code}") is None


def test_one_letter_less_and_it_does_not_hold(reader: User) -> None:
    whole = secret(feed_links.make(reader, "feed", ""))
    for place in range(whole.index("-") + 1, len(whole)):
        other = "0" if whole[place] != "0" else "1"
        assert feed_links.find(whole[:place] + other + whole[place + 1 :]) is None
    assert feed_links.find("9" * 18 + whole[whole.index("-") :]) is None


def test_the_sites_key_makes_it_and_an_older_one_still_holds(reader: User, settings: Any) -> None:
    link = feed_links.make(reader, "feed", "")
    old, key = secret(link), settings.SECRET_KEY
    settings.SECRET_KEY = "another"  # noqa: S105
    assert feed_links.find(old) is None
    settings.SECRET_KEY_FALLBACKS = [key]
    assert feed_links.find(old) == link
    assert feed_links.find(secret(link)) == link
    assert secret(link) != old


@pytest.mark.parametrize(
    ("kind", "target"), [("search", "unfollowed"), ("search", ""), ("feed", "x"), ("tags", "")]
)
def test_only_what_there_is_has_one(reader: User, kind: str, target: str) -> None:
    reader.subscriptions.create(kind="category", target="unfollowed")
    with pytest.raises(NotFollowed):
        feed_links.make(reader, kind, target)
    assert not FeedLink.objects.exists()


def test_that_it_is_used_is_noted_once_an_hour(reader: User, time_machine: Any) -> None:
    feed_links.make(reader, "feed", "")
    start = clock.now()
    for minutes, noted in ((0, 0), (59, 0), (61, 61)):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        feed_links.note_use(FeedLink.objects.get())
        expected = start + timedelta(minutes=noted)
        assert FeedLink.objects.get().last_used_at == expected


def test_what_was_renewed_meanwhile_was_not_used(reader: User) -> None:
    link = feed_links.make(reader, "feed", "")
    feed_links.renew(FeedLink.objects.get())
    feed_links.note_use(link)
    assert FeedLink.objects.get().last_used_at is None
