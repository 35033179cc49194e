"""Error pages: what happened, and the next step. To who asked the API, the same as data."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from papers import identifiers, problems
from papers.models import DigestEntry


def bad_request(request: HttpRequest, exception: object = "") -> HttpResponse:
    """Answer 400, with a sentence for the reader where it is one; Django says `exception=`."""
    text = exception if isinstance(exception, str) else ""
    if isinstance(exception, RequestDataTooBig):
        text = "What was sent is too big. Take it in parts."
    if problems.are_told(request):
        return problems.answer(400, text or "The request could not be understood.")
    return render(request, "400.html", {"message": text, "canonical": ""}, status=400)


def forbidden(request: HttpRequest, exception: object = None, reason: str = "") -> HttpResponse:
    if problems.are_told(request):
        return problems.answer(403, reason or "You may not do that.")
    return render(request, "403.html", {"is_csrf": bool(reason), "canonical": ""}, status=403)


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """Answer 404; an address that looks like an arXiv id gets the way to arXiv."""
    if problems.are_told(request):
        return problems.answer(404, "There is nothing at this address.")
    path = request.path[:200].strip("/")
    arxiv_id = identifiers.canonical(path) or identifiers.canonical(path.partition("/")[2])
    hot = (
        DigestEntry.objects.printed()
        .filter(digest__state="published", paper__hidden=False)
        .select_related("paper", "digest")
    )
    context = {
        "canonical": "",
        "arxiv_id": arxiv_id,
        "entries": hot.order_by("-digest__date", "rank")[:3],
    }
    return render(request, "404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a template that needs no database and no context."""
    if problems.are_told(request):
        return problems.answer(500, "Something broke here. It is logged.")
    return HttpResponse(get_template("500.html").render(), status=500)
