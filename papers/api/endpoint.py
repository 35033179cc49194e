"""What every address of the API does alike: who asks, how often, with which parameters; what may
be kept of the answer, and by whom."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from papers import cursor
from papers.api.freshness import PRIVATE, PUBLIC, conditional, is_personal, say
from papers.api.operation import fault
from papers.selection import PAGE_SIZE

Row = dict[str, Any]


@method_decorator(conditional, name="dispatch")
class Endpoint(APIView):
    """Methods are decorated with `operation`, and end with `one`, `page` or `listed`."""

    http_method_names = [name for name in APIView.http_method_names if name != "options"]
    fields: tuple[str, ...] = ()  # which ones to answer with

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except AuthenticationFailed:
            self.check_throttles(request)  # whoever guesses is counted too
            raise

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = getattr(self, str(request.method).lower(), None)
        if method is None:  # which is what is told
            return
        known: Mapping[str, Mapping[str, Any]] = getattr(method, "parameters", {})
        self._check(request.query_params, known, getattr(method, "required", frozenset()))
        asked = request.query_params.get("fields")
        names = getattr(method, "fields", ())
        self.fields = tuple(n for n in names if n in asked.split(",")) if asked else names

    def _check(
        self,
        given: Mapping[str, str],
        known: Mapping[str, Mapping[str, Any]],
        required: Collection[str],
    ) -> None:
        """Raise ValidationError, which names each parameter that is not as it says it is."""
        wrong = {name[:60]: "There is no such parameter here." for name in set(given) - set(known)}
        wrong |= {name: "It is needed." for name in required if not given.get(name, "").strip()}
        for name in set(known) & set(given) - set(wrong):
            if words := fault(given[name], known[name]):
                wrong[name] = words
        if wrong:
            raise ValidationError(wrong)

    @property
    def size(self) -> int:
        """How many results the page is to have."""
        return int(self.request.query_params.get("size", PAGE_SIZE))

    def one(self, row: Row, status: int = 200) -> Response:
        return Response({name: row[name] for name in self.fields}, status)

    def page(self, rows: Sequence[Row], after: str = "") -> Response:
        """Answer with one page of a list; `after` is the cursor of the next one, "" at the end."""
        results = [{name: row[name] for name in self.fields} for row in rows]
        following = self._address(after) if after else None
        response = Response({"results": results, "next": following})
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return response

    def listed(
        self,
        rows: QuerySet[Any],
        write: Callable[[Any], Row],
        place: Callable[[Any], tuple[Any, int]],
    ) -> Response:
        """Answer with one page of these rows, each as `write` has it; `place` tells the value and
        the key of a row, by which the next page begins behind it."""
        found = list(rows[: self.size + 1])
        after = cursor.write(*place(found[self.size - 1])) if len(found) > self.size else ""
        return self.page([write(row) for row in found[: self.size]], after)

    def _address(self, after: str) -> str:
        params = {**self.request.query_params.dict(), "after": after}
        return f"{settings.SITE_URL}{self.request.path}?{urlencode(params, safe=',:~')}"

    # What is not a Response is an error, or the description.
    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if counted := getattr(request, "throttle", None):
            for name, value in counted.headers.items():
                answer[name] = value
        return say(answer, self._kept_by(request, answer))

    def _kept_by(self, request: Any, answer: HttpResponseBase) -> str:
        is_look = request.method in {"GET", "HEAD"} and answer.status_code == 200
        return PRIVATE if is_personal(request) else PUBLIC if is_look else "no-store"
