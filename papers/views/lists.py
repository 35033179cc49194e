"""Lists of papers: by heat, by age, by score; of a category, an author, a tag."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from taggit.models import Tag

from papers import atom_links, exports, readers
from papers.models import Author, Category, Paper
from papers.readers import Follow, Kind, Marks
from papers.selection import FAIR, Selection, SelectionError, Sort, Window, first_day
from papers.views import rows
from papers.views.context import canonical_of
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
    own = selection.querystring(**dict.fromkeys(filters, ""))
    context = {
        **addresses(request, selection, own, follow or found, *filters),
        "found": found,
        "follow": follow or _follow_of(request, selection),
        "query": selection.query,
        "year": None,
        "selection": selection,
        "sort_name": SORTS[sort],
        **_choices(selection, here),
        "newest": newest,
        "rows": rows.of_papers(page.papers, fair=bool(selection.fair)),
        "marks": readers.of(request).marks([paper.pk for paper in page.papers]),
        "more": here + selection.querystring(after=page.after) if page.after else "",
    }
    return render(request, template, context)


def _choices(selection: Selection, here: str) -> dict[str, object]:
    """Return what else may be chosen of a list: whether it is, its name, its address."""
    elsewhere = selection.querystring(fair="")
    return {
        "sorts": [
            (key == selection.sort, name, reverse("papers:ranked", args=[key]) + elsewhere)
            for key, name in SORTS.items()
        ],
        "windows": [
            (key == selection.window, name, here + selection.querystring(window=key))
            for key, name in WINDOWS.items()
        ],
        "fair_toggled": here + selection.querystring(fair="" if selection.fair else FAIR),
    }


def addresses(
    request: HttpRequest, selection: Selection, asked: str, about: object, *own: str
) -> dict[str, object]:
    """Return at which address a list is known, and at which ones it is had as file and feed.

    `asked` is its query string, without the filters of its `own`, which the path names.
    """
    canonical = request.path + asked.removesuffix("?") if canonical_of(request) else ""
    atom = atom_links.of(about) or atom_links.ranked(selection)
    return {
        "canonical": canonical,
        "exports": exports.links(request.path, asked),
        "atom": atom.narrowed(selection, *own),
    }


def _follow_of(request: HttpRequest, selection: Selection) -> Follow | None:
    """Return what a list narrowed by one thing is about."""
    if selection.category and not selection.query:
        return readers.follow(request, Kind.CATEGORY, selection.category, selection.category)
    if selection.query and not selection.category:
        words = " ".join(selection.query.split())
        return readers.follow(request, Kind.SEARCH, words, f"“{words}”")
    return None
