"""The ledger of the ingest in the admin, and what it could not understand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from papers import identifiers, status
from papers.admin.acts import Acting
from papers.admin.rows import SHOWN, link, table
from papers.models import IngestRun, Quarantine


class SourceFilter(admin.SimpleListFilter):
    """Of the sources that there are: to ask the ledger for them would read all of it."""

    title = parameter_name = "source"
    column = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(status.NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class SourceOfRunFilter(SourceFilter):
    column = "run__source"


class KindFilter(SourceFilter):
    title = parameter_name = column = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(status.PARTS.items())


class IsOpenFilter(admin.SimpleListFilter):
    """Whether a row waits: its `moment` is empty until somebody settled it."""

    title = parameter_name = "state"
    moment = "resolved_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "waits"), ("settled", "settled")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waits = {"open": True, "settled": False}.get(self.value() or "")
        if waits is None:
            return queryset
        return queryset.filter(**{f"{self.moment}__isnull": waits})


@admin.register(IngestRun)
class IngestRunAdmin(Acting):
    list_display = ["source", "kind", "due_at", "state", "reason", "counts_in_words", "attempts"]
    list_filter = ["state", SourceFilter, KindFilter]
    list_defer = ("cursor",)
    sortable_by = ["due_at"]
    date_hierarchy = "due_at"
    fieldsets = [
        (None, {"fields": ["source", "kind", "due_at", "since", "state", "reason"]}),
        ("Came", {"fields": ["counts_in_words", "set_aside"]}),
        ("Attempts", {"fields": ["attempts", "losses", "started_at", "ended_at", "not_before"]}),
        ("Now", {"fields": ["lease_until", "cursor"]}),
    ]

    @admin.display(description="what came")
    def counts_in_words(self, run: IngestRun) -> str:
        return run.counts_in_words or "–"

    @admin.display(description="could not be understood")
    def set_aside(self, run: IngestRun) -> str:
        found = run.quarantined.order_by("pk")[:SHOWN]
        return table("Items", ["item", "why"], [(link(each), each.reason) for each in found])


@admin.register(Quarantine)
class QuarantineAdmin(Acting):
    list_display = ["item", "reason", "run", "seen_at", "resolved_at"]
    list_filter = [IsOpenFilter, SourceOfRunFilter]
    list_select_related = ["run"]
    sortable_by = ["seen_at"]
    search_fields = ["item"]
    search_help_text = "The beginning of an item, or an address that holds an arXiv id."
    date_hierarchy = "seen_at"
    fields = ["item", "reason", "of_run", "seen_at", "resolved_at"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Quarantine], search_term: str
    ) -> tuple[QuerySet[Quarantine], bool]:
        words = search_term.strip()
        beginning = identifiers.canonical(words) or words
        return (queryset.filter(item__startswith=beginning) if words else queryset), False

    @admin.display(description="run")
    def of_run(self, item: Quarantine) -> str:
        return link(item.run)
