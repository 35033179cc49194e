"""Reporting a paper, or a tweet under it."""

from typing import Any

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import reports
from accounts.forms import ReportForm
from accounts.models import User
from papers.converters import number
from papers.models import Paper, Tweet
from papers.views.back import SeeOther


@login_required
@rate_limit(action="report")
def page(request: HttpRequest) -> HttpResponse:
    """The form of `?paper=2106.05237`, or of a `&tweet=` that links it; what waits is changed."""
    assert isinstance(request.user, User)
    found = get_object_or_404(
        Paper.objects.visible(), arxiv_id=request.GET.get("paper", "").replace("\x00", "")
    )
    report = reports.about(request.user, found, _tweet(found, request.GET.get("tweet", "")))
    form = ReportForm(request.POST or None, instance=report)
    if request.method == "POST" and form.is_valid():
        try:
            reports.hand_in(form.save(commit=False))
            messages.success(request, "Thank you. A curator will look at it.")
            return SeeOther(found.get_absolute_url())
        except reports.Full as full:
            form.add_error(None, str(full))
    context: dict[str, Any] = {"form": form, "report": report, "paper": found}
    return render(request, "accounts/report.html", context)


def _tweet(paper: Paper, key: str) -> Tweet | None:
    """Return the tweet that is meant, None where it is the paper; 404 where it is not under it."""
    if not key:
        return None
    return get_object_or_404(Tweet.objects.visible(), pk=number(key), papers=paper)
