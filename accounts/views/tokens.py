"""Access tokens of a reader: which there are, making one, revoking one."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import tokens
from accounts.forms import NameForm, Worded
from accounts.models import AccessToken, User
from accounts.views.guard import change_of_account
from papers import clock
from papers.views.back import SeeOther


class TokenForm(Worded, NameForm):
    """What a reader says of a token that is to be made."""

    labels = {"name": "Name", "scope": "It may", "days": "It holds for"}
    helps = {"name": "What will use it, so that you know it again."}

    scope = forms.ChoiceField(
        choices=[("read", "Read what is yours"), ("write", "Read and change what is yours")]
    )
    days = forms.TypedChoiceField(
        choices=[
            ("30", "30 days"),
            ("90", "90 days"),
            ("365", "a year"),
            ("", "ever, until you revoke it"),
        ],
        coerce=int,
        required=False,
        empty_value=None,
        initial="90",
    )


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The tokens there are, the newest first."""
    assert isinstance(request.user, User)
    context = {"tokens": request.user.access_tokens.all(), "now": clock.now()}
    return render(request, "accounts/tokens.html", context)


@login_required
@reauthentication_required
def new(request: HttpRequest) -> HttpResponse:
    """Make a token. The answer shows it, this once: it is kept neither here nor in a session."""
    assert isinstance(request.user, User)
    form = TokenForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            row, context["secret"] = tokens.make(request.user, **form.cleaned_data)
        except tokens.Full as full:
            form.add_error(None, str(full))
        else:
            context["token"] = row
            mail = "accounts/email/token_made"
            get_adapter().send_notification_mail(mail, request.user, {"token": row})
    return render(request, "accounts/new_token.html", context)


@change_of_account
def revoke(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Delete a token: from now on it opens nothing."""
    token = get_object_or_404(AccessToken, user=user, pk=pk)
    token.delete()
    messages.success(request, f"“{token.name}” is revoked: it opens nothing any more.")
    return SeeOther(reverse("accounts:tokens"))
