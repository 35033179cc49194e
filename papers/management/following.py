"""Doing runs of the ingest in the foreground, and showing how far they come."""

import sys
import time

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from papers import clock, harvest, ledger
from papers.models import IngestRun

LOOK = 1.0  # seconds between two looks at a run that a worker has


class FollowingCommand(BaseCommand):
    """A command that sees to it that runs are done, by itself or by the workers meanwhile."""

    def follow(self, runs: list[IngestRun]) -> None:
        """Do these runs one after the other; raise CommandError with what did not end well."""
        failures = list(filter(None, map(self._follow, runs)))
        if failures:
            raise CommandError("; ".join(failures))

    def _follow(self, run: IngestRun) -> str:
        """Do what is open of this source and kind up to this run; return what went wrong."""
        is_quiet = not sys.stderr.isatty()
        with tqdm(unit=" records", disable=is_quiet, leave=False, desc=str(run)) as bar:
            while run.is_open and not _has_to_wait(run):
                if not _do_what_is_ready(run, bar):
                    time.sleep(LOOK)
                run.refresh_from_db()
        came = run.counts_in_words
        self.stdout.write(f"{run}: {run.state}" + (f" ({came})" if came else ""))
        again = f"; next attempt {run.not_before:%H:%M} UTC" if run.is_open else ""
        return f"{run}: {run.reason}{again}" if run.reason or again else ""


def _do_what_is_ready(run: IngestRun, bar: "tqdm[None]") -> bool:
    def show(run: IngestRun) -> None:
        bar.n = sum(run.counts.values())
        bar.refresh()

    same = [
        ready
        for ready in ledger.ready(clock.now())
        if (ready.source, ready.kind) == (run.source, run.kind)
    ]
    for ready in same:
        harvest.execute(ready.pk, show)
    return bool(same)


def _has_to_wait(run: IngestRun) -> bool:
    """Tell whether the run, or an older one that goes first, waits for another attempt."""
    same = IngestRun.objects.open().filter(source=run.source, kind=run.kind)
    first = same.order_by("due_at").first()
    is_planned = first is not None and first.state == IngestRun.State.PLANNED
    return is_planned and first is not None and first.not_before > clock.now()
