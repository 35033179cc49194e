"""What every address of a reader's own does alike: whose it is, what is taken, what is kept."""

from typing import Any, TypeVar

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import RequestDataTooBig
from django.db.models import Model, QuerySet
from rest_framework.exceptions import APIException, NotFound, ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.inputs import Input
from accounts.models import AccessToken, User
from accounts.reader import Full
from accounts.removal import TOO_MUCH, TooMuch
from accounts.shelf import Refused
from papers.api.endpoint import Endpoint
from papers.api.freshness import PRIVATE

Row = TypeVar("Row", bound=Model)
CHANGES = (403, 413, 415)  # what may be answered to a change, beside the usual


class TooBig(APIException):
    status_code = 413
    default_detail = "What was sent is too big."


class BoundedJSON(JSONParser):
    """JSON of a depth that Python can bear."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("What was sent is nested too deep.") from None


class OfReader(BasePermission):
    """A reader, by a session or a token; a token that may read changes nothing."""

    message = "This token may read. Make one that may change too."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.user, User):
            self.message = "Show an access token, or sign in."
            return False
        token = request.auth if isinstance(request.auth, AccessToken) else None
        is_reading = request.method in SAFE_METHODS
        return is_reading or token is None or token.scope == AccessToken.Scope.WRITE


class Mine(Endpoint):
    """An address of a reader's own. What is not theirs is not there."""

    permission_classes = [OfReader]
    parser_classes = [BoundedJSON]

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @property
    def token(self) -> AccessToken | None:
        """The token that is shown; None: a session asks."""
        return self.request.auth if isinstance(self.request.auth, AccessToken) else None

    @property
    def session(self) -> SessionBase | None:
        """Where an Undo may lie: with the page that asks. Who shows a token has none."""
        return None if self.token else self.request._request.session

    def taken(self, kind: type[Input]) -> dict[str, Any]:
        """Return what was sent; 400 names each field that is wrong or not known."""
        sent = kind(data=self.request.data)
        sent.is_valid(raise_exception=True)
        found: dict[str, Any] = sent.validated_data
        return found

    def found(self, rows: QuerySet[Row], otherwise: str, **which: object) -> Row:
        row = rows.filter(**which).first()
        if row is None:
            raise NotFound(otherwise)
        return row

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refused | Full):
            exc = ValidationError(str(exc))
        elif isinstance(exc, TooMuch):
            exc = ValidationError(TOO_MUCH)
        elif isinstance(exc, RequestDataTooBig):
            exc = TooBig()
        return super().handle_exception(exc)

    def _kept_by(self, request: Any, answer: Any) -> str:
        return PRIVATE


def gone() -> Response:
    return Response(status=204)
