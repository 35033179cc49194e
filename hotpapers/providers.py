"""The sites that readers may sign in through: whose client id and secret the environment holds."""

import ipaddress
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

GITHUB = "https://github.com"
# How a provider is asked, in django-allauth's words; `again` is ours, and is added to ask that
# nobody passes who does not show anew who they are. All but GitHub speak OpenID Connect, in which
# `max_age` (seconds) has the server say when that was; GitHub and Google know no such question.
_OPENID: dict[str, Any] = {"scope": ["openid", "email"]}
_OPENID |= {"again": {"prompt": "login", "max_age": "300"}}
_GOOGLE = {"server_url": "https://accounts.google.com", "fetch_userinfo": False}
_GOOGLE |= _OPENID | {"again": {"prompt": "select_account"}}
_ORCID = {"server_url": "https://orcid.org", "fetch_userinfo": False}
_ORCID |= _OPENID | {"scope": ["openid"]}  # it knows no other, and names no address


class Providers(NamedTuple):
    settings: dict[str, Any]  # django-allauth's SOCIALACCOUNT_PROVIDERS
    origins: list[str]  # where their pages for signing in lie


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read(environ: Mapping[str, str]) -> Providers:
    """Return who is configured, in the order of their buttons.

    Raises ImproperlyConfigured where of a pair one is missing, and for a server that others could
    listen to.
    """
    apps = [
        _other(environ),
        _app(environ, "orcid", "ORCID", _ORCID),
        _app(environ, "google", "Google", _GOOGLE),
    ]
    found = [app for app in apps if app]
    settings: dict[str, Any] = {}
    if found:
        settings["openid_connect"] = {"OAUTH_PKCE_ENABLED": True, "APPS": found}
    origins = [_origin(app["settings"]["server_url"]) for app in found]
    if app := _app(environ, "github", "GitHub", {"again": {"prompt": "select_account"}}):
        settings["github"] = {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        origins.append(GITHUB)
    return Providers(settings, origins + environ.get("OIDC_ORIGINS", "").split())


def _app(
    environ: Mapping[str, str], key: str, name: str, settings: dict[str, Any]
) -> dict[str, Any] | None:
    """Return a provider as django-allauth has it, or None where the environment says nothing."""
    names = f"{key.upper()}_CLIENT_ID", f"{key.upper()}_CLIENT_SECRET"
    client_id, secret = (environ.get(name, "").strip() for name in names)
    if not client_id and not secret:
        return None
    if not client_id or not secret:
        raise ImproperlyConfigured(f"{names[0]} and {names[1]} belong together: set both")
    found = {"provider_id": key, "name": name, "client_id": client_id, "secret": secret}
    return found | {"settings": settings}


def _other(environ: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the server that the operator names.

    Its host is what its accounts are known by: another server, which may give the same numbers to
    other people, opens none of them.
    """
    url = environ.get("OIDC_SERVER_URL", "").strip().rstrip("/")
    server = urlsplit(url)
    name = environ.get("OIDC_NAME", "").strip() or server.netloc
    app = _app(environ, "oidc", name, _OPENID | {"server_url": url})
    if not app:
        if url:
            raise ImproperlyConfigured("OIDC_SERVER_URL needs OIDC_CLIENT_ID and its secret")
        return None
    host = server.hostname or ""
    if server.scheme != "https" and not (server.scheme == "http" and is_loopback(host)):
        raise ImproperlyConfigured(f"OIDC_SERVER_URL must be https://, not {url!r}")
    return app | {"provider_id": server.netloc}


def _origin(url: str) -> str:
    server = urlsplit(url)
    return f"{server.scheme}://{server.netloc}"
