"""A reader's feed, and what they hid from it."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import feed, history, interests
from accounts.api import parameters, plain, shapes
from accounts.api.endpoint import CHANGES, Mine, gone
from accounts.api.inputs import Hiding
from accounts.api.views.saved import NO_PAPER
from accounts.feed import FeedSelection, Glance
from accounts.models import Seen
from papers import clock
from papers.api.operation import PAGED, operation
from papers.api.parameters import ARXIV_ID
from papers.models import Paper


class FeedView(Mine):
    @operation("Show the feed", *parameters.OF_FEED, *PAGED, answers=shapes.FeedPaper, many=True)
    def get(self, request: Request) -> Response:
        """What `/feed/` shows; what is not asked for is as the reader set it."""
        selection = FeedSelection.from_params(request.query_params, self.user)
        newest = Paper.objects.newest_day()
        if newest is None:
            return self.page([])
        of = interests.of_account(self.user, selection.since(newest))
        glance = Glance(of, self.user)
        found = feed.build(selection, of, newest, glance, self.size)
        return self.page(plain.of_feed(found.page, of, glance, self.fields), found.after)


class HiddenList(Mine):
    @operation("List hidden papers", *PAGED, answers=shapes.HiddenPaper, many=True)
    def get(self, request: Request) -> Response:
        """What the reader hid from the feed, the last first."""
        after = request.query_params.get("after", "")
        moments, more = history.keys(self.user, history.HIDDEN, after, self.size)
        mine = {key: {"hidden_at": at} for key, at in moments.items()}
        return self.page(plain.with_papers(mine, self.fields), more)

    @operation("Hide a paper", status=204, takes=Hiding, errors=(*CHANGES, 404))
    def post(self, request: Request) -> Response:
        """Let the feed show it no more."""
        named = self.taken(Hiding)["paper"]
        paper = self.found(Paper.objects.visible(), NO_PAPER, arxiv_id=named)
        Seen.objects.note(self.user, paper.pk, hidden_at=clock.now())
        return gone()


class HiddenView(Mine):
    @operation("Unhide a paper", ARXIV_ID, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, arxiv_id: str) -> Response:
        """Let the feed show it again."""
        hidden = self.user.seen.exclude(hidden_at=None).filter(paper__hidden=False)
        found = self.found(hidden, "You have not hidden this paper.", paper__arxiv_id=arxiv_id)
        Seen.objects.note(self.user, found.paper_id, hidden_at=None)
        return gone()
