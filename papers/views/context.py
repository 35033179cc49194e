"""What every page knows: the theme the reader chose, and what to say above it."""

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


def site(request: HttpRequest) -> dict[str, object]:
    return {
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
