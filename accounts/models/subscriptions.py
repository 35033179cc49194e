"""What readers follow."""

from django.conf import settings
from django.db import models

from papers import clock
from papers.readers import Kind
from papers.selection import MAX_QUERY


class Subscription(models.Model):
    """A reader follows a category (by its code), an author (by slug) or a search (by its words)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    target = models.CharField(max_length=MAX_QUERY)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["kind", "target"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "target"], name="one_subscription_each")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
