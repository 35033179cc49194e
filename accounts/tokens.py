"""Access tokens, which programs show in place of their reader: made, found again, taken back.

The token itself is told once, to who makes it; stored is its SHA-256, by which it is looked up. So
neither the database nor how long a look takes tells anything of it.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import AccessToken, User
from papers import clock

PREFIX = "hp_"  # by which programs that look for leaked secrets know one
MOST = 20  # of one reader
NOTED = timedelta(minutes=5)  # a token in use is not written down with every request


class Full(ValueError):
    """More tokens than a reader may have; the message is for the reader."""


@transaction.atomic
def make(user: User, name: str, scope: str, days: int | None) -> tuple[AccessToken, str]:
    """Return a new token's row, and the token. It holds for `days`; None: until taken back."""
    user.lock()
    if user.access_tokens.count() >= MOST:
        raise Full(f"You have {MOST} tokens already. Revoke one first.")
    token = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    row = AccessToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        key_hash=_hash(token),
        hint=token[-4:],
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    return row, token


def find(token: str) -> AccessToken | None:
    """Return the row of a token that opens its reader's account now, with the account."""
    if not token.startswith(PREFIX):
        return None
    holds = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    rows = AccessToken.objects.filter(holds, key_hash=_hash(token), user__is_active=True)
    return rows.select_related("user").first()


def note_use(row: AccessToken) -> None:
    """Write down that it was used, where that was not done a moment ago."""
    now = clock.now()
    if row.last_used_at is None or now - row.last_used_at > NOTED:
        AccessToken.objects.filter(pk=row.pk).update(last_used_at=now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
