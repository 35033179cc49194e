"""A list under a secret link: given out, taken back, and the page that whoever has it sees."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import saved, shelf
from accounts.models import ReadingList, User
from accounts.views.shelf import change_of_list, to_list
from papers import exports, readers
from papers.atom_links import AtomLink
from papers.selection import SelectionError
from papers.views import rows
from papers.views.errors import bad_request


@change_of_list
def share(request: HttpRequest, user: User, reading_list: ReadingList) -> HttpResponse:
    """Make a link, and show it this once; an earlier one ends."""
    address = reverse("accounts:shared", args=[shelf.share(reading_list)])
    text = f"Copy the link now, it is shown this once: {settings.SITE_URL}{address}"
    messages.success(request, text, extra_tags="link")
    return to_list(reading_list)


@change_of_list
def unshare(request: HttpRequest, user: User, reading_list: ReadingList) -> HttpResponse:
    shelf.unshare(reading_list)
    messages.success(request, "The link leads nowhere any more.")
    return to_list(reading_list)


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The papers of a shared list, in its order, and nothing else that is its reader's."""
    found = shelf.shared(token)
    if found is None:
        raise Http404("There is no such list.")
    try:
        papers, after = saved.shared_page(found, request.GET.get("after", ""))
    except SelectionError as error:
        return bad_request(request, str(error))
    context = {
        "name": found.name,
        "atom": AtomLink(found.name, reverse("accounts:shared_atom", args=[token])),
        "year": None,
        "rows": rows.of_papers(papers),
        "marks": readers.of(request).marks([paper.pk for paper in papers]),
        "more": f"?after={after}" if after else "",
        "exports": exports.links(request.path),
    }
    response = render(request, "accounts/shared.html", context)
    keep_secret(response)
    return response


def keep_secret(response: HttpResponseBase) -> None:
    """Let neither search engines nor the pages it links to learn the address, and no cache keep
    it: a link that is taken back leads nowhere at once."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
