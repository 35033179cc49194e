"""What readers reported: the queue, and the page on which a curator answers.

Who reported is shown to nobody: it is the thing that is looked at.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from papers.admin_site import page
from papers.curation import reports
from papers.curation.log import Refused
from papers.models import Act, Report


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=Act._meta.get_field("reason").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="What you found, and did. Other curators read it in the log.",
    )


class IsOpen(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "waits"), ("settled", "answered")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "open":
            return queryset.filter(settled_at=None)
        return queryset.exclude(settled_at=None) if self.value() == "settled" else queryset


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ["subject", "kind", "words", "at", "settled_at"]
    list_filter = [IsOpen, "kind"]
    list_select_related = ["paper", "tweet"]
    date_hierarchy = "at"
    ordering = ["-at"]
    show_full_result_count = False
    fields = readonly_fields = ("subject", "kind", "words", "at", "settled_at", "answer")

    @admin.display(description="answer")
    def answer(self, report: Report) -> str:
        return format_html('<a href="{}">Look at it</a>', reverse("admin:report", args=[report.pk]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False


@page("reports/<int:pk>/", "report")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported, all that readers said of it, what can be done, and the answer."""
    if not request.user.has_perm("papers.curate"):
        raise PermissionDenied
    found = get_object_or_404(Report.objects.select_related("paper", "tweet"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reports.settle(found, request.user, form.cleaned_data["reason"])
            messages.success(request, f"Answered: {found.subject}.")
            return redirect("admin:index")
        except Refused:
            form.add_error(None, "This was answered already.")
    context = {
        **admin.site.each_context(request),
        "title": f"Report: {found.subject}",
        "report": found,
        "said": Report.objects.about_the_same(found).order_by("settled_at", "at")[:50],
        "acts": Act.objects.filter(paper=found.paper).select_related("by")[:5],
        "form": form,
    }
    return render(request, "admin/report.html", context)
