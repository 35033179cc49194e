"""Fetch papers or tweets now."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import CommandError, CommandParser

from papers import clock, harvest, ledger, upstreams
from papers.management.following import FollowingCommand
from papers.models import IngestRun


class Command(FollowingCommand):
    help = (
        "Fetch papers, or tweets of all networks that are on, now: what came since the last time, "
        "or since a day. Safe to run again and while the workers run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[harvest.PAPERS, harvest.TWEETS])
        parser.add_argument("--source", choices=list(upstreams.NETWORKS), help="one network only")
        parser.add_argument(
            "--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="what came since this day"
        )

    def handle(self, *args: Any, kind: str, source: str, day: date | None, **options: Any) -> None:
        self.follow(promise(kind, networks(kind, source), day))


def networks(kind: str, source: str = "") -> list[str]:
    """Return whom to ask; raises CommandError where that is nobody."""
    if kind == harvest.PAPERS:
        if source:
            raise CommandError("papers come from arXiv alone: --source is for tweets")
        return [upstreams.ARXIV]
    if source and not upstreams.is_configured(source):
        raise CommandError(f"{source} is off: it has no credentials")
    return [source] if source else list(filter(upstreams.is_configured, upstreams.NETWORKS))


def promise(kind: str, sources: list[str], day: date | None) -> list[IngestRun]:
    """Promise a run of each source, due now."""
    now = clock.now()
    since = datetime.combine(day, time.min, UTC) if day else None
    if since and since > now:
        raise CommandError(f"{day} is still to come")
    for source in sources:
        ledger.plan(source, kind, [now], since)
    return list(IngestRun.objects.filter(source__in=sources, kind=kind, due_at=now))
