"""Lists of papers: by heat, by age, by score; of a category, an author, a tag, a search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from taggit.models import Tag

from papers import identifiers, readers
from papers.models import Author, Category, Paper
from papers.readers import Follow, Kind, Marks
from papers.selection import FAIR, Selection, SelectionError, Sort, Window, first_day
from papers.views import rows
from papers.views.errors import bad_request

SORTS = {Sort.HOT: "Hot", Sort.RISING: "Rising", Sort.NEW: "New", Sort.TOP: "Top"}
WINDOWS = {
    Window.DAY: "Day",
    Window.WEEK: "Week",
    Window.MONTH: "Month",
    Window.YEAR: "Year",
    Window.ALL: "All",
}


def ranked(request: HttpRequest, sort: Sort) -> HttpResponse:
    """/hot/, /rising/, /new/ and /top/, with every filter: where all lists continue."""
    return _list(request, "papers/ranked.html", sort)


def category(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Category.objects.select_related("same_as"), code=code)
    follow = readers.follow(request, Kind.CATEGORY, code, f"{code} {found.name}")
    return _list(
        request, "papers/category.html", Sort.HOT, found=found, follow=follow, category=code
    )


def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Author, slug=slug)
    follow = readers.follow(request, Kind.AUTHOR, slug, found.name)
    return _list(request, "papers/author.html", Sort.NEW, found=found, follow=follow, author=slug)


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    return _list(request, "papers/tag.html", Sort.HOT, found=found, tag=slug)


def search(request: HttpRequest) -> HttpResponse:
    """Search by words; an arXiv id or its URL goes straight to the paper."""
    query = request.GET.get("q", "").strip()
    if not query:
        return render(request, "papers/search.html", {"query": ""})
    arxiv_id = identifiers.canonical(query[:200]) or ""
    if arxiv_id and Paper.objects.visible().filter(arxiv_id=arxiv_id).exists():
        return redirect("papers:paper", arxiv_id)
    words = " ".join(query.replace("\x00", "").split())
    follow = readers.follow(request, Kind.SEARCH, words, f"“{words}”")
    return _list(request, "papers/search.html", Sort.HOT, found=arxiv_id, follow=follow)


def categories(request: HttpRequest) -> HttpResponse:
    """All active categories by group, with what the last month brought to each."""
    newest = Paper.objects.newest_day()
    counts = Category.objects.listed_since(first_day(Window.MONTH, newest)) if newest else {}
    active = list(Category.objects.filter(is_active=True))
    followed = readers.of(request).follows(Kind.CATEGORY, [found.code for found in active])
    groups: dict[str, list[tuple[Category, int, Follow]]] = {}
    for found in active:
        is_on = found.code in followed
        follow = Follow(Kind.CATEGORY, found.code, f"{found.code} {found.name}", is_on)
        groups.setdefault(found.group_name, []).append((found, counts.get(found.code, 0), follow))
    context = {
        "newest": newest,
        "groups": sorted(groups.items(), key=lambda group: -sum(row[1] for row in group[1])),
        "marks": Marks(),
    }
    return render(request, "papers/categories.html", context)


def _list(
    request: HttpRequest,
    template: str,
    sort: Sort,
    *,
    found: object = None,
    follow: Follow | None = None,
    **filters: str,
) -> HttpResponse:
    """Render one page of a list; `filters` are those that the address itself names."""
    try:
        selection = Selection.from_params(sort, request.GET, **filters)
    except SelectionError as error:
        return bad_request(request, str(error))
    newest = Paper.objects.newest_day()
    page = selection.page(newest)
    here = reverse("papers:ranked", args=[sort])
    elsewhere = selection.querystring(fair="")
    context = {
        "found": found,
        "follow": follow or _follow_of(request, selection),
        "query": selection.query,
        "year": None,
        "selection": selection,
        "sort_name": SORTS[sort],
        "sorts": [
            (key == sort, name, reverse("papers:ranked", args=[key]) + elsewhere)
            for key, name in SORTS.items()
        ],
        "windows": [
            (key == selection.window, name, here + selection.querystring(window=key))
            for key, name in WINDOWS.items()
        ],
        "fair_toggled": here + selection.querystring(fair="" if selection.fair else FAIR),
        "newest": newest,
        "rows": rows.of_papers(page.papers, fair=bool(selection.fair)),
        "marks": readers.of(request).marks([paper.pk for paper in page.papers]),
        "more": here + selection.querystring(after=page.after) if page.after else "",
    }
    return render(request, template, context)


def _follow_of(request: HttpRequest, selection: Selection) -> Follow | None:
    """Return what a list narrowed by one thing is about."""
    if selection.category and not selection.query:
        return readers.follow(request, Kind.CATEGORY, selection.category, selection.category)
    if selection.query and not selection.category:
        words = " ".join(selection.query.split())
        return readers.follow(request, Kind.SEARCH, words, f"“{words}”")
    return None
