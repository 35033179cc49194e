"""Who asks: a browser that is signed in. Programs bring a token, which is known to `accounts`."""

from drf_spectacular.authentication import SessionScheme
from rest_framework.authentication import SessionAuthentication as Session
from rest_framework.request import Request


class SessionAuthentication(Session):
    """The session of a page of this site; what it changes needs the page's CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        """Whoever is nobody is told how programs sign in: 401, not 403."""
        return 'Bearer realm="Hot Papers"'


class SessionOfPages(SessionScheme):
    """What the schema calls it. It is registered by being read."""

    target_class = f"{__name__}.SessionAuthentication"
    name = "session"
