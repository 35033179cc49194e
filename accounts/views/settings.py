"""What a reader can set: profile, appearance, security of the account; and its end."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.decorators import rate_limit
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import deletion, guessing, providers
from accounts.forms import ConfirmForm, KeysForm, ProfileForm, TimeZoneForm
from accounts.models import User
from papers.views.back import SeeOther


@login_required
@rate_limit(action="change_username")
def profile(request: HttpRequest) -> HttpResponse:
    # Another object than the page's, whose head keeps the old name until it is changed.
    user = User.objects.get(username=request.user.get_username())
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your user name is changed.")
        return redirect("accounts:profile")
    zone_form = TimeZoneForm(instance=user)
    return render(request, "accounts/profile.html", {"form": form, "zone_form": zone_form})


@login_required
def time_zone(request: HttpRequest) -> HttpResponse:
    """Store the time zone; it is asked for on the page of the profile."""
    user = User.objects.get(username=request.user.get_username())
    sent = request.POST if request.method == "POST" else None
    zone_form = TimeZoneForm(sent, instance=user)
    if zone_form.is_valid():
        zone_form.save()
        messages.success(request, f"Your time zone is {user.time_zone}.")
        return SeeOther(reverse("accounts:profile"))
    context = {"form": ProfileForm(instance=user), "zone_form": zone_form}
    return render(request, "accounts/profile.html", context)


@login_required
def appearance(request: HttpRequest) -> HttpResponse:
    """Colours, which the browser keeps, and whether keys are on, which the account does."""
    assert isinstance(request.user, User)
    sent = request.POST if request.method == "POST" else None
    form = KeysForm(sent, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, f"Keys are {'on' if request.user.keys_on else 'off'}.")
        return SeeOther(reverse("accounts:appearance"))
    return render(request, "accounts/appearance.html", {"form": form})


@login_required
def security(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    connected = providers.connected(request.user)
    known = {each.provider for each in connected}
    address = EmailAddress.objects.filter(user=request.user).order_by("-verified", "pk").first()
    context = {
        "email": address.email if address else request.user.email,
        "is_confirmed": bool(address and address.verified),
        "has_password": request.user.has_usable_password(),
        "connected": connected,
        "connectable": [item for item in providers.names().items() if item[0] not in known],
        "has_two_factor": is_mfa_enabled(request.user),
        "session_count": len(UserSession.objects.purge_and_list(request.user)),
    }
    return render(request, "accounts/security.html", context)


@login_required
@rate_limit(action="reauthenticate")
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account at once, once its password is given or, without one, its reader asked."""
    user = User.objects.get(username=request.user.get_username())
    sent = request.POST if request.method == "POST" else None
    form: Form = ConfirmForm(sent, user=user) if user.has_usable_password() else Form(sent)
    if not user.has_usable_password():
        raise_if_reauthentication_required(request, app="allauth.account")
    if not form.is_valid():
        return render(request, "accounts/delete.html", {"form": form})
    logout(request)
    deletion.delete(user)
    response = render(request, "accounts/deleted.html")
    response.delete_cookie(guessing.COOKIE, samesite="Lax")
    return response
