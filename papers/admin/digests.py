"""Digests in the admin: what they printed, and each time they were published."""

import re

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date

from papers.admin.lists import ReadOnlyAdmin
from papers.admin.rows import link, table
from papers.models import Digest, DigestEntry

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ["date", "state", "entry_count", "score", "publish_at", "published_at"]
    list_filter = ["state"]
    list_defer = ("head", "introduction")
    date_hierarchy = "date"
    sortable_by = ["date"]
    search_fields = ["date"]
    search_help_text = "A listing day (2021-06-10), or the address of its digest."
    fieldsets = [
        (None, {"fields": ["date", "state", "publish_at", "published_at", "stamp"]}),
        ("Printed", {"fields": ["introduction", "score", "papers"]}),
        ("Published", {"fields": ["each_time"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Digest], search_term: str
    ) -> tuple[QuerySet[Digest], bool]:
        if not search_term.strip():
            return queryset, False
        named = _DAY.search(search_term)
        try:
            day = parse_date(named[0]) if named else None
        except ValueError:  # the 30th of February
            day = None
        return (queryset.filter(date=day) if day else queryset.none()), False

    @admin.display(description="papers")
    def papers(self, digest: Digest) -> str:
        found = digest.entries.select_related("paper").order_by("left_out", "rank")
        return table(
            "Papers",
            ["rank", "paper", "score", "by an editor"],
            [
                (entry.rank, link(entry.paper, entry.title), intcomma(entry.score), _edited(entry))
                for entry in found
            ],
        )

    @admin.display(description="revisions")
    def each_time(self, digest: Digest) -> str:
        found = digest.revisions.select_related("created_by").defer("markdown")
        return table(
            "Revisions",
            ["revision", "moment", "by", "why"],
            [
                (each.number, f"{each.created_at:%Y-%m-%d %H:%M}", each.created_by, each.reason)
                for each in found
            ],
        )


def _edited(entry: DigestEntry) -> str:
    said = {
        "left out": entry.left_out,
        "pinned": entry.pinned,
        f"computed as {entry.computed_rank}": entry.computed_rank,
        "with a note": entry.note,
    }
    return ", ".join(name for name, holds in said.items() if holds) or "–"
