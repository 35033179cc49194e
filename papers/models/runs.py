"""The ledger of the ingest: what is to be done, what was done, and what could not be understood."""

from collections.abc import Callable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from papers import clock
from papers.models.catalogue import Paper


class RunQuerySet(models.QuerySet["IngestRun"]):
    def open(self) -> Self:
        return self.filter(state__in=[IngestRun.State.PLANNED, IngestRun.State.RUNNING])

    def of_worker(self, run: "IngestRun") -> Self:
        """Keep the run as the worker that has it knows it: nothing once another took it over."""
        return self.filter(
            pk=run.pk,
            state=IngestRun.State.RUNNING,
            attempts=run.attempts,
            losses=run.losses,
        )

    def ready(self, now: datetime) -> Self:
        """Keep the runs a worker may take now: planned ones, and those whose worker is gone."""
        waiting = Q(state=IngestRun.State.PLANNED, not_before__lte=now)
        orphaned = Q(state=IngestRun.State.RUNNING, lease_until__lt=Now())
        return self.filter(waiting | orphaned).order_by("due_at", "pk")

    def ended_well(self) -> Self:
        return self.filter(state__in=[IngestRun.State.COMPLETE, IngestRun.State.PARTIAL])


class IngestRun(models.Model):
    """One unit of ingest work: a promise until it is complete, partial or failed.

    The Celery message that starts it is only a doorbell; this row decides what is due. A worker
    claims it with a lease: when the lease is over and the run still runs, the worker is gone.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        RUNNING = "running", "running"
        COMPLETE = "complete", "complete"
        PARTIAL = "partial", "partial"
        FAILED = "failed", "failed"

    IDLE = "idle"  # in `counts`: there was nothing to ask for

    source = models.CharField(max_length=16)  # a network, "arxiv", or "site" for our own work
    kind = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    not_before = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often its worker was lost."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(
        null=True, blank=True, help_text="From when on it asks; empty: where the last one ended."
    )
    cursor = models.TextField(blank=True, help_text="Where the next attempt goes on.")
    counts = models.JSONField(default=dict, help_text="What came, by kind of record.")
    reason = models.TextField(blank=True, help_text="Why it is not complete, in words.")

    # Of the process that does it: who wants to see how far it comes, and its last writing.
    watch: "Callable[[IngestRun], object] | None" = None
    kept_at = 0.0  # time.monotonic()

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "due_at"], name="one_run_a_due_time")
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], name="run_ready"),
            models.Index(fields=["source", "kind", "-due_at"], name="run_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} due {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.RUNNING)

    @property
    def counts_in_words(self) -> str:
        """What came: "2,500 papers, 1 rejects"; "" while nothing did."""
        return ", ".join(f"{count:,} {name}" for name, count in self.counts.items() if count)


class Quarantine(models.Model):
    """An item of an upstream that could not be understood, kept with its reason."""

    run = models.ForeignKey(IngestRun, models.CASCADE, related_name="quarantined")
    item = models.CharField(max_length=200)
    reason = models.TextField()
    seen_at = models.DateTimeField(default=clock.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-seen_at"]
        verbose_name_plural = "quarantine"
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="one_quarantine_an_item")
        ]

    def __str__(self) -> str:
        return self.item


class Announcement(models.Model):
    """A paper stands in arXiv's list of a listing day, as new, cross-listed or replaced."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="announcements")
    listed_on = models.DateField()
    kind = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["listed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "listed_on", "kind"], name="one_announcement_a_day_and_kind"
            )
        ]
        indexes = [models.Index(fields=["listed_on", "kind"], name="announcement_day")]

    def __str__(self) -> str:
        return f"paper {self.paper_id} {self.kind} on {self.listed_on}"


class Pace(models.Model):
    """Whose turn it is to ask an upstream, and from when on; held by `papers.gate`."""

    upstream = models.CharField(max_length=32, primary_key=True)
    holder = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(default=clock.now)
    free_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.upstream
