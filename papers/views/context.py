"""What every page knows: the theme the reader chose, and what to say above it."""

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from papers import clock, status

THEMES = ("system", "light", "dark")

NOTICES_KEPT = 60  # seconds; so that pages ask nothing for them


def theme_of(request: HttpRequest) -> str:
    """Return the theme of the reader's cookie, "system" before a choice."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else "system"


# What search engines may show; every other page asks to be left out.
_INDEXED = (
    *("home", "archive", "digest", "ranked", "paper", "categories", "category", "author", "tag"),
    *("about", "about_ranking", "feeds", "curation", "privacy", "status"),
)
INDEXED = {f"papers:{name}" for name in _INDEXED}


def canonical_of(request: HttpRequest) -> str:
    """Return the path at which a page is known; "" of one that is not to be found.

    A list that its parameters narrow says its own.
    """
    match = request.resolver_match
    return request.path if match and match.view_name in INDEXED else ""


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "site_url": settings.SITE_URL,
        "canonical": canonical_of(request),
        "theme": theme_of(request),
        "themes": THEMES,
        "is_invented": clock.is_invented(),
        "notices": SimpleLazyObject(_notices),
    }


def _notices() -> status.Notices:
    """Return the notices, at most a minute old. Each process keeps its own: no server is asked."""
    kept: status.Notices | None = caches["process"].get("notices")
    if kept is None:
        kept = status.notices()
        caches["process"].set("notices", kept, NOTICES_KEPT)
    return kept
