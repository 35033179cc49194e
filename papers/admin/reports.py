"""What readers reported: the queue, and the page on which a curator answers.

Who reported is shown to nobody: it is the thing that is looked at.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from papers.admin.act_forms import ReasonForm
from papers.admin.acts import with_undo
from papers.admin.deeds import deeds_for
from papers.admin.lists import ReadOnlyAdmin
from papers.admin.runs import IsOpenFilter
from papers.admin_site import answer, page
from papers.curation import reports
from papers.curation.log import Refused
from papers.models import Paper, Report, Tweet

SHOWN = 50  # of what readers say of one thing


class AnswerForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "What you found, and did. Other curators can read it."


class IsAnsweredFilter(IsOpenFilter):
    moment = "settled_at"


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["subject", "kind", "words", "at", "settled_at"]
    list_filter = [IsAnsweredFilter, "kind"]
    list_select_related = ["paper", "tweet"]
    date_hierarchy = "at"
    ordering = ["-at"]
    fields = ["subject", "kind", "words", "at", "settled_at", "answer"]

    @admin.display(description="answer")
    def answer(self, report: Report) -> str:
        return format_html('<a href="{}">Look at it</a>', reverse("admin:report", args=[report.pk]))


@page("reports/<int:pk>/", "report")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported, all that readers said of it, what can be done, and the answer."""
    if not request.user.has_perm("papers.curate"):
        raise PermissionDenied
    found = get_object_or_404(Report.objects.select_related("paper", "tweet"), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act = reports.settle(found, request.user, form.cleaned_data["reason"])
            messages.success(request, with_undo(f"Answered: {act.subject}.", [act]))
            return redirect("admin:index")
        except Refused:
            form.add_error(None, "This was answered already.")
    context = {
        "title": f"Report: {found.subject}",
        "report": found,
        "said": Report.objects.about_the_same(found).order_by("settled_at", "at")[:SHOWN],
        "deeds": _deeds(found, request),
        "form": form,
    }
    return answer(request, "admin/report.html", context)


def _deeds(report: Report, request: HttpRequest) -> list[tuple[str, str]]:
    """Return name and address of what can be done to the thing; each leads back here."""
    back = urlencode({"next": request.path})
    if report.tweet:
        found: list[Any] = [(deed, report.tweet) for deed in deeds_for(Tweet, request.user)]
    else:
        found = [(deed, report.paper) for deed in deeds_for(Paper, request.user)]
    return [
        (deed.title(), f"{deed.address([row])}&{back}") for deed, row in found if deed.fits(row)
    ]
