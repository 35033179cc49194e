"""The account of a reader or curator, what they set, and when they were here last."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property


def shown_at_first() -> list[str]:
    """Return the kinds of papers that a feed shows until its reader chooses."""
    return ["new", "cross"]


class User(AbstractUser):  # type: ignore[django-manager-missing]  # taggit is untyped
    """Django's user as a model of our own from the first migration: changing later is costly.

    A feed reads its reader's settings and visits with the account: they cost no query.
    """

    time_zone = models.CharField(max_length=64, default="UTC")
    keys_on = models.BooleanField("shortcuts of one key", default=True)

    feed_window = models.CharField(max_length=8, default="week")
    feed_is_fair = models.BooleanField(default=False)
    feed_kinds = models.JSONField(default=shown_at_first)

    # This visit of the feed and the one before, each with the newest listing day it could show.
    visit_at = models.DateTimeField(null=True, editable=False)
    visit_through = models.DateField(null=True, editable=False)
    last_visit_at = models.DateTimeField(null=True, editable=False)
    last_visit_through = models.DateField(null=True, editable=False)
    # Who was away for days catches up from here; NULL: there is nothing to catch up with.
    away_since = models.DateField(null=True, editable=False)
    # "Mark all as read": what was listed up to this day is no longer unread.
    read_through = models.DateField(null=True, editable=False)

    class Meta(AbstractUser.Meta):
        # Few: whom the admin looks for among all accounts.
        indexes = [models.Index(fields=["id"], name="account_staff", condition=Q(is_staff=True))]

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone; UTC where this machine does not know what is stored."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether there is an app or a passkey; recovery codes alone do not count."""
        found = self.authenticator_set.filter(type__in=["totp", "webauthn"])  # type: ignore[attr-defined]  # allauth's
        return bool(found.exists())

    def lock(self) -> None:
        """Let every other change of this reader's shelf wait until the transaction ends."""
        type(self).objects.select_for_update(no_key=True).only("pk").get(pk=self.pk)
