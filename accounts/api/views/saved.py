"""Saved papers, with their notes and the reader's own tags."""

from typing import Any

from django.db import transaction
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import removal, saved, shelf
from accounts.api import parameters, plain, shapes
from accounts.api.endpoint import CHANGES, Mine, gone
from accounts.api.inputs import Keeping, NamingTag, Saving
from accounts.models import ReadingList, SavedPaper, User
from accounts.saved import SavedSelection, Shelved
from accounts.shelf import Refused
from papers.api.operation import PAGED, operation
from papers.api.parameters import ARXIV_ID
from papers.models import Paper

NO_PAPER = "There is no such paper here."
NOT_SAVED = "You have not saved this paper."
NO_TAG = "You have no such tag."


class SavedList(Mine):
    @operation(
        "List saved papers",
        *parameters.OF_SAVED,
        *PAGED,
        answers=shapes.SavedPaperRow,
        many=True,
        errors=(404,),
    )
    def get(self, request: Request) -> Response:
        """What `/saved/` shows, with every filter it has."""
        return selected(self, SavedSelection.from_params(request.query_params))

    @operation("Save a paper", answers=shapes.SavedPaperRow, takes=Saving, errors=(*CHANGES, 404))
    def post(self, request: Request) -> Response:
        """Save a paper, if it is not yet, and store what is sent with it."""
        sent = self.taken(Saving)
        paper = self.found(Paper.objects.visible(), NO_PAPER, arxiv_id=sent.pop("paper"))
        with transaction.atomic():
            mine = SavedPaper.objects.keep(self.user, paper)
            change(self.user, mine, sent)
        return shown(self, mine)


class SavedView(Mine):
    @operation("Show a saved paper", ARXIV_ID, answers=shapes.SavedPaperRow, errors=(404,))
    def get(self, request: Request, arxiv_id: str) -> Response:
        """A paper that is saved, with what its reader keeps of it."""
        return shown(self, self._one(arxiv_id))

    @operation(
        "Change a saved paper",
        ARXIV_ID,
        answers=shapes.SavedPaperRow,
        takes=Keeping,
        errors=(*CHANGES, 404),
    )
    def patch(self, request: Request, arxiv_id: str) -> Response:
        """Store state, note, tags or lists; what is not sent stays as it is."""
        sent = self.taken(Keeping)
        mine = self._one(arxiv_id)
        change(self.user, mine, sent)
        return shown(self, mine)

    @operation("Remove a saved paper", ARXIV_ID, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, arxiv_id: str) -> Response:
        """Remove it with its note, tags and places in lists."""
        removal.remove(self.session, [self._one(arxiv_id)])
        return gone()

    def _one(self, arxiv_id: str) -> SavedPaper:
        rows = saved.shown_to(self.user).select_related("paper")
        return self.found(rows, NOT_SAVED, paper__arxiv_id=arxiv_id)


class TagList(Mine):
    @operation("List own tags", answers=shapes.OwnTag, many=True)
    def get(self, request: Request) -> Response:
        """The reader's own tags, which nobody else sees, on one page."""
        return self.page([plain.shelved(each) for each in saved.shelf(self.user).tags])


class TagView(Mine):
    @operation(
        "Rename an own tag",
        parameters.SLUG,
        answers=shapes.OwnTag,
        takes=NamingTag,
        errors=(*CHANGES, 404),
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Give it another name; one that another tag has makes the two that one."""
        left = shelf.rename_tag(self.user, slug, self.taken(NamingTag)["name"])
        tags = saved.shelf(self.user).tags
        return self.one(plain.shelved(named(tags, left.slug if left else "", NO_TAG)))

    @operation("Delete an own tag", parameters.SLUG, status=204, errors=(*CHANGES, 404))
    def delete(self, request: Request, slug: str) -> Response:
        """Take it off all papers, which stay saved."""
        removal.remove_tag(self.session, self.found(self.user.tags.all(), NO_TAG, slug=slug))
        return gone()


def named(shelved: list[Shelved], slug: str, otherwise: str) -> Shelved:
    """Return the tag or list of this slug; 404 where its reader has none."""
    found = next((each for each in shelved if each.slug == slug), None)
    if found is None:
        raise NotFound(otherwise)
    return found


def selected(endpoint: Mine, selection: SavedSelection) -> Response:
    """Answer with a page of saved papers; four queries."""
    whole = saved.shelf(endpoint.user)
    tag = named(whole.tags, selection.tag, NO_TAG) if selection.tag else None
    at = selection.reading_list
    place = named(whole.lists, at, "You have no such list.") if at else None
    found, after = selection.page(endpoint.user, tag, place, endpoint.size)
    return endpoint.page(plain.saved(found, whole, endpoint.fields), after)


def shown(endpoint: Mine, mine: SavedPaper) -> Response:
    rows = plain.saved([mine], saved.shelf(endpoint.user), endpoint.fields)
    if not rows:
        raise NotFound(NO_PAPER)  # a curator hid it this moment
    return endpoint.one(rows[0])


@transaction.atomic
def change(user: User, mine: SavedPaper, sent: dict[str, Any]) -> None:
    """Store what was sent; all else stays as it is, whoever changes it beside this."""
    user.lock()
    mine.refresh_from_db(fields=["state", "note"])
    tags = sent["tags"] if "tags" in sent else [each.name for each in mine.tags.all()]
    shelf.edit(user, mine, sent.get("note", mine.note), tags, _lists(user, mine, sent))
    if "state" in sent:
        mine.change(sent["state"], mine.note)


def _lists(user: User, mine: SavedPaper, sent: dict[str, Any]) -> list[ReadingList]:
    held = list(user.lists.all())
    if "lists" not in sent:
        places = set(mine.places.values_list("reading_list", flat=True))
        return [each for each in held if each.pk in places]
    if unknown := set(sent["lists"]) - {each.slug for each in held}:
        raise Refused(f"You have no list “{min(unknown)}”.")
    return [each for each in held if each.slug in sent["lists"]]
