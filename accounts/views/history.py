"""What a reader opened, and what they hid: pages of their own."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import history
from accounts.models import User
from accounts.reader import AccountReader
from accounts.views.guard import change_of_account
from papers.selection import SelectionError
from papers.views import rows
from papers.views.back import SeeOther
from papers.views.errors import bad_request


@login_required
def opened(request: HttpRequest) -> HttpResponse:
    """The papers whose pages were opened: `?after=`."""
    return _list(request, history.OPENED)


@login_required
def hidden(request: HttpRequest) -> HttpResponse:
    """The papers that were hidden from the feed: `?after=`."""
    return _list(request, history.HIDDEN)


@change_of_account
def clear(request: HttpRequest, user: User) -> HttpResponse:
    history.forget(user)
    messages.success(request, "Your history is cleared.")
    return SeeOther(reverse("accounts:history"))


def _list(request: HttpRequest, moment: str) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        papers, after = history.page(request.user, moment, request.GET.get("after", ""))
    except SelectionError as error:
        return bad_request(request, str(error))
    context = {
        "rows": rows.of_papers(papers),
        "marks": AccountReader(request.user).marks([paper.pk for paper in papers]),
        "is_hidden": moment == history.HIDDEN,
        "more": "?" + urlencode({"after": after}) if after else "",
        "year": None,
    }
    return render(request, "accounts/history.html", context)
