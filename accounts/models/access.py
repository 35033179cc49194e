"""What stands in for a reader where nobody signs in: tokens of programs, addresses of feeds."""

import secrets

from django.conf import settings
from django.db import models

from papers import clock
from papers.selection import MAX_QUERY


class AccessToken(models.Model):
    """Lets a program read, or change too, what is its reader's. Only its hash is stored."""

    class Scope(models.TextChoices):
        READ = "read", "read"
        WRITE = "write", "read and write"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=100)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256
    hint = models.CharField(max_length=8, editable=False)  # its last letters, to tell it by
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)  # NULL: not by itself
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"token {self.pk}"  # without its name, as what else is a reader's


def new_nonce() -> str:
    return secrets.token_hex(16)


class FeedLink(models.Model):
    """Gives a feed reader, which cannot sign in, one feed of its reader's by a secret address.

    The secret is made of the nonce and the site's key, so that neither the database nor a copy of
    it tells an address, and its reader can look it up again. Deleted, it leads nowhere.
    """

    class Kind(models.TextChoices):
        FEED = "feed", "For you"
        SAVED = "saved", "Saved papers"
        SEARCH = "search", "A search"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_links")
    kind = models.CharField(max_length=6, choices=Kind)
    target = models.CharField(max_length=MAX_QUERY, blank=True)  # the words of a search
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["kind", "target"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "target"], name="one_link_a_feed")
        ]

    def __str__(self) -> str:
        return f"link {self.pk} of a feed"
