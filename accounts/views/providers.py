"""The way to a provider and back: to sign in, to connect it, to show who one is, to leave it."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.views import password_set
from allauth.decorators import rate_limit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from accounts import providers
from accounts.models import User
from accounts.views.guard import change_of_account
from papers.views import back
from papers.views.back import SeeOther

APP = "allauth.socialaccount"  # whose settings say that a confirmation is wanted


@require_POST
@rate_limit(action="provider")
def start(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to a provider: to sign in; who is signed in connects it, or shows who they are."""
    adapter = providers.adapter(request, provider_id)
    provider = adapter.get_provider()
    provider.oauth2_adapter_class = type(adapter)  # ours, which checks; else it would take its own
    process, asked = AuthProcess.LOGIN, {}
    if request.user.is_authenticated and "confirm" in request.POST:
        process, asked = providers.CONFIRM, dict(provider.app.settings["again"])
    elif request.user.is_authenticated:
        raise_if_reauthentication_required(request, app=APP)
        process = AuthProcess.CONNECT
    try:
        with providers.understood():
            following = back.path(request, "")
            return provider.redirect(request, process, following, auth_params=asked)
    except OAuth2Error as error:
        return render_authentication_error(request, provider, exception=error)


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take what a provider says of who comes back from there."""
    adapter = providers.adapter(request, provider_id)
    try:
        return OAuth2CallbackView.adapter_view(adapter)(request)
    except OAuth2Error as error:  # before anything was asked for the reader: it does not answer
        return render_authentication_error(request, adapter.get_provider(), exception=error)


@method_decorator(rate_limit(action="signup"), name="dispatch")
class JoinView(SignupView):
    """The account that somebody makes who comes from a provider."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"provider": self.sociallogin.provider}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:  # sent twice at once: the other one made it
            messages.info(self.request, "The account is made: sign in to it.")
            return redirect("account_login")

    def get_authenticated_redirect_url(self) -> str:
        return reverse("accounts:security")


@require_safe
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask who has no password to show through a provider who they are."""
    assert isinstance(request.user, User)
    usable = {each.provider: each.site for each in providers.connected(request.user) if each.opens}
    following = back.path(request, "")
    if not usable and request.user.has_usable_password():
        return redirect_to_login(following, reverse("account_reauthenticate"))
    context = {"usable": usable.items(), "next": following}
    return render(request, "accounts/confirm.html", context)


@login_required
def set_password(request: HttpRequest) -> HttpResponseBase:
    """Let an account without a password have one. Whoever finds a browser open gives it none."""
    assert isinstance(request.user, User)
    if not request.user.has_usable_password():
        raise_if_reauthentication_required(request, app=APP)
    return password_set(request)


@change_of_account
def disconnect(request: HttpRequest, user: User) -> HttpResponse:
    """Forget an account elsewhere, unless it is the last that opens this one."""
    account = get_object_or_404(SocialAccount, user=user, pk=_number(request))
    raise_if_reauthentication_required(request, app=APP)
    mine = providers.connected(user)
    site = next(each.site for each in mine if each.pk == account.pk)
    if user.has_usable_password() or any(each.opens for each in mine if each.pk != account.pk):
        account.delete()
        messages.success(request, f"{site} is disconnected: it no longer opens this account.")
        mail = "socialaccount/email/account_disconnected"
        get_adapter().send_notification_mail(mail, user, {"provider": site})
    else:
        messages.error(request, f"{site} is the only way into this account. Set a password first.")
    return SeeOther(reverse("accounts:security"))


def _number(request: HttpRequest) -> int:
    sent = request.POST.get("account", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
