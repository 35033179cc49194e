"""What happened to a saved paper since its reader knew it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import news
from accounts.models import User
from accounts.saved import shown_to
from accounts.views.guard import change_of_account
from accounts.views.saved import to_row
from papers.views import back


@login_required
@require_safe
def page(request: HttpRequest, arxiv_id: str) -> HttpResponse:
    """What changed, word by word."""
    assert isinstance(request.user, User)
    found = shown_to(request.user).select_related("paper")
    saved = get_object_or_404(found, paper__arxiv_id=arxiv_id)
    context = {
        "saved": saved,
        "paper": saved.paper,
        "news": news.of(saved),
        "title_pieces": news.title_pieces(saved),
        "abstract_pieces": news.abstract_pieces(saved),
        "next": back.path(request, otherwise="/saved/"),
    }
    return render(request, "accounts/news.html", context)


@change_of_account
def noted(request: HttpRequest, user: User, arxiv_id: str) -> HttpResponse:
    """Take it as known: the row says no more of it."""
    saved = get_object_or_404(shown_to(user).select_related("paper"), paper__arxiv_id=arxiv_id)
    saved.know()
    messages.success(request, f"Noted: “{saved.paper.title_text}”.")
    return to_row(request, arxiv_id)
