"""What every page knows: the theme the reader chose, and whether what it shows is real."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from papers import clock
from papers.models import Digest

THEMES = ("system", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """Return the theme of the reader's cookie, "system" before a choice."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else "system"


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "theme": theme_of(request),
        "themes": THEMES,
        "is_invented": clock.is_invented(),
        "is_sample": SimpleLazyObject(Digest.objects.filter(from_sample=True).exists),
    }
