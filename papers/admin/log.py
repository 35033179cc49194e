"""The log of what curators did: to be read, and to undo from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst

from papers.admin.acts import Acting, undo_address
from papers.admin.deeds import may_undo
from papers.curation import words
from papers.models import Act, IngestRun

OF_RUNS = "papers.ingestrun"  # in the rows of an act


@admin.register(Act)
class ActAdmin(Acting):
    list_display = ["at", "done", "subject", "reason", "by", "standing"]
    list_display_links = ["at", "done"]
    list_filter = ["kind"]
    list_select_related = ["by", "undone_by"]
    list_defer = ("before", "after")
    sortable_by = ["at"]
    search_fields = ["subject", "reason"]
    search_help_text = "An arXiv id, a handle, or words of the reason."
    date_hierarchy = "at"
    change_form_template = "admin/act_log.html"

    def get_fields(self, request: HttpRequest, obj: Act | None = None) -> list[Any]:
        fields = ["at", "by", "done", "subject", "reason", "standing"]
        return [*fields, "result"] if obj and OF_RUNS in obj.after else fields

    @admin.display(description="what", ordering="kind")
    def done(self, act: Act) -> str:
        what = capfirst(act.get_kind_display())
        return f"Undone: {what}" if act.undoes_id else what

    @admin.display(description="state")
    def standing(self, act: Act) -> str:
        if act.undoes_id:
            return "an undoing"
        return "undone" if hasattr(act, "undone_by") else "stands"

    @admin.display(description="what came of it")
    def result(self, act: Act) -> str:
        """Say how the run stands that was asked for."""
        runs = IngestRun.objects.filter(pk__in=act.after.get(OF_RUNS, {}))
        told = [(run.get_state_display(), run.counts_in_words or run.reason) for run in runs]
        return "; ".join(": ".join(filter(None, words)) for words in told) or "It was taken back."

    def shown_with(self, request: HttpRequest, row: Act) -> dict[str, Any]:
        changes, more_changes = words.changes(row)
        may = self.standing(row) == "stands" and may_undo(row, request.user)
        return {
            "buttons": [("Undo this", undo_address([row]))] if may else [],
            "changes": changes,
            "more_changes": more_changes,
        }
