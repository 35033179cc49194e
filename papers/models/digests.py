"""The digest of a listing day, frozen as it was printed, and its revisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from papers import clock
from papers.models.catalogue import Paper
from papers.models.tweets import Tweet


class DigestQuerySet(models.QuerySet["Digest"]):
    def published(self) -> Self:
        return self.filter(state=Digest.State.PUBLISHED)

    def due(self, now: datetime) -> Self:
        """Keep the drafts whose hour has come, but for those whose papers were all hidden."""
        entries = DigestEntry.objects.filter(digest=OuterRef("pk"))
        return self.filter(Exists(entries), state=Digest.State.DRAFT, publish_at__lte=now)


class Digest(models.Model):
    """The ranked papers of one listing day."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"

    date = models.DateField("listing day", unique=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    stamp = models.DateTimeField(help_text="The moment printed at its head.")
    head = models.TextField(blank=True, help_text="The front matter as printed; empty: our own.")
    introduction = models.TextField(blank=True, help_text="Markdown, by an editor.")
    # Grows with every saving and publishing, so that of two editors the second is told.
    edition = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    from_sample = models.BooleanField(default=False, editable=False)
    # Derived from the entries when they are stored, so that an archive reads no entry.
    entry_count = models.PositiveBigIntegerField(default=0, editable=False)
    retweets = models.PositiveBigIntegerField(default=0, editable=False)
    favorites = models.PositiveBigIntegerField(default=0, editable=False)
    score = models.PositiveBigIntegerField(default=0, editable=False)

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["-date"]
        get_latest_by = "date"
        indexes = [models.Index(fields=["state", "publish_at"], name="digest_due")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("papers:digest", args=[self.date])

    def sum_up(self, printed: Sequence[Any]) -> None:
        """Take over the sums of what it prints: anything with `retweets` and `favorites`."""
        self.entry_count = len(printed)
        self.retweets = sum(each.retweets for each in printed)
        self.favorites = sum(each.favorites for each in printed)
        self.score = self.retweets + self.favorites


class DigestEntryQuerySet(models.QuerySet["DigestEntry"]):
    def printed(self) -> Self:
        """Keep what readers see: not what an editor left out."""
        return self.filter(left_out=False)


class DigestEntry(models.Model):
    """A paper as a digest printed it. A later version of the paper changes nothing here."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="entries")
    rank = models.PositiveSmallIntegerField()  # from 1; of what was left out, as computed
    computed_rank = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Where an editor gave it another rank."
    )
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="entries")
    title = models.TextField()
    author_line = models.TextField()
    abstract = models.TextField(blank=True)
    abstract_is_summary = models.BooleanField(default=False)
    title_html = models.TextField(editable=False)
    abstract_html = models.TextField(blank=True, editable=False)
    category_codes = models.JSONField(default=list)
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    retweets = models.PositiveIntegerField()
    favorites = models.PositiveIntegerField()
    observed_at = models.DateTimeField()
    listed_on = models.DateField(
        null=True, blank=True, help_text="The paper's own listing day where it came late."
    )
    below_threshold = models.BooleanField(
        default=False, help_text="Shown although its score is under the line: a quiet day."
    )
    note = models.TextField(blank=True, help_text="Markdown, by an editor.")
    pinned = models.BooleanField(default=False)
    left_out = models.BooleanField(default=False, db_default=False, help_text="By an editor.")
    spacing = models.JSONField(
        default=list, editable=False, help_text="Blank lines where the post had unusual ones."
    )

    objects = DigestEntryQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]
        verbose_name_plural = "digest entries"
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "rank"],
                condition=Q(left_out=False),
                name="one_printed_entry_a_rank",
            ),
            models.UniqueConstraint(fields=["digest", "paper"], name="one_entry_a_paper"),
        ]

    def __str__(self) -> str:
        return f"rank {self.rank} of digest {self.digest_id}"

    @property
    def score(self) -> int:
        return self.retweets + self.favorites


class DigestEdit(models.Model):
    """What editors changed in a day and readers do not see yet; publishing takes it in."""

    digest = models.OneToOneField(Digest, models.CASCADE, related_name="edit")
    introduction = models.TextField(blank=True, help_text="Markdown.")
    # Keys of papers. A paper that none of them names stands where it was computed.
    order = models.JSONField(default=list, help_text="All papers of the day, as they are to stand.")
    pinned = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    notes = models.JSONField(default=dict, help_text="Markdown, by the key of a paper (as text).")
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"edit of digest {self.digest_id}"


class DigestTweet(models.Model):
    """A tweet as a digest printed it under an entry; the same tweet may stand there twice."""

    entry = models.ForeignKey(DigestEntry, models.CASCADE, related_name="tweets")
    position = models.PositiveSmallIntegerField()  # from 0
    tweet = models.ForeignKey(Tweet, models.PROTECT, related_name="printings")
    html = models.TextField(blank=True, help_text="The embed as received; never rendered.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="one_tweet_a_position")
        ]

    def __str__(self) -> str:
        return f"tweet {self.position} of entry {self.entry_id}"


class DigestRevision(models.Model):
    """The bytes of a digest each time it was published or imported with changes."""

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField()  # from 1
    markdown = models.TextField()
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "number"], name="one_revision_a_number")
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of digest {self.digest_id}"
