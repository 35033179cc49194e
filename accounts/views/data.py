"""What a reader takes along, and what they wait for since they brought it in."""

from collections.abc import Callable, Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import exports
from accounts.models import User
from papers import clock


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    pending = request.user.pending_saves.values_list("is_missing", "arxiv_id")
    missing = [arxiv_id for is_missing, arxiv_id in pending if is_missing]
    context = {"missing": missing, "waiting": len(pending) - len(missing)}
    return render(request, "accounts/data.html", context)


@require_safe
@login_required
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    return _file(request, exports.as_json, "hot-papers-{day}.json", "application/json")


@require_safe
@login_required
def export_bibtex(request: HttpRequest) -> StreamingHttpResponse:
    return _file(request, exports.bibtex, "hot-papers-saved-{day}.bib", "application/x-bibtex")


@require_safe
@login_required
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _file(request, exports.table, "hot-papers-saved-{day}.csv", "text/csv")


def _file(
    request: HttpRequest, export: Callable[[User], Iterator[str]], name: str, kind: str
) -> StreamingHttpResponse:
    """Answer with a file named after the day, as it is written."""
    assert isinstance(request.user, User)
    file = name.format(day=clock.now().date())
    return StreamingHttpResponse(
        export(request.user),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )
