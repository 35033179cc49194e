"""The page that searches, and what is suggested while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from papers import identifiers, readers
from papers import search as engine
from papers.models import Paper
from papers.readers import Kind
from papers.search import suggestions
from papers.search.highlight import Highlight
from papers.selection import (
    DAYS,
    MAX_QUERY,
    MOST_COUNTED,
    OF_SEARCH,
    Selection,
    SelectionError,
    Sort,
)
from papers.views import rows
from papers.views.lists import addresses

SORTS = {Sort.RELEVANCE: "Closest", Sort.HOT: "Hot", Sort.NEW: "New"}


def page(request: HttpRequest) -> HttpResponse:
    """Search by words; an arXiv id or its URL goes straight to the paper."""
    query = request.GET.get("q", "").strip()
    if not query:
        return render(request, "papers/search.html", {"query": ""})
    arxiv_id = identifiers.canonical(query[:MAX_QUERY]) or ""
    if arxiv_id and Paper.objects.visible().filter(arxiv_id=arxiv_id).exists():
        return redirect("papers:paper", arxiv_id)
    try:
        selection = Selection.from_search(request.GET)
    except SelectionError as error:
        typed = query[:MAX_QUERY].replace("\x00", "")
        again = {"query": typed, "mistake": str(error)}
        return render(request, "papers/search.html", again, status=400)
    words = " ".join(query.split())
    follow = readers.follow(request, Kind.SEARCH, words, f"“{words}”")
    context = {
        **_results(request, selection),
        **addresses(request, selection, selection.querystring_of_search(), follow),
        "arxiv_id": arxiv_id,
        "follow": follow,
    }
    return render(request, "papers/search.html", context)


def _results(request: HttpRequest, selection: Selection) -> dict[str, object]:
    newest = Paper.objects.newest_day() if selection.window in DAYS else None
    found = selection.page(newest)
    is_more = (found.found or 0) > MOST_COUNTED
    here, asked = reverse("papers:search"), selection.querystring_of_search
    highlight = Highlight.of(engine.parse(selection.query))

    return {
        "query": selection.query,
        "selection": selection,
        "number": f"{MOST_COUNTED:,}+" if is_more else f"{found.found:,}",
        "is_one": found.found == 1,
        "is_part": is_more and selection.sort == Sort.RELEVANCE,
        "sorts": [
            (sort == selection.sort, SORTS[sort], here + asked(sort=sort))
            for sort in OF_SEARCH
            if highlight.looked_for or sort != Sort.RELEVANCE
        ],
        "hot": here + asked(sort=Sort.HOT),
        "new": here + asked(sort=Sort.NEW),
        "whole": here + selection.querystring(category="", year="", window=""),
        "year": None,
        "rows": rows.of_search(found.papers, highlight),
        "marks": readers.of(request).marks([paper.pk for paper in found.papers]),
        "more": here + asked(after=found.after) if found.after else "",
    }


def suggest(request: HttpRequest) -> HttpResponse:
    """`?q=`: the options of what may be meant, as the list under a search field shows them."""
    typed = request.GET.get("q", "").replace("\x00", "")[:MAX_QUERY]
    return render(request, "papers/_suggestions.html", {"groups": suggestions.of(typed)})
