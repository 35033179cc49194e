"""Tweets: the newest of all networks."""

from django.db.models import Exists, OuterRef, Q
from rest_framework.request import Request
from rest_framework.response import Response

from papers import cursor
from papers.api import parameters, plain, shapes
from papers.api.endpoint import Endpoint
from papers.api.operation import PAGED, operation
from papers.models import Tweet, TweetPaper


class TweetList(Endpoint):
    @operation("List tweets", parameters.NETWORK, *PAGED, answers=shapes.Tweet, many=True)
    def get(self, request: Request) -> Response:
        """The posts that link papers, the newest first."""
        links = TweetPaper.objects.filter(tweet=OuterRef("pk"), paper__hidden=False)
        found = Tweet.objects.visible().filter(Exists(links), posted_at__isnull=False)
        if network := request.query_params.get("network"):
            found = found.filter(network=network)
        if after := request.query_params.get("after"):
            at, pk = cursor.read(after, cursor.moment)
            # The plain bound is implied, but an index can start at it.
            found = found.filter(Q(posted_at__lt=at) | Q(pk__lt=pk), posted_at__lte=at)
        rows = plain.with_papers(found.order_by("-posted_at", "-pk"))
        return self.listed(rows, plain.tweet, lambda tweet: (tweet.posted_at, tweet.pk))
