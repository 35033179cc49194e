"""How django-allauth behaves here: names, words, mail, and how fast one may guess."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import guessing, providers
from accounts.models import User
from accounts.reader import take_over
from papers import proxies

MISMATCH = "The name and the password do not belong together."
WAYS = {
    "reauthenticate": "Use the password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
    "provider": "Use a connected account",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": MISMATCH,
        "enter_current_password": "This is not your password.",
        "incorrect_code": "This is not the code, or no longer.",
        "incorrect_password": "This is not your password.",
        "rate_limited": "Too many tries. Wait a few minutes.",
        "too_many_login_attempts": "Too many tries. Wait a few minutes, or reset the password.",
        "username_password_mismatch": MISMATCH,
        "username_taken": "This name is taken.",
    }

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """Return a name that tells nothing of the address; its reader can change it."""
        return f"reader-{secrets.token_hex(4)}"

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.account.stages.EmailVerificationStage": "accounts.stages.ConfirmStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return []
        if not user.has_usable_password() or providers.connected(user):
            methods.append({"id": "provider", "url": reverse("confirm_by_provider")})
        return [method | {"description": WAYS[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """allauth asks nothing of who has neither a password nor two steps; we ask the provider."""
        is_required: bool = super().is_reauthentication_required(app=app, **kwargs)
        nothing_to_ask = not get_reauthentication_flows(self.request.user)
        if is_required and nothing_to_ask and not providers.was_here_lately(self.request):
            raise ReauthenticationRequired
        return is_required

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mail begin with SITE_URL, whatever host a request named."""
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})

    def send_account_already_exists_mail(self, email: str) -> None:
        make_password(email)  # a new account costs one, and the time must not tell either
        super().send_account_already_exists_mail(email)

    def get_client_ip(self, request: HttpRequest) -> str:
        return proxies.client_ip(request, super().get_client_ip(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by address too: allauth's own key would lock the owner out with the guesser."""
        return f"{guessing.account_of(credentials)} {truncate_ip(self.get_client_ip(request))}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        # What was typed is tried as an address and as a name. Tried as an address twice, one that
        # is known would take twice as long to be refused.
        if credentials.get("email") == credentials.get("username"):
            credentials.pop("email", None)
        return super().authenticate(request, **credentials)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        if not guessing.may_try(request, guessing.account_of(credentials)):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        guessing.count_failure(request, guessing.account_of(credentials))

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        guessing.remember_browser(response, user)
        assert isinstance(user, User)
        take_over(request.session, user)
        return response


class TwoStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "While two steps are on the address stays. Turn them off first.",
        "incorrect_code": "This is not the code, or no longer.",
        "unverified_email": "Confirm your address first.",
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks: the name that the page is open under, and ours for the reader."""
        return super().get_public_key_credential_rp_entity() | {"name": "Hot Papers"}
