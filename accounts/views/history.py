"""What a reader opened, and what they hid: lists of their own, the last first."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import User
from accounts.reader import AccountReader
from accounts.views.guard import change_of_account
from papers.models import Paper
from papers.selection import PAGE_SIZE
from papers.views import rows
from papers.views.back import SeeOther
from papers.views.errors import bad_request


@login_required
def opened(request: HttpRequest) -> HttpResponse:
    """The papers whose pages were opened: `?after=`."""
    return _list(request, "opened_at")


@login_required
def hidden(request: HttpRequest) -> HttpResponse:
    """The papers that were hidden from the feed: `?after=`."""
    return _list(request, "hidden_at")


@change_of_account
def clear(request: HttpRequest, user: User) -> HttpResponse:
    """Forget which pages were opened; what was seen stays seen, or all would be unread again."""
    user.seen.update(opened_at=None)
    messages.success(request, "Your history is cleared.")
    return SeeOther(reverse("accounts:history"))


def _list(request: HttpRequest, moment: str) -> HttpResponse:
    """Render a page of the papers that have this moment, the newest first."""
    assert isinstance(request.user, User)
    found = request.user.seen.filter(paper__hidden=False).exclude(**{moment: None})
    if after := request.GET.get("after", ""):
        behind = _behind(after, moment)
        if behind is None:
            return bad_request(request, "This page of the list does not exist.")
        found = found.filter(behind)
    newest = found.order_by(f"-{moment}", "-pk").values_list("paper", moment, "pk")
    page = list(newest[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    papers = Paper.objects.for_list().in_bulk([paper_id for paper_id, _, _ in shown])
    more = f"?after={shown[-1][1].isoformat()}~{shown[-1][2]}" if len(page) > PAGE_SIZE else ""
    context: dict[str, Any] = {
        "rows": rows.of_papers([papers[paper_id] for paper_id, _, _ in shown]),
        "marks": AccountReader(request.user).marks(papers),
        "is_hidden": moment == "hidden_at",
        "more": more.replace("+", "%2B"),
        "year": None,
    }
    return render(request, "accounts/history.html", context)


def _behind(after: str, moment: str) -> Q | None:
    """Return what stands behind a cursor; None where it is none."""
    match = re.fullmatch(r"([0-9T:.-]{19,26}\+00:00)~(\d{1,18})", after, re.ASCII)
    try:
        at = datetime.fromisoformat(match[1]) if match else None
    except ValueError:
        at = None
    if match is None or at is None:
        return None
    return Q(**{f"{moment}__lt": at}) | Q(**{moment: at}, pk__lt=int(match[2]))
