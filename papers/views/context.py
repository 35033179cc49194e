"""What every page knows: the theme the reader chose, and whether it shows the sample."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

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
        "is_sample": SimpleLazyObject(Digest.objects.filter(from_sample=True).exists),
    }
