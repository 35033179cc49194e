"""What search engines and browsers ask of a site: its addresses by month, its rules, its search."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from papers.models import Category, Digest, Paper
from papers.selection import LISTS

MOST = 50_000  # addresses that a sitemap may hold
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = (
    *("home", "archive", "categories", "about", "about_ranking", "feeds", "curation", "privacy"),
    "status",
)
Place = tuple[str, date | None]  # a path, and the day of its last change where it is known


def sitemap(request: HttpRequest) -> StreamingHttpResponse:
    """The index: the pages of the site, and a sitemap for each month that something is held of."""
    maps = chain([reverse("papers:sitemap_pages")], map(_address_of, _months()))
    return _xml("sitemapindex", "sitemap", ((path, None) for path in maps))


def pages(request: HttpRequest) -> StreamingHttpResponse:
    """The pages that are always there, and the categories."""
    lists = [reverse("papers:ranked", args=[sort]) for sort in LISTS]
    fixed = [reverse(f"papers:{name}") for name in _PAGES]
    codes = Category.objects.filter(is_active=True).values_list("code", flat=True)
    of_categories = (reverse("papers:category", args=[code]) for code in codes)
    return _xml("urlset", "url", ((path, None) for path in chain(fixed, lists, of_categories)))


def month(request: HttpRequest, first: date) -> StreamingHttpResponse:
    """The digests of a month, and the papers listed in it, the most noticed first."""
    digests = _digests(first)
    papers = Paper.objects.visible().filter(**_within("announced_on", first))
    if not digests and not papers.exists():
        raise Http404("Nothing is held of this month.")
    found = papers.order_by("-score", "-pk").values_list("arxiv_id", "recorded_at", "observed_at")
    places = ((reverse("papers:paper", args=[row[0]]), _newest(row[1:])) for row in _some(found))
    return _xml("urlset", "url", chain(digests, places))


def robots(request: HttpRequest) -> HttpResponse:
    context = {"site_url": settings.SITE_URL}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


def opensearch(request: HttpRequest) -> HttpResponse:
    """What a browser needs to search here from its address bar."""
    kind = "application/opensearchdescription+xml"
    return render(request, "opensearch.xml", {"site_url": settings.SITE_URL}, content_type=kind)


def _months() -> Iterator[date]:
    """Yield the first day of each month that something is held of; a look at an index for each.

    To ask for all months at once would read every paper there is.
    """
    listed = Paper.objects.visible().order_by("announced_on").values_list("announced_on", flat=True)
    printed = Digest.objects.published().order_by("date").values_list("date", flat=True)
    start = date.min
    while True:
        days = (
            listed.filter(announced_on__gte=start).first(),
            printed.filter(date__gte=start).first(),
        )
        held = [day for day in days if day]
        if not held:
            return
        first = min(held).replace(day=1)
        yield first
        start = _following(first)


def _address_of(first: date) -> str:
    return reverse("papers:sitemap_month", args=[first])


def _following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _within(column: str, first: date) -> dict[str, Any]:
    return {f"{column}__gte": first, f"{column}__lt": _following(first)}


def _digests(first: date) -> list[Place]:
    """Return the days of a month; one that was corrected changed when that was printed."""
    days = Digest.objects.published().filter(**_within("date", first)).order_by("date")
    rows = days.annotate(printed=Max("revisions__created_at"))
    return [
        (digest.get_absolute_url(), _newest([digest.published_at, digest.printed]))
        for digest in rows
    ]


def _some(rows: Any) -> Iterable[Any]:
    return rows[: MOST - 31].iterator(2000)  # a month has no more digests than days


def _newest(moments: Iterable[Any]) -> date | None:
    held = [moment for moment in moments if moment]
    return max(held).date() if held else None


def _xml(root: str, element: str, places: Iterable[Place]) -> StreamingHttpResponse:
    """Answer with the addresses as they are found."""
    lines = chain(
        ['<?xml version="1.0" encoding="UTF-8"?>\n', f'<{root} xmlns="{_NAMESPACE}">\n'],
        (f"<{element}>{_told(place)}</{element}>\n" for place in places),
        [f"</{root}>\n"],
    )
    return StreamingHttpResponse(lines, content_type="application/xml; charset=utf-8")


def _told(place: Place) -> str:
    path, changed = place
    address = f"<loc>{escape(settings.SITE_URL + path)}</loc>"
    return address + (f"<lastmod>{changed.isoformat()}</lastmod>" if changed else "")
