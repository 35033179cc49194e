"""The ledger of the ingest in the admin, read-only."""

from django.contrib import admin

from papers.admin.acts import Acting
from papers.admin.rows import ReadOnlyInline
from papers.models import IngestRun, Quarantine


class LedgerAdmin(Acting):
    """What the ingest wrote is read here, and changed by nobody."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class QuarantineInline(ReadOnlyInline):
    model = Quarantine
    readonly_fields = ["item", "reason", "seen_at"]


@admin.register(IngestRun)
class IngestRunAdmin(LedgerAdmin):
    list_display = [
        *("source", "kind", "due_at", "state"),
        *("attempts", "losses", "counts_in_words", "reason"),
    ]
    list_filter = ["state", "source", "kind"]
    date_hierarchy = "due_at"
    inlines = [QuarantineInline]


@admin.register(Quarantine)
class QuarantineAdmin(LedgerAdmin):
    list_display = ["item", "reason", "run", "seen_at"]
    list_filter = ["run__source"]
    list_select_related = ["run"]
    search_fields = ["item"]
    date_hierarchy = "seen_at"
