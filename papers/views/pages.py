"""Pages about the site, and the appearance a reader chooses."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from papers import atom_links, fairness, likeness
from papers.models import Digest, Paper
from papers.selection import LISTS, Selection
from papers.views import back
from papers.views.back import SeeOther
from papers.views.context import THEMES
from papers.views.errors import bad_request

YEAR = 365 * 24 * 3600


def about(request: HttpRequest) -> HttpResponse:
    published = Digest.objects.published()
    context = {
        "digest_count": published.count(),
        "paper_count": Paper.objects.visible().count(),
        "newest": published.first(),
        "oldest": published.last(),
    }
    return render(request, "papers/about.html", context)


def about_ranking(request: HttpRequest) -> HttpResponse:
    context = {
        "rules": settings,
        "words": likeness.WORDS,
        "found": likeness.FOUND,
        "least": likeness.LEAST,
        "peer_days": fairness.PEERS.days,
    }
    return render(request, "papers/about_ranking.html", context)


def feeds(request: HttpRequest) -> HttpResponse:
    """Which Atom feeds there are, and how they are addressed."""
    lists = [atom_links.ranked(Selection.from_params(sort, {})) for sort in LISTS]
    return render(request, "papers/feeds.html", {"links": [atom_links.digests(), *lists]})


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "papers/privacy.html")


# Exempt, because a token would cost every visitor a cookie; all a forged request could do is
# change the colours.
@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme, or forget it for "system", and go back to the page."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        return bad_request(request, "The appearance is system, light or dark.")
    response = SeeOther(back.path(request))
    if chosen == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        response.set_cookie(
            "theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response
