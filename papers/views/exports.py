"""Exports: of a paper, a day and every list the file whose address ends with its format."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial, wraps
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import conditional_page, require_safe
from taggit.models import Tag

from papers import posts
from papers.exports import MARKDOWN, About, Format, Item
from papers.models import Author, Category, Digest, DigestEntry, Paper
from papers.selection import Selection, SelectionError, Sort
from papers.views.lists import SORTS

MOST = 1000  # papers in an export of a list; the header Link leads to the next ones
OF_A_DAY = ("rank", "printed_retweets", "printed_favorites", "printed_at", "editors_note")
View = Callable[..., HttpResponseBase]


# What all exports share ---------------------------------------------------------------------------


def export(view: View) -> View:
    """Let a view answer with a file; what cannot be is said in a sentence of plain text."""

    @require_safe
    @conditional_page
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except SelectionError as error:
            return HttpResponse(f"{error}\n", content_type=_PLAIN, status=400)
        except Http404:
            return HttpResponse("There is no such page to export.\n", _PLAIN, status=404)

    return guarded


_PLAIN = "text/plain; charset=utf-8"


def about(
    request: HttpRequest, form: Format, title: str, query: str = "", next_query: str = ""
) -> About:
    """Return what an export is of: the page without the suffix, and where it goes on.

    The queries are query strings as selections write them.
    """
    here = settings.SITE_URL + quote(request.path)
    page = here.removesuffix(f".{form.suffix}") + "/" + query.removesuffix("?")
    return About(title, page, here + next_query if next_query else "")


def respond(
    form: Format, name: str, lines: Iterable[str], next_url: str = "", *, small: bool = False
) -> HttpResponseBase:
    """Answer with lines as they are written; a `small` export is made whole and has an ETag."""
    content_type = f"{form.media_type}; charset=utf-8"
    response: HttpResponseBase = (
        HttpResponse("".join(lines), content_type)
        if small
        else StreamingHttpResponse(lines, content_type=content_type)
    )
    where = "inline" if form.is_shown else "attachment"
    response["Content-Disposition"] = f'{where}; filename="{name}.{form.suffix}"'
    response["X-Robots-Tag"] = "noindex"
    if next_url:
        response["Link"] = f'<{next_url}>; rel="next"'
    return response


# One view a page ----------------------------------------------------------------------------------


@export
def paper(request: HttpRequest, arxiv_id: str, form: Format) -> HttpResponseBase:
    found = get_object_or_404(Paper.objects.visible(), arxiv_id=arxiv_id)
    told = replace(about(request, form, found.title_text), is_one=True)
    return respond(form, arxiv_id.replace("/", "-"), form.write([Item(found)], told), small=True)


@export
def digest(request: HttpRequest, day: date, form: Format) -> HttpResponseBase:
    """A day as it was printed; in Markdown as the blog had it."""
    found = get_object_or_404(Digest.objects.published(), date=day)
    told = replace(about(request, form, f"Hot Papers {day}"), columns=OF_A_DAY)
    entries = found.entries.printed().filter(paper__hidden=False).select_related("paper")
    lines: Iterable[str] = (
        [posts.export_for_all(found)]
        if form is MARKDOWN
        else form.write(map(_printed, entries), told)
    )
    return respond(form, f"hot-papers-{day}", lines, small=True)


def _printed(entry: DigestEntry) -> Item:
    values = (
        entry.rank,
        entry.retweets,
        entry.favorites,
        entry.observed_at.isoformat().replace("+00:00", "Z"),
        entry.note or None,
    )
    return Item(entry.paper, note=entry.note, more=dict(zip(OF_A_DAY, values, strict=True)))


@export
def ranked(request: HttpRequest, sort: Sort, form: Format) -> HttpResponseBase:
    return _list(request, form, sort, SORTS[sort], sort.value)


@export
def category(request: HttpRequest, code: str, form: Format) -> HttpResponseBase:
    found = get_object_or_404(Category, code=code)
    return _list(request, form, Sort.HOT, f"{code} {found.name}", code, category=code)


@export
def author(request: HttpRequest, slug: str, form: Format) -> HttpResponseBase:
    found = get_object_or_404(Author, slug=slug)
    return _list(request, form, Sort.NEW, found.name, slug, author=slug)


@export
def tag(request: HttpRequest, slug: str, form: Format) -> HttpResponseBase:
    found = get_object_or_404(Tag, slug=slug)
    return _list(request, form, Sort.HOT, found.name, slug, tag=slug)


@export
def search(request: HttpRequest, form: Format) -> HttpResponseBase:
    words = " ".join(request.GET.get("q", "").split())
    if not words:
        raise SelectionError("Say what to search for: ?q= and words.")
    selection = Selection.from_search(request.GET)
    asked = selection.querystring_of_search
    return _papers(request, form, selection, asked, f"Search: {words}", "search")


def _list(
    request: HttpRequest, form: Format, sort: Sort, title: str, name: str, **filters: str
) -> HttpResponseBase:
    """Answer with a list; `filters` are those that the address names."""
    selection = Selection.from_params(sort, request.GET, **filters)
    asked = partial(selection.querystring, **dict.fromkeys(filters, ""))
    return _papers(request, form, selection, asked, title, name)


def _papers(
    request: HttpRequest,
    form: Format,
    selection: Selection,
    asked: Callable[..., str],
    title: str,
    name: str,
) -> HttpResponseBase:
    """Answer with up to MOST papers; `asked` makes the query strings of such an export."""
    keys, after, _ = selection.keys(Paper.objects.newest_day(), MOST)
    told = about(request, form, title, asked(), asked(after=after) if after else "")
    items = map(Item, Paper.objects.visible().in_order(keys))
    return respond(form, f"hot-papers-{name}", form.write(items, told), told.next_url)
