"""A reader's lists: which there are, what stands in them, in which order, and who else may read."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import removal, saved, shelf
from accounts.api import plain, shapes
from accounts.api.endpoint import CHANGES, Mine, gone
from accounts.api.inputs import Naming, Ordering
from accounts.api.parameters import SECRET, SLUG
from accounts.api.views.saved import NOT_SAVED, named, selected
from accounts.models import ReadingList, SavedPaper
from accounts.saved import SavedSelection
from papers.api import plain as public
from papers.api.endpoint import Endpoint
from papers.api.freshness import PRIVATE
from papers.api.operation import PAGED, operation
from papers.api.parameters import ARXIV_ID
from papers.api.shapes import PaperRow

NO_LIST = "You have no such list."


class OfList(Mine):
    """Beneath the address of one list."""

    def of(self, slug: str) -> ReadingList:
        return self.found(self.user.lists.all(), NO_LIST, slug=slug)

    def shown(self, slug: str, status: int = 200) -> Response:
        return self.one(plain.shelved(named(saved.shelf(self.user).lists, slug, NO_LIST)), status)


class Lists(OfList):
    @operation("List lists", answers=shapes.OwnList, many=True)
    def get(self, request: Request) -> Response:
        """All lists, by name, on one page."""
        return self.page([plain.shelved(each) for each in saved.shelf(self.user).lists])

    @operation("Make a list", answers=shapes.OwnList, takes=Naming, status=201, errors=CHANGES)
    def post(self, request: Request) -> Response:
        """Make an empty list. No two have the same name."""
        made = shelf.new_list(self.user, self.taken(Naming)["name"])
        return self.shown(made.slug, 201)


class ListView(OfList):
    @operation("Show a list", SLUG, answers=shapes.OwnList, errors=(404,))
    def get(self, request: Request, slug: str) -> Response:
        """Its name, and how many papers stand in it."""
        return self.shown(slug)

    @operation("Rename a list", SLUG, answers=shapes.OwnList, takes=Naming, errors=(*CHANGES, 404))
    def patch(self, request: Request, slug: str) -> Response:
        """Give it another name, and with it another slug."""
        found = self.of(slug)
        shelf.rename_list(self.user, found, self.taken(Naming)["name"])
        return self.shown(found.slug)

    @operation("Delete a list", SLUG, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, slug: str) -> Response:
        """Delete it; its papers stay saved."""
        removal.remove_list(self.session, self.of(slug))
        return gone()


class Entries(OfList):
    @operation(
        "List the papers of a list",
        SLUG,
        *PAGED,
        answers=shapes.SavedPaperRow,
        many=True,
        errors=(404,),
    )
    def get(self, request: Request, slug: str) -> Response:
        """In the list's own order."""
        params = {"list": slug, "after": request.query_params.get("after", "")}
        return selected(self, SavedSelection.from_params(params))


class EntryView(OfList):
    @operation("Add to a list", SLUG, ARXIV_ID, status=204, errors=(*CHANGES, 404))
    def put(self, request: Request, slug: str, arxiv_id: str) -> Response:
        """Put a saved paper at the end; one that stands there stays where it is."""
        shelf.enlist(self.user, self.of(slug), [self._saved(arxiv_id)])
        return gone()

    @operation("Take out of a list", SLUG, ARXIV_ID, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, slug: str, arxiv_id: str) -> Response:
        """Take a paper out; it stays saved."""
        found, mine = self.of(slug), self._saved(arxiv_id)
        self.found(found.entries.all(), "It does not stand in this list.", saved=mine)
        removal.take_out(self.session, found, [mine])
        return gone()

    def _saved(self, arxiv_id: str) -> SavedPaper:
        return self.found(saved.shown_to(self.user), NOT_SAVED, paper__arxiv_id=arxiv_id)


class Order(OfList):
    @operation("Order a list", SLUG, status=204, takes=Ordering, errors=(*CHANGES, 404))
    def put(self, request: Request, slug: str) -> Response:
        """Let the papers named stand in this order; all others keep their places."""
        shelf.arrange(self.user, self.of(slug), self.taken(Ordering)["papers"])
        return gone()


class Sharing(OfList):
    @operation("Share a list", SLUG, answers=shapes.ListLink, errors=(*CHANGES, 404))
    def post(self, request: Request, slug: str) -> Response:
        """Make a secret link, told this once; an earlier one ends."""
        token = shelf.share(self.of(slug))
        addresses = {"url": "accounts:shared", "api_url": "accounts:api:shared"}
        links = {key: reverse(name, args=[token]) for key, name in addresses.items()}
        return self.one({key: settings.SITE_URL + link for key, link in links.items()})

    @operation("Stop sharing a list", SLUG, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, slug: str) -> Response:
        """Let its link lead nowhere."""
        shelf.unshare(self.of(slug))
        return gone()


class Shared(Endpoint):
    """A list under a secret link: for whoever has it, and for no cache or index."""

    def of(self, token: str) -> ReadingList:
        found = shelf.shared(token)
        if found is None:
            raise NotFound("There is no such list.")
        return found

    def _kept_by(self, request: Any, answer: Any) -> str:
        return PRIVATE

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["X-Robots-Tag"] = "noindex"
        answer["Referrer-Policy"] = "no-referrer"
        return answer


class SharedView(Shared):
    @operation("Show a shared list", SECRET, answers=shapes.SharedList, errors=(404,))
    def get(self, request: Request, token: str) -> Response:
        """Its name, and since when it is shared: nothing of its reader."""
        found = self.of(token)
        return self.one({"name": found.name, "shared_at": found.shared_at})


class SharedEntries(Shared):
    @operation(
        "List the papers of a shared list",
        SECRET,
        *PAGED,
        answers=PaperRow,
        many=True,
        errors=(404,),
    )
    def get(self, request: Request, token: str) -> Response:
        """In its reader's order; no note, tag or state."""
        after = request.query_params.get("after", "")
        keys, more = saved.shared_keys(self.of(token), after, self.size)
        return self.page(public.papers(keys, self.fields), more)
