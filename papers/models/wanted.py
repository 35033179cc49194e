"""Papers that readers asked for and the site does not hold yet."""

from collections.abc import Collection

from django.db import models

from papers import clock


class WantedQuerySet(models.QuerySet["WantedPaper"]):
    def want(self, arxiv_ids: Collection[str]) -> None:
        """Ask for these papers; one that is asked for already stays as it is."""
        rows = [self.model(arxiv_id=arxiv_id) for arxiv_id in sorted(arxiv_ids)]
        self.bulk_create(rows, ignore_conflicts=True, batch_size=500)


class WantedPaper(models.Model):
    """A paper to be looked up at arXiv. The row goes once it is held; who wants it is not told."""

    arxiv_id = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(default=clock.now)
    answers = models.PositiveSmallIntegerField(default=0)  # that did not hold it
    is_missing = models.BooleanField(default=False)  # arXiv has said so often enough

    objects = WantedQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(
                fields=["not_before"], name="wanted_next", condition=models.Q(is_missing=False)
            )
        ]

    def __str__(self) -> str:
        return self.arxiv_id
