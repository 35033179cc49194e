"""Changes made in place: a script that asks is answered with what changed, not with a page."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from papers.views.back import SeeOther


def is_asked(request: HttpRequest) -> bool:
    """Tell whether a button of a page asks, and the page stays."""
    return "HX-Request" in request.headers


def answer(
    request: HttpRequest, back: str, template: str, context: Mapping[str, object]
) -> HttpResponse:
    """After a change: the fragment for who asked in place, the way back for everybody else."""
    return render(request, template, {**context}) if is_asked(request) else SeeOther(back)


def leave(request: HttpRequest, redirect: HttpResponseRedirect) -> HttpResponse:
    """Let the whole page follow a redirect, where a button alone would have."""
    return HttpResponseClientRedirect(redirect.url) if is_asked(request) else redirect
