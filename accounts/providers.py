"""Signing in through another site: what is believed of its answer, and what is kept of it.

A provider says who somebody is there. That opens the account here which its reader connected, and
no other: an address that it names only fills a form in.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import add_query_params
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from requests import RequestException

from accounts import outgoing
from accounts.models import User

logger = logging.getLogger(__name__)
NAME_LENGTH = 200
CLOCKS = 60  # seconds by which two of them differ
CONFIRM = AuthProcess.REDIRECT  # what allauth calls a process that ends in neither of its own ways
ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
# What comes of an answer that is none, from below us.
FAULTS = (
    *(AssertionError, AttributeError, ImproperlyConfigured, LookupError),
    *(RuntimeError, TypeError, ValueError),
)


def names() -> dict[str, str]:
    """Return the names of the providers there are, by their keys, in the order of their buttons."""
    apps = ProviderAdapter().list_apps(None)
    return {app.provider_id: app.name for app in apps}


def connected(user: User) -> list[SocialAccount]:
    """Return the accounts elsewhere that open this one, the oldest first, each with `site`, the
    name of its provider, and `opens`: whether that one is still there."""
    known = names()
    found = list(SocialAccount.objects.filter(user=user).order_by("pk"))
    for account in found:
        account.site = known.get(account.provider, account.provider)
        account.opens = account.provider in known
    return found


def was_here_lately(request: HttpRequest) -> bool:
    """Tell whether this reader, in this session, came through a provider or showed who they are."""
    assert isinstance(request.user, User)
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(
        record["at"] > since
        for record in records
        if record["method"] == "socialaccount" or record.get("reauthenticated")
    )


class ProviderAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings. Rows of the database would cost every such page a query."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_app(
        self, request: HttpRequest | None, provider: str, client_id: str | None = None
    ) -> SocialApp:
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404("There is no such provider.") from None

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Any:
        """Keep of the answer one word to tell the account by, and an address to fill a form with.

        Neither is its user name taken, which may be another reader's, nor that an address is
        confirmed, which is for our own mail to find out.
        """
        account = sociallogin.account
        shown = str(data.get("username") or data.get("email") or account.uid)
        account.extra_data = {"name": "".join(filter(str.isprintable, shown))[:NAME_LENGTH]}
        sociallogin.email_addresses = []
        return super().populate_user(request, sociallogin, {"email": data.get("email")})

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.token = None  # nothing is asked in its reader's name: no session keeps it
        if sociallogin.state.get("process") == CONFIRM:
            raise ImmediateHttpResponse(_confirm(request, sociallogin))

    def get_requests_session(self) -> outgoing.Session:
        return outgoing.Session()

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("accounts:security")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Lead back who changed their mind. Of all else a page says so, and the log why."""
        if error == AuthError.CANCELLED:
            messages.info(request, f"You did not go on with {provider.name}.")
            raise ImmediateHttpResponse(_back(request, (extra_context or {}).get("state") or {}))
        said = request.GET.get("error", "it was not asked for, or too long ago")
        reason = (exception.__cause__ or exception) if exception else said
        logger.warning("%s let nobody in: %.300r", provider.name, reason)


def _back(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Return to the page that a way to a provider began on."""
    if not request.user.is_authenticated:
        page = "account_login"
    elif state.get("process") == CONFIRM:
        page = "confirm_by_provider"
    else:
        return redirect("accounts:security")
    following = {"next": state["next"]} if state.get("next") else {}
    return redirect(add_query_params(reverse(page), following))


def _confirm(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Go on with what a reader was about to do, if they have shown that it is them."""
    following = sociallogin.state.get("next") or reverse("accounts:security")
    name = sociallogin.provider.name
    if not request.user.is_authenticated or sociallogin.user != request.user:
        messages.error(request, f"This is not the account of {name} that is connected here.")
        return _back(request, sociallogin.state)
    if not _showed_it_anew(sociallogin):
        messages.error(request, f"{name} let you pass without asking who you are.")
        return _back(request, sociallogin.state)
    record_authentication(request, request.user, "socialaccount", reauthenticated=True)
    query = request.GET.copy()
    query["next"] = following
    request.GET = query  # type: ignore[assignment]  # where allauth looks for it
    return resume_request(request) or redirect(following)


def _showed_it_anew(sociallogin: SocialLogin) -> bool:
    """Tell whether a provider that can be asked so has asked who it is, and not remembered it."""
    max_age = sociallogin.provider.app.settings["again"].get("max_age")
    if not max_age:
        return True
    return bool(sociallogin.shown_at > time.time() - int(max_age) - CLOCKS)


@contextmanager
def understood() -> Iterator[None]:
    """Let whatever a provider's answer does to who reads it be an OAuth2Error."""
    try:
        yield
    except (RequestException, *FAULTS) as error:
        raise OAuth2Error(f"{type(error).__name__}: {error}") from error


class _Checked(OAuth2Adapter):
    """An adapter that takes any nonsense for a refusal."""

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        with understood():
            return super().get_access_token_data(*args, **kwargs)

    def parse_token(self, data: Any) -> Any:
        with understood():
            return super().parse_token(data)

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        with understood():
            login = super().complete_login(*args, **kwargs)
            if not login.account.uid.isprintable():
                raise ValueError("an id that no database keeps")
        return login


class GitHub(_Checked, GitHubOAuth2Adapter):
    pass


class _OpenId(OpenIDConnectOAuth2Adapter):
    """OpenID Connect, of which more is checked than allauth does."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the server says of itself; its addresses are as safe as its own."""
        with understood():
            config: dict[str, Any] = super().openid_config
            scheme = self.get_provider().server_url.partition("://")[0]
            for name in ENDPOINTS:
                if not config[name].startswith(f"{scheme}://"):
                    raise ValueError(f"{name} is not {scheme}")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        claims = self._decode_id_token(app, kwargs["response"]["id_token"])
        if app.settings.get("fetch_userinfo", True) and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more["sub"] != claims["sub"]:
                raise ValueError("userinfo is of somebody else")
            claims |= more
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.shown_at = int(claims.get("auth_time", 0))
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Check whose it is, for whom and until when, and always by whom it is signed."""
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


class OpenIdConnect(_Checked, _OpenId):
    pass


def adapter(request: HttpRequest, key: str) -> OAuth2Adapter:
    """Return who speaks with the provider of this key; 404 where there is none."""
    if key not in names():
        raise Http404("There is no such provider.")
    app = ProviderAdapter().get_app(request, key)
    return GitHub(request) if app.provider == "github" else OpenIdConnect(request, app.provider_id)
