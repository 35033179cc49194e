"""Which papers are alike: the words that tell them apart, and each paper's nearest ones."""

from typing import Self

from django.db import models

from papers import clock
from papers.models.catalogue import Paper


class Vocabulary(models.Model):
    """How many papers each word stood in when they were last counted; the newest one is valid."""

    version = models.PositiveIntegerField(unique=True)
    papers = models.PositiveIntegerField()  # that were counted
    words = models.PositiveBigIntegerField()  # in all of their texts
    frequencies = models.JSONField()  # word: number of papers it stands in
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "vocabularies"

    def __str__(self) -> str:
        return f"vocabulary {self.version}"


class Vector(models.Model):
    """By which vocabulary a paper's words were weighed, and whether it was compared since."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="vector")
    version = models.PositiveIntegerField()
    words = models.PositiveIntegerField()  # in title and abstract
    compared = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"vector of paper {self.paper_id}"


class PaperWord(models.Model):
    """One of the words of a paper that tell most; `weight` is its part of a vector of length 1.

    By word it is an inverted index.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=32)
    weight = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "word"], name="one_weight_a_word")]
        # The weight too, so that a comparison reads the index alone.
        indexes = [models.Index(fields=["word", "paper", "weight"], name="paper_word")]

    def __str__(self) -> str:
        return f"“{self.word}” in paper {self.paper_id}"


class NeighbourQuerySet(models.QuerySet["Neighbour"]):
    def visible(self) -> Self:
        """Leave out neighbours that are hidden or were withdrawn."""
        return self.filter(other__hidden=False, other__withdrawn=False)


class Neighbour(models.Model):
    """Two papers that are alike. Each pair stands in two rows, so that one index finds both."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="neighbours", db_index=False)
    other = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    similarity = models.FloatField()  # 0 to 1
    # The listing day of `other`, repeated: a feed reads the pairs of its window, not all of them.
    listed_on = models.DateField(null=True)

    objects = NeighbourQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "other"], name="one_similarity_a_pair"),
            models.CheckConstraint(
                condition=models.Q(similarity__gte=0, similarity__lte=1), name="similarity_0_to_1"
            ),
        ]
        indexes = [
            models.Index(fields=["paper", "-similarity"], name="neighbour_nearest"),
            models.Index(fields=["paper", "-listed_on"], name="neighbour_listed"),
        ]

    def __str__(self) -> str:
        return f"papers {self.paper_id} and {self.other_id}: {self.similarity:.2f}"
