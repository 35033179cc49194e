"""Tweets (public posts on any network) and the totals they add up to."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from papers.models.catalogue import Paper


class Network(models.TextChoices):
    """Where tweets stand. The values are those of `sources`."""

    X = "x", "X"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"
    HACKERNEWS = "hackernews", "Hacker News"
    HUGGINGFACE = "huggingface", "Hugging Face"


def is_visible(tweet: str = "") -> Q:
    """Return which tweets readers see; `tweet` leads to them from the rows that are asked."""
    return Q(**{f"{tweet}hidden": False, f"{tweet}by_blocked": False})


def is_counted(tweet: str = "") -> Q:
    """Return which tweets make scores: those that are seen, and no bot's unless COUNT_BOTS."""
    return is_visible(tweet) & (Q() if settings.COUNT_BOTS else Q(**{f"{tweet}by_bot": False}))


class TweetQuerySet(models.QuerySet["Tweet"]):
    def visible(self) -> Self:
        return self.filter(is_visible())

    def counted(self) -> Self:
        return self.filter(is_counted())

    def of_account(self, network: str, handle: str) -> Self:
        """Keep the tweets of an account, however its handle is written."""
        return self.alias(folded=Lower("handle")).filter(network=network, folded=handle.lower())


class Tweet(models.Model):
    """A public post that links papers. Counts that nobody told us are NULL, never 0."""

    network = models.CharField(max_length=16, choices=Network)
    external_id = models.CharField(max_length=500)
    url = models.URLField(max_length=1000)
    NAME_LENGTH = 200
    LANGUAGE_LENGTH = 16

    handle = models.CharField(max_length=NAME_LENGTH, blank=True)  # without @
    author_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    text = models.TextField(blank=True)
    text_is_ours = models.BooleanField(
        default=False, help_text="The text is not the post's: it says in our words what it says."
    )
    embed_html = models.TextField(blank=True, help_text="As the network gave it; never rendered.")
    language = models.CharField(max_length=LANGUAGE_LENGTH, blank=True)
    direction = models.CharField(max_length=3, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    retweets = models.PositiveIntegerField(null=True, blank=True)
    favorites = models.PositiveIntegerField(null=True, blank=True)
    fetched_at = models.DateTimeField()
    # By field that a reading may leave out: the seconds since 1970 of the newest one that told it.
    told_at = models.JSONField(default=dict, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)
    # What the verdicts say of its account; `curation` and the ingest keep both.
    by_blocked = models.BooleanField(default=False, db_default=False, editable=False)
    by_bot = models.BooleanField(default=False, db_default=False, editable=False)
    from_sample = models.BooleanField(default=False, editable=False)
    papers = models.ManyToManyField(Paper, through="TweetPaper", related_name="tweets")

    objects = TweetQuerySet.as_manager()

    class Meta:
        ordering = ["-posted_at"]
        constraints = [
            models.UniqueConstraint(fields=["network", "external_id"], name="one_tweet_an_id")
        ]
        indexes = [
            models.Index(Lower("handle"), "network", name="tweet_account"),
            models.Index(fields=["posted_at"], name="tweet_posted_at"),
            # Few: which ones curators hid.
            models.Index(fields=["id"], name="tweet_hidden", condition=Q(hidden=True)),
        ]

    def __str__(self) -> str:
        return f"@{self.handle} on {self.get_network_display()} ({self.external_id})"

    @property
    def score(self) -> int | None:
        """Retweets plus favorites; None while both are unknown."""
        if self.retweets is None and self.favorites is None:
            return None
        return (self.retweets or 0) + (self.favorites or 0)


class Verdict(models.Model):
    """What curators decided about an account that posts."""

    class Kind(models.TextChoices):
        BLOCKED = "blocked", "blocked: its tweets are hidden"
        BOT = "bot", "a bot: its tweets do not count"

    network = models.CharField(max_length=16, choices=Network)
    handle = models.CharField(max_length=Tweet.NAME_LENGTH)  # in lower case, without @
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        ordering = ["network", "handle"]
        constraints = [
            models.UniqueConstraint(fields=["network", "handle"], name="one_verdict_an_account")
        ]

    def __str__(self) -> str:
        return f"@{self.handle} on {self.get_network_display()}"


class TweetPaper(models.Model):
    """A tweet links a paper, and whether its writer is among the paper's authors."""

    tweet = models.ForeignKey(Tweet, models.CASCADE, related_name="links")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="tweet_links")
    by_author = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tweet", "paper"], name="one_link_a_tweet_and_paper")
        ]

    def __str__(self) -> str:
        return f"tweet {self.tweet_id} links paper {self.paper_id}"


class Sample(models.Model):
    """A paper's totals on one network at one moment."""

    class Kind(models.TextChoices):
        COUNTED = "counted", "counted from tweets"
        IMPORTED = "imported", "imported from a post"
        FIXED = "fixed", "corrected by a curator"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="samples")
    network = models.CharField(max_length=16, choices=Network)
    observed_at = models.DateTimeField()
    retweets = models.PositiveIntegerField()
    favorites = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        ordering = ["observed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "network", "observed_at"], name="one_sample_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"paper {self.paper_id} on {self.network} at {self.observed_at:%Y-%m-%d %H:%M}"

    @property
    def score(self) -> int:
        return self.retweets + self.favorites
