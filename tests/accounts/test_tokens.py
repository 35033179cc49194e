"""Access tokens as programs show them."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from accounts import tokens
from accounts.models import AccessToken, User
from papers import clock

pytestmark = pytest.mark.django_db


def test_it_works(reader: User) -> None:
    row, token = tokens.make(reader, "barn", "read", 30)
    assert token.startswith("hp_")
    assert len(token) > 40
    found = tokens.find(token)
    assert found == row
    assert found.user == reader
    assert (found.hint, found.scope) == (token[-4:], "read")


def test_only_its_hash_is_stored(reader: User) -> None:
    row, token = tokens.make(reader, "barn", "read", None)
    stored = AccessToken.objects.values().get(pk=row.pk)
    assert stored["key_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(stored)
    assert tokens.find(stored["key_hash"]) is None


@pytest.mark.parametrize("given", ["", "hp_", "hp_x", "hp_\x00", "hp_\udcff", "hp_" + "é" * 9000])
def test_what_is_no_token_opens_nothing(reader: User, given: str) -> None:
    tokens.make(reader, "barn", "read", None)
    assert tokens.find(given) is None


def test_it_ends_by_its_day_by_hand_and_with_the_account(reader: User, time_machine: Any) -> None:
    short, a = tokens.make(reader, "a", "read", 30)
    kept, b = tokens.make(reader, "b", "write", None)
    time_machine.move_to(clock.now() + timedelta(days=30, seconds=1))
    assert tokens.find(a) is None
    assert tokens.find(b) == kept
    User.objects.update(is_active=False)
    assert tokens.find(b) is None
    User.objects.update(is_active=True)
    kept.delete()
    assert tokens.find(b) is None
    assert AccessToken.objects.get() == short  # its reader sees that it expired


def test_its_use_is_written_down_once_in_a_while(reader: User, time_machine: Any) -> None:
    row, _ = tokens.make(reader, "barn", "read", None)
    moments = []
    for minutes in (0, 1, 6):
        time_machine.move_to(row.created_at + timedelta(minutes=minutes), tick=False)
        tokens.note_use(AccessToken.objects.get())
        moments.append(AccessToken.objects.get().last_used_at)
    assert moments == [row.created_at, row.created_at, row.created_at + timedelta(minutes=6)]


def test_there_is_an_end_to_how_many(reader: User) -> None:
    for number in range(tokens.MOST):
        tokens.make(reader, str(number), "read", None)
    with pytest.raises(tokens.Full, match="Revoke one first"):
        tokens.make(reader, "one more", "read", None)
