"""Papers: in the orders of the pages, one with all that is known of it, and by words."""

from rest_framework.request import Request
from rest_framework.response import Response

from papers.api import parameters, plain, shapes
from papers.api.endpoint import Endpoint
from papers.api.operation import PAGED, operation
from papers.models import Paper
from papers.selection import Selection, SelectionError, Sort


class PaperList(Endpoint):
    @operation(
        "List papers",
        parameters.SORT,
        *parameters.NARROWED,
        parameters.Q,
        *PAGED,
        answers=shapes.PaperRow,
        many=True,
    )
    def get(self, request: Request) -> Response:
        """What `/hot/`, `/rising/`, `/new/` and `/top/` show, with every filter they have."""
        return _selected(self, request)


def _selected(endpoint: Endpoint, request: Request) -> Response:
    selection = Selection.from_params(_sort(request), request.query_params)
    keys, after = selection.keys(Paper.objects.newest_day(), endpoint.size)
    return endpoint.page(plain.papers(keys, endpoint.fields), after)


def _sort(request: Request) -> Sort:
    given = request.query_params.get("sort") or Sort.HOT
    if given not in list(Sort):
        raise SelectionError(f"There is no order “{given}”: {', '.join(Sort)}.")
    return Sort(given)
