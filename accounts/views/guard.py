"""Who may change what is kept of an account: who is signed in to it, by POST."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.models import User
from papers import identifiers
from papers.views import back, in_place

View = Callable[..., HttpResponse]


def named_paper(request: HttpRequest, *names: str) -> str:
    """Return the arXiv id in the first of these fields that is filled; 404 if there is none."""
    raw = next(filter(None, map(request.POST.get, names)), "")
    arxiv_id = identifiers.canonical(raw[:200])
    if arxiv_id is None:
        raise Http404("No paper is named.")
    return arxiv_id


def change_of_account(view: View) -> View:
    """Let `view` take a POST of who is signed in, and give it the account; others sign in first,
    then come back to where they were."""

    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return in_place.leave(request, redirect_to_login(back.path(request)))
        return view(request, request.user, *args, **kwargs)

    return guarded
