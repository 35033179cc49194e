"""What readers have seen, and what they do not want to see."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from papers import clock
from papers.models import Paper

if TYPE_CHECKING:
    from accounts.models.user import User


class SeenQuerySet(models.QuerySet["Seen"]):
    def note(self, user: "User", paper_id: int, **moments: datetime | None) -> None:
        """Store that the reader met the paper, and these moments of it; one statement."""
        self.bulk_create(
            [self.model(user=user, paper_id=paper_id, **moments)],
            update_conflicts=True,
            unique_fields=["user", "paper"],
            update_fields=list(moments),
        )


class Seen(models.Model):
    """A reader has met a paper: opened its page, or dealt with it in a list; or hid it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seen")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True)  # its page, last; NULL: never, or forgotten
    hidden_at = models.DateTimeField(null=True)

    objects = SeenQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "seen"
        constraints = [models.UniqueConstraint(fields=["user", "paper"], name="seen_once")]
        indexes = [
            models.Index(fields=["user", "-seen_at"], name="seen_newest"),
            models.Index(
                fields=["user", "-opened_at", "-id"],
                name="seen_opened",
                condition=Q(opened_at__isnull=False),
            ),
            models.Index(
                fields=["user", "-hidden_at", "-id"],
                name="seen_hidden",
                condition=Q(hidden_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id}, seen"


class Mute(models.Model):
    """A reader wants no papers of a category (its code), an author (slug), or holding a word."""

    class Kind(models.TextChoices):
        WORD = "word"
        AUTHOR = "author"
        CATEGORY = "category"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    target = models.CharField(max_length=300)
    until = models.DateField(null=True, blank=True)  # the last day it holds; NULL: for good
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["kind", "target"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "target"], name="one_mute_each")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
