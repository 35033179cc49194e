"""The public feeds: of days, and of every list of papers there is a page of."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from taggit.models import Tag

from papers import atom_links
from papers.atom_links import AtomLink
from papers.feeds import entries
from papers.feeds.atom import Channel, atom_feed, public
from papers.feeds.entries import PaperEntry
from papers.models import Author, Category, Paper
from papers.selection import Selection, SelectionError, Sort

ENTRIES = 50


def _selection(sort: Sort, request: HttpRequest, **fixed: str) -> Selection:
    # A feed has no further pages.
    return Selection.from_params(sort, request.GET, after="", **fixed)


def _channel(link: AtomLink, page_path: str, selection: Selection) -> Channel:
    _, mark, query = link.path.partition("?")
    return public(link, page_path + mark + query, _entries(selection))


def _own(request: HttpRequest, sort: Sort, link: AtomLink, page_path: str, **own: str) -> Channel:
    """Return the feed of a list whose address says itself what it is narrowed to, by `own`."""
    selection = _selection(sort, request, **own)
    return _channel(link.narrowed(selection, *own), page_path, selection)


def _entries(selection: Selection) -> tuple[PaperEntry, ...]:
    return entries.of_papers(selection.keys(Paper.objects.newest_day(), ENTRIES).keys)


@atom_feed
def days(request: HttpRequest) -> Channel:
    return public(atom_links.digests(), reverse("papers:archive"), entries.of_days())


@atom_feed
def ranked(request: HttpRequest, sort: Sort) -> Channel:
    selection = _selection(sort, request)
    return _channel(atom_links.ranked(selection), reverse("papers:ranked", args=[sort]), selection)


@atom_feed
def category(request: HttpRequest, code: str) -> Channel:
    found = get_object_or_404(Category, code=code)
    link, page = atom_links.category(found), found.get_absolute_url()
    return _own(request, Sort.HOT, link, page, category=code)


@atom_feed
def author(request: HttpRequest, slug: str) -> Channel:
    found = get_object_or_404(Author, slug=slug)
    link, page = atom_links.author(found), found.get_absolute_url()
    return _own(request, Sort.NEW, link, page, author=slug)


@atom_feed
def tag(request: HttpRequest, slug: str) -> Channel:
    link = atom_links.tag(get_object_or_404(Tag, slug=slug))
    return _own(request, Sort.HOT, link, reverse("papers:tag", args=[slug]), tag=slug)


@atom_feed
def search(request: HttpRequest) -> Channel:
    """The newest first: who subscribes to a search wants to be told of what comes."""
    selection = _selection(Sort.NEW, request)
    words = " ".join(selection.query.split())
    if not words:
        raise SelectionError("Say which words: /search.atom?q=neural+network")
    link = atom_links.search(words).narrowed(selection)
    page = reverse("papers:search") + selection.querystring_of_search()
    return public(link, page, _entries(selection))
