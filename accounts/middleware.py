"""Who reads, in which time zone, and what no cache may keep."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import reader
from accounts.models import User
from papers.readers import NOBODY

COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


def keep_private(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let nobody keep an answer to who carries a cookie of an account, or is given any cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.cookies or not COOKIES.isdisjoint(request.COOKIES):
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def name_reader(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.reader`; who it is is looked up when a page asks, and only with a session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        found = SimpleLazyObject(lambda: reader.of(request)) if has_session else NOBODY
        request.reader = found  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def keep_time(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let the moments of a reader's own pages be in the time zone that the account says.

    It is the account that every page with a session looks up anyway; a visitor's costs nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        zone = request.user.zone if has_session and isinstance(request.user, User) else None
        with timezone.override(zone):
            return get_response(request)

    return middleware
