"""The secret addresses of a reader's own feeds: made, renewed, taken back, and looked up.

An address is the key of its row and a code that only the site's key can make of key and nonce. So
it can be shown again, and neither the database nor a copy of it tells one.
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import FeedLink, User
from accounts.models.access import new_nonce
from papers import clock
from papers.readers import Kind

CODE_LENGTH = 32  # hex digits: 128 bits
NOTED = timedelta(hours=1)  # that an address is used is not written down more often
_SALT = "accounts.feed_links"


class NotFollowed(LookupError):
    """There is no such feed of this reader."""


def make(user: User, kind: str, target: str) -> FeedLink:
    """Return the link of a feed, made where there is none; of searches only of those followed."""
    if kind not in FeedLink.Kind.values or (kind != FeedLink.Kind.SEARCH and target):
        raise NotFollowed(kind)
    if kind == FeedLink.Kind.SEARCH:
        found = user.subscriptions.filter(kind=Kind.SEARCH, target=target)
        if not found.exists():
            raise NotFollowed(target)
    return FeedLink.objects.get_or_create(user=user, kind=kind, target=target)[0]


def renew(link: FeedLink) -> None:
    """Give it another address; the one before leads nowhere at once."""
    link.nonce, link.created_at, link.last_used_at = new_nonce(), clock.now(), None
    link.save(update_fields=["nonce", "created_at", "last_used_at"])


def path(link: FeedLink) -> str:
    """Return the secret address, without the site's."""
    return reverse("accounts:secret_feed", args=[f"{link.pk}-{_code(link, settings.SECRET_KEY)}"])


def find(secret: str) -> FeedLink | None:
    """Return the link of an address with its reader; None unless it holds, and the account does."""
    key, _, code = secret.partition("-")
    links = FeedLink.objects.select_related("user").filter(user__is_active=True)
    link = links.filter(pk=int(key)).first()
    if link is None:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # All are compared, whichever fits.
    fits = [constant_time_compare(code, _code(link, each)) for each in keys]
    return link if any(fits) else None


def note_use(link: FeedLink) -> None:
    """Remember that the address was used, for its reader, who may then take back what is not."""
    now = clock.now()
    if link.last_used_at is None or now - link.last_used_at > NOTED:
        FeedLink.objects.filter(pk=link.pk, nonce=link.nonce).update(last_used_at=now)


def _code(link: FeedLink, key: str | bytes) -> str:
    found = salted_hmac(_SALT, f"{link.pk}:{link.nonce}", secret=key, algorithm="sha256")
    return found.hexdigest()[:CODE_LENGTH]
