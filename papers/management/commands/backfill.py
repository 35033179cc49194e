"""Fetch days that were missed, and print their digests."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import CommandError, CommandParser

from papers import clock, harvest, ledger
from papers.management.commands.ingest import networks, promise
from papers.management.following import FollowingCommand
from papers.models import Digest, IngestRun
from papers.sources.arxiv import EARLIEST


class Command(FollowingCommand):
    help = (
        "Fetch the papers that arXiv listed between two days and the tweets since, as far back as "
        "each network gives them, then publish the digests of these days. arXiv's list cannot be "
        "cut at its end without losing papers that changed later: what came since comes along."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("from", "to"):
            parser.add_argument(
                f"--{name}", type=date.fromisoformat, metavar="YYYY-MM-DD", required=True
            )

    def handle(self, *args: Any, **options: Any) -> None:
        first, last = options["from"], options["to"]
        if not EARLIEST <= first <= last <= clock.now().date():
            raise CommandError(f"the days must be in order, from {EARLIEST} until today")
        failures = []
        for kind in (harvest.PAPERS, harvest.TWEETS):
            try:
                self.follow(promise(kind, networks(kind), first))
            except CommandError as error:  # a network that is away does not hold the others up
                failures.append(str(error))
        self.follow(_digests(first, last))
        if failures:
            raise CommandError("; ".join(failures))


def _digests(first: date, last: date) -> list[IngestRun]:
    """Promise the digests of these days whose hour has come and that are not published yet."""
    published = Digest.objects.filter(state=Digest.State.PUBLISHED, date__range=(first, last))
    done = set(published.values_list("date", flat=True))
    start = datetime.combine(first, time.min, UTC)
    due = [
        moment
        for moment in harvest.digests_due(start, clock.now())
        if first <= harvest.day_of(moment) <= last and harvest.day_of(moment) not in done
    ]
    ledger.plan(harvest.SITE, harvest.DIGEST, due)
    runs = IngestRun.objects.filter(source=harvest.SITE, kind=harvest.DIGEST, due_at__in=due)
    for run in runs.order_by("due_at"):
        if not run.is_open:
            ledger.reopen(run)
    return list(runs.order_by("due_at"))
