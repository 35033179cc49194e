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
    MOST_RANKED,
    OF_SEARCH,
    Selection,
    SelectionError,
    Sort,
)
from papers.views import rows

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
    context = _results(request, selection) | {
        "arxiv_id": arxiv_id,
        "follow": readers.follow(request, Kind.SEARCH, words, f"“{words}”"),
    }
    return render(request, "papers/search.html", context)


def _results(request: HttpRequest, selection: Selection) -> dict[str, object]:
    newest = Paper.objects.newest_day() if selection.window in DAYS else None
    found = selection.page(newest)
    is_more = (found.found or 0) > MOST_COUNTED
    here, highlight = reverse("papers:search"), Highlight.of(engine.parse(selection.query))

    def at(sort: Sort, after: str = "") -> str:
        is_usual = sort == Sort.RELEVANCE
        return here + selection.querystring(sort="" if is_usual else sort, after=after)

    return {
        "query": selection.query,
        "selection": selection,
        "number": f"{MOST_COUNTED:,}+" if is_more else f"{found.found:,}",
        "is_one": found.found == 1,
        "ranked_of_more": MOST_RANKED if is_more and selection.sort == Sort.RELEVANCE else 0,
        "sorts": [
            (sort == selection.sort, SORTS[sort], at(sort))
            for sort in OF_SEARCH
            if highlight.looked_for or sort != Sort.RELEVANCE
        ],
        "hot": at(Sort.HOT),
        "new": at(Sort.NEW),
        "whole": here + selection.querystring(category="", year="", window=""),
        "year": None,
        "rows": rows.of_search(found.papers, highlight),
        "marks": readers.of(request).marks([paper.pk for paper in found.papers]),
        "more": at(selection.sort, found.after) if found.after else "",
    }


def suggest(request: HttpRequest) -> HttpResponse:
    """`?q=`: the options of what may be meant, as the list under a search field shows them."""
    typed = request.GET.get("q", "").replace("\x00", "")[:MAX_QUERY]
    return render(request, "papers/_suggestions.html", {"groups": suggestions.of(typed)})
