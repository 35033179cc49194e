"""Fetch papers or tweets now."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers import clock, harvest, ledger, upstreams
from papers.models import IngestRun


class Command(BaseCommand):
    help = "Fetch papers, or tweets of all networks that are on, now; safe while workers run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[harvest.PAPERS, harvest.TWEETS])
        parser.add_argument("--source", choices=list(upstreams.NETWORKS), help="one network only")
        parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, kind: str, source: str, day: date | None, **options: Any) -> None:
        due = datetime.combine(day, time(5, 30), UTC) if day else clock.now()
        runs = [run for run in self._planned(kind, source, due) if self._done(run)]
        if failed := [run for run in runs if run.state == IngestRun.State.FAILED or run.reason]:
            raise CommandError("; ".join(f"{run}: {run.reason}" for run in failed))

    def _planned(self, kind: str, source: str | None, due: datetime) -> list[IngestRun]:
        if kind == harvest.PAPERS:
            sources = [upstreams.ARXIV]
        else:
            on = [name for name in upstreams.NETWORKS if upstreams.is_configured(name)]
            sources = [source] if source else on
        for name in sources:
            ledger.plan(name, kind, [due])
        return list(IngestRun.objects.filter(source__in=sources, kind=kind, due_at=due))

    def _done(self, run: IngestRun) -> bool:
        harvest.execute(run.pk)
        run.refresh_from_db()
        counts = ", ".join(f"{count} {name}" for name, count in run.counts.items() if count)
        self.stdout.write(f"{run}: {run.state}" + (f" ({counts})" if counts else ""))
        return True
