"""Who may keep an answer for how long, and how little is done for whoever has it already.

An ETag is made of the answer: no cheaper fact changes with all that an answer shows
(docs/architecture.md). What all may keep for FRESH seconds the site holds to be unchanged for as
long, too: whoever comes back with its ETag is answered without a query.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponseBase]
FRESH = 60  # seconds
PUBLIC = f"public, max-age={FRESH}"
PRIVATE = "private, no-store"


def is_personal(request: Any) -> bool:
    """Tell whether a request says who asks: its answer is for nobody else."""
    return "Authorization" in request.headers or settings.SESSION_COOKIE_NAME in request.COOKIES


def say(answer: HttpResponseBase, kept: str) -> HttpResponseBase:
    """Say in an answer who may keep it, and that others may be answered otherwise."""
    answer["Cache-Control"] = kept
    patch_vary_headers(answer, ["Authorization", "Cookie"])
    return answer


def conditional(view: View) -> View:
    """Give answers an ETag, and 304 to whoever has it."""
    whole = conditional_page(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        place = f"{request.headers.get('Accept', '')} {request.get_full_path()}"
        if request.method not in {"GET", "HEAD"} or is_personal(request):
            return whole(request, *args, **kwargs)
        held = caches["process"].get(_key(place))
        if held and request.headers.get("If-None-Match") == held:
            return say(HttpResponseNotModified(headers={"ETag": held}), PUBLIC)
        answer = whole(request, *args, **kwargs)
        if isinstance(answer, SimpleTemplateResponse):  # it is made, and has its ETag, later
            answer.add_post_render_callback(lambda made: _hold(place, made))
        return answer

    return asked


def _hold(place: str, made: HttpResponseBase) -> None:
    if "ETag" in made and made.get("Cache-Control") == PUBLIC:
        caches["process"].set(_key(place), made["ETag"], FRESH)


def _key(place: str) -> str:
    return f"etag-{hashlib.sha256(place.encode()).hexdigest()}"
