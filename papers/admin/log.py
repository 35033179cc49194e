"""The log of what curators did: to be read, and to undo from."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from papers.admin.acts import undo_address
from papers.admin.deeds import may_undo
from papers.admin.lists import ReadOnlyAdmin
from papers.curation import words
from papers.models import Act, IngestRun

OF_RUNS = "papers.ingestrun"  # in the rows of an act


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
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

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["changes"], context["more_changes"] = words.changes(obj)
        if self.standing(obj) == "stands" and may_undo(obj, request.user):
            context["undo"] = undo_address([obj])
        return super().render_change_form(request, context, add, change, form_url, obj)
