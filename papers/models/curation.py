"""What curators did, and what readers asked them to look at."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from papers import clock
from papers.models.catalogue import Paper
from papers.models.digests import Digest
from papers.models.tweets import Tweet


class ActQuerySet(models.QuerySet["Act"]):
    def standing(self) -> Self:
        """Keep what was neither undone nor is an undoing."""
        return self.filter(undone_by=None, undoes=None)

    def public(self) -> Self:
        """Keep what changes what readers see; the ingest has a page of its own."""
        return self.exclude(kind__in=Act.OF_INGEST)

    def corrections(self) -> Self:
        """Keep what stands and says of a paper another thing than its sources do."""
        return self.standing().filter(kind__in=Act.CORRECTIONS)


class Act(models.Model):
    """One thing a curator did: who, when, what, why, and the rows before and after.

    `before` and `after` hold, by model ("papers.paper") and key, the columns that changed; None for
    a row that was not there. `papers.curation` alone writes acts.
    """

    class Kind(models.TextChoices):
        HIDE_PAPER = "hide-paper", "hid a paper"
        SHOW_PAPER = "show-paper", "showed a hidden paper again"
        HIDE_TWEET = "hide-tweet", "hid a tweet"
        SHOW_TWEET = "show-tweet", "showed a hidden tweet again"
        BLOCK = "block", "blocked an account"
        MARK_BOT = "mark-bot", "marked an account as a bot"
        CLEAR = "clear", "took back what was decided about an account"
        TAG = "tag", "set the topic tags of a paper"
        RENAME_TAG = "rename-tag", "renamed a topic tag"
        MERGE_TAG = "merge-tag", "merged two topic tags"
        CATEGORIES = "categories", "corrected the categories of a paper"
        LISTING_DAY = "listing-day", "corrected the listing day of a paper"
        TOTALS = "totals", "corrected the totals of a paper"
        PUBLISH = "publish", "published a digest"
        REVISE = "revise", "corrected a digest"
        SETTLE = "settle", "answered a report"
        REFETCH = "refetch", "asked arXiv for a paper again"
        RERUN = "rerun", "started a run again"
        GIVE_UP = "give-up", "gave up a run"
        RESOLVE = "resolve", "settled a quarantined item"

    OF_INGEST = (Kind.REFETCH, Kind.RERUN, Kind.GIVE_UP, Kind.RESOLVE, Kind.SETTLE)

    # What each puts right, as the paper's page calls it.
    CORRECTIONS = {
        Kind.CATEGORIES: "categories",
        Kind.LISTING_DAY: "listing day",
        Kind.TOTALS: "retweets and favorites",
        Kind.TAG: "topic tags",
    }

    kind = models.CharField(max_length=16, choices=Kind)
    subject = models.CharField(max_length=300, help_text="What it was done to, in words.")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, blank=True, related_name="acts")
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, blank=True, related_name="acts")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ["view"]
        permissions = [
            ("curate", "Can curate papers, tweets, topic tags, digests and reports"),
            ("operate", "Can start and give up runs, and settle what they could not read"),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="act_newest")]

    def __str__(self) -> str:
        undone = "undone: " if self.undoes_id else ""
        return f"{undone}{self.get_kind_display()}: {self.subject}"

    @property
    def corrected(self) -> str:
        return self.CORRECTIONS[self.Kind(self.kind)]


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def about_the_same(self, report: "Report") -> Self:
        """Keep the reports, whoever's, of what this one is about."""
        if report.tweet_id:
            return self.filter(tweet=report.tweet_id)
        return self.filter(paper=report.paper_id, tweet=None)


class Report(models.Model):
    """What a reader says is wrong with a paper, or with a tweet under it."""

    class Kind(models.TextChoices):
        SPAM = "spam", "It is spam or abuse"
        WRONG_LINK = "wrong-link", "It is not about this paper"
        WRONG_FACTS = "wrong-facts", "Something it says of the paper is wrong"
        OTHER = "other", "Something else"

    WORDS_LENGTH = 1000

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="reports")
    tweet = models.ForeignKey(Tweet, models.CASCADE, null=True, blank=True, related_name="reports")
    kind = models.CharField(max_length=16, choices=Kind)
    words = models.TextField(blank=True, max_length=WORDS_LENGTH)
    at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "tweet"],
                condition=Q(settled_at=None),
                name="one_open_report_a_tweet",
            ),
            models.UniqueConstraint(
                fields=["by", "paper"],
                condition=Q(settled_at=None, tweet=None),
                name="one_open_report_a_paper",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="report_open", condition=Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} on paper {self.paper_id}"

    @property
    def subject(self) -> str:
        """What it is about, in words."""
        if self.tweet is None:
            return self.paper.arxiv_id
        account = f"@{self.tweet.handle} on {self.tweet.get_network_display()}"
        return f"{account}, under {self.paper.arxiv_id}"
