"""What readers wait for: papers to be saved once the site holds them."""

from django.conf import settings
from django.db import models

from accounts.models.saved import SavedPaper
from papers import clock


class PendingSave(models.Model):
    """A reader saved a paper, by its arXiv id, that is not here yet."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pending_saves")
    arxiv_id = models.CharField(max_length=32)
    state = models.CharField(
        max_length=8, choices=SavedPaper.State.choices, default=SavedPaper.State.LATER
    )
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    is_missing = models.BooleanField(default=False)  # arXiv knows no such paper

    class Meta:
        ordering = ["arxiv_id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "arxiv_id"], name="one_pending_save_each")
        ]
        indexes = [models.Index(fields=["arxiv_id"], name="pending_paper")]

    def __str__(self) -> str:
        return self.arxiv_id
