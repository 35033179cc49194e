"""Programs show a token, in the header `Authorization` and nowhere else: addresses are logged."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import AccessToken, User

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """An access token. One that does not hold is refused wherever it is shown."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        kind, _, token = get_authorization_header(request).partition(b" ")
        if kind.lower() != SCHEME.lower().encode():
            return None
        row = tokens.find(token.strip().decode("latin-1"))
        if row is None:
            raise AuthenticationFailed("There is no such token, or it is revoked or expired.")
        tokens.note_use(row)
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="Hot Papers"'


class TokenOfReader(OpenApiAuthenticationExtension):
    """What the schema calls it. It is registered by being read."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": SCHEME.lower(),
            "description": "An access token, which a reader makes in the settings.",
        }
