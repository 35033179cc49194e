"""Who has a day open in the editor. It is kept in the cache for a while, and nowhere else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from papers import clock
from papers.models import Digest

KEPT = timedelta(minutes=15)  # after the last thing that somebody did there


@dataclass(frozen=True, slots=True)
class Presence:
    name: str
    since: datetime
    seen: datetime


def enter(digest: Digest, user: Any) -> list[Presence]:
    """Say that `user` has the day open, and return who else has."""
    key, now = f"editors:{digest.pk}", clock.now()
    kept: dict[int, Presence] = cache.get(key, {})
    here = {who: there for who, there in kept.items() if now - there.seen < KEPT}
    since = here[user.pk].since if user.pk in here else now
    here[user.pk] = Presence(user.get_username(), since, now)
    cache.set(key, here, KEPT.total_seconds())
    return [there for who, there in here.items() if who != user.pk]


def leave(digest: Digest, user: Any) -> None:
    """Say that `user` is done with the day."""
    key = f"editors:{digest.pk}"
    kept: dict[int, Presence] = cache.get(key, {})
    kept.pop(user.pk, None)
    cache.set(key, kept, KEPT.total_seconds())
