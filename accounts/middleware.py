"""What no cache may keep."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
