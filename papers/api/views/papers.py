"""Papers: in the orders of the pages, one with all that is known of it, and by words."""

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from papers import cursor
from papers.api import parameters, plain, shapes
from papers.api.endpoint import Endpoint, Row
from papers.api.operation import PAGED, operation
from papers.models import Paper, TweetPaper, is_visible
from papers.selection import Selection, Sort


class PaperList(Endpoint):
    @operation(
        "List papers",
        *(parameters.SORT, *parameters.NARROWED, parameters.Q, *PAGED),
        answers=shapes.PaperRow,
        many=True,
    )
    def get(self, request: Request) -> Response:
        """What `/hot/`, `/rising/`, `/new/` and `/top/` show, with every filter they have."""
        sort = Sort(request.query_params.get("sort", Sort.HOT))
        return _selected(self, Selection.from_params(sort, request.query_params))


class Search(Endpoint):
    @operation(
        "Search papers",
        *(parameters.WORDS, parameters.SORT_OF_SEARCH, *parameters.NARROWED, *PAGED),
        answers=shapes.PaperRow,
        many=True,
    )
    def get(self, request: Request) -> Response:
        """What `/search/` finds."""
        return _selected(self, Selection.from_search(request.query_params))


def _selected(endpoint: Endpoint, selection: Selection) -> Response:
    keys, after, _ = selection.keys(Paper.objects.newest_day(), endpoint.size)
    return endpoint.page(plain.papers(keys, endpoint.fields), after)


def _visible(arxiv_id: str) -> Paper:
    return get_object_or_404(Paper.objects.visible().only("pk"), arxiv_id=arxiv_id)


class PaperDetail(Endpoint):
    @operation("Get a paper", parameters.ARXIV_ID, answers=shapes.Paper, errors=(404,))
    def get(self, request: Request, arxiv_id: str) -> Response:
        """One paper with its topic tags, how it stands on each network, the digests that printed
        it, and the papers close to it."""
        return self.one(plain.paper(_visible(arxiv_id), self.fields))


class PaperTweets(Endpoint):
    @operation(
        "List the tweets of a paper",
        *(parameters.ARXIV_ID, parameters.NETWORK, *PAGED),
        answers=shapes.TweetOfPaper,
        many=True,
        errors=(404,),
    )
    def get(self, request: Request, arxiv_id: str) -> Response:
        """The posts that link a paper, in the order in which they came to be known here."""
        links = TweetPaper.objects.filter(is_visible("tweet__"), paper=_visible(arxiv_id))
        if network := request.query_params.get("network"):
            links = links.filter(tweet__network=network)
        if after := request.query_params.get("after"):
            links = links.filter(pk__gt=cursor.read(after, cursor.number)[1])
        links = links.select_related("tweet").defer("tweet__embed_html").order_by("pk")
        links = links.prefetch_related(plain.links_of("tweet__links"))
        return self.listed(links, _of_paper, lambda link: (0, link.pk))


def _of_paper(link: TweetPaper) -> Row:
    return {**plain.tweet(link.tweet), "by_author": link.by_author}
