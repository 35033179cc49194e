"""What is a reader's, as plain data in the shapes of `shapes`: a bounded number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings

from accounts import news
from accounts.feed import Glance
from accounts.interests import CLOSE, Candidate, Interests
from accounts.models import SavedPaper
from accounts.saved import Shelf, Shelved
from papers.api import plain
from papers.api.plain import Row
from papers.api.shapes import PaperRow
from papers.models import Paper
from papers.readers import Follow, Kind

OF_PAPER = frozenset(PaperRow().fields)


def with_papers(mine: Mapping[int, Row], fields: Collection[str]) -> list[Row]:
    """Return these papers, by their keys, with what is their reader's; one query."""
    columns = ["pk", *(name for name in fields if name in OF_PAPER)]
    return [paper | mine[paper["pk"]] for paper in plain.papers(list(mine), columns)]


def saved(found: Sequence[SavedPaper], shelf: Shelf, fields: Collection[str]) -> list[Row]:
    """Return saved papers that were read with their papers; two queries."""
    places = shelf.places(found)
    return with_papers({each.paper_id: _kept(each, *places[each.pk]) for each in found}, fields)


def _kept(each: SavedPaper, tags: Iterable[Shelved], lists: Iterable[Shelved]) -> Row:
    return {
        "state": each.state,
        "note": each.note,
        "tags": [tag.name for tag in tags],
        "lists": [place.slug for place in lists],
        "saved_at": each.saved_at,
        "state_changed_at": each.state_changed_at,
        "has_news": bool(news.of(each)),
    }


def shelved(each: Shelved) -> Row:
    return {
        "slug": each.slug,
        "name": each.name,
        "paper_count": each.count,
        "is_shared": each.is_shared,
    }


def follow(found: Follow) -> Row:
    url = settings.SITE_URL + found.get_absolute_url()
    return {"kind": found.kind, "target": found.target, "name": found.name, "url": url}


def of_feed(
    page: Sequence[Candidate], of: Interests, glance: Glance, fields: Collection[str]
) -> list[Row]:
    """Return the papers of a page of a feed with their reasons; two queries."""
    near = {reason.near for each in page for reason in each.near}
    close = Paper.objects.visible().filter(pk__in=near).only("arxiv_id", "title_text").in_bulk()
    mine = {
        each.paper_id: {
            "why": _why(each, of, close),
            "came_as": each.kind,
            "listed_on": each.listed_on,
            "state": of.marks.states.get(each.paper_id),
            "is_unread": glance.is_unread(each),
        }
        for each in page
    }
    return with_papers(mine, fields)


def _why(candidate: Candidate, of: Interests, close: Mapping[int, Paper]) -> list[Row]:
    """Return the reasons, each once: what is followed, then the saved papers it is like."""
    followed = {(each.kind, each.target): each for each in candidate.reasons if each.kind != CLOSE}
    found: list[Row] = [
        {"kind": kind, "target": target, "name": of.follows[Kind(kind)][target]}
        for kind, target in followed
    ]
    papers = [close[each.near] for each in candidate.near if each.near in close]
    return found + [
        {"kind": CLOSE, "target": paper.arxiv_id, "name": paper.title_text} for paper in papers
    ]
