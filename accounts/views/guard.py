"""Who may change what is kept of an account: who is signed in to it, by POST."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.models import User
from papers.views import back, in_place

View = Callable[..., HttpResponse]


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
