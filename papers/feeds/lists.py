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
    selection = _selection(Sort.HOT, request, category=code)
    link, page = atom_links.category(found), found.get_absolute_url()
    return _channel(link.narrowed(selection, "category"), page, selection)


@atom_feed
def author(request: HttpRequest, slug: str) -> Channel:
    found = get_object_or_404(Author, slug=slug)
    selection = _selection(Sort.NEW, request, author=slug)
    link, page = atom_links.author(found), found.get_absolute_url()
    return _channel(link.narrowed(selection, "author"), page, selection)


@atom_feed
def tag(request: HttpRequest, slug: str) -> Channel:
    found = get_object_or_404(Tag, slug=slug)
    selection = _selection(Sort.HOT, request, tag=slug)
    link, page = atom_links.tag(found), reverse("papers:tag", args=[slug])
    return _channel(link.narrowed(selection, "tag"), page, selection)


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
