"""Who tries to sign in, and whether they may try again.

A try is counted for its address, for the account as asked for from there, and for the account.
The last limit does not hold in a browser that has signed in to the account before: whoever guesses
from a thousand addresses is slowed, and the owner is not locked out.

An account is what was typed. Counting a name and an address together would tell that they belong
to one account. The figures are in hotpapers/allauth.py, the counts in the cache.
"""

from collections.abc import Mapping

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "browser"
KEPT = 365 * 24 * 3600  # seconds
ANYWHERE = "login_failed_anywhere"


def account_of(credentials: Mapping[str, str]) -> str:
    return credentials.get("email", credentials.get("username", "")).lower()


def may_try(request: HttpRequest, account: str) -> bool:
    """Tell whether the account was not guessed at too often, from wherever."""
    return _is_known(request, account) or ratelimit.consume(
        request, action=ANYWHERE, key=account, dry_run=True
    )


def count_failure(request: HttpRequest, account: str) -> None:
    if not _is_known(request, account):
        ratelimit.consume(request, action=ANYWHERE, key=account)


def remember_browser(response: HttpResponse, user: AbstractBaseUser) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(user.pk),
        salt=COOKIE,
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _is_known(request: HttpRequest, account: str) -> bool:
    pk = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=KEPT)
    user = User.objects.filter(pk=pk).first() if pk else None
    return user is not None and account in {user.username.lower(), user.email.lower()}
