"""What a reader takes along, and what they wait for since they brought it in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import exports
from accounts.models import User
from papers import clock
from papers.exports import links


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    pending = request.user.pending_saves.values_list("is_missing", "arxiv_id")
    missing = [arxiv_id for is_missing, arxiv_id in pending if is_missing]
    context = {
        "missing": missing,
        "waiting": len(pending) - len(missing),
        "saved_as": links(reverse("accounts:saved")),
    }
    return render(request, "accounts/data.html", context)


@require_safe
@login_required
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """Answer with all that is kept, in a file named after the day."""
    assert isinstance(request.user, User)
    file = f"hot-papers-{clock.now().date()}.json"
    return StreamingHttpResponse(
        exports.as_json(request.user),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )
