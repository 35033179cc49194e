"""Recompute scores."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from papers import counting, fairness, ranking
from papers.models import Paper


class Command(BaseCommand):
    help = (
        "Recompute totals, heat and place in its field of every paper, or of one listing day, from "
        "what is stored; after COUNT_BOTS changed, the counts too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, day: date | None, **options: Any) -> None:
        papers = Paper.objects.filter(announced_on=day) if day else Paper.objects.all()
        keys = list(papers.values_list("pk", flat=True))
        counting.recount_bots(keys)
        ranking.rescore(keys)
        fairness.mark(day)
        fairness.refresh()
        self.stdout.write(f"{len(keys):,} papers ranked")
