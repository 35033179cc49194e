"""Make every paper findable anew."""

from typing import Any

from django.core.management.base import BaseCommand

from papers import search
from papers.bulk import chunks
from papers.models import Paper


class Command(BaseCommand):
    help = "Write what searches read of every paper anew, 500 at a time, while the site runs."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
        for some in chunks(keys):
            search.index(some)
        self.stdout.write(f"{len(keys):,} papers indexed")
