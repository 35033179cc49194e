"""Exports of a reader's own lists, and of those that are shared."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from accounts import exports, shelf
from accounts import feed as feeds
from accounts import saved as saving
from accounts.feed import FeedSelection, Glance
from accounts.models import User
from accounts.saved import SavedSelection
from accounts.views.feed import interests_of
from accounts.views.saved import named
from accounts.views.shared import keep_secret
from papers import clock, readers
from papers.exports import Format, Item
from papers.models import Paper
from papers.views.exports import MOST, about, export, respond


@login_required
@export
def saved(request: HttpRequest, form: Format) -> HttpResponseBase:
    """All that the page shows with the same filters, and what its reader wrote beside it."""
    assert isinstance(request.user, User)
    selection = SavedSelection.from_params(request.GET)
    whole = saving.shelf(request.user)
    tag = named(whole.tags, selection.tag)
    reading_list = named(whole.lists, selection.reading_list)
    title = reading_list.name if reading_list else f"#{tag.name}" if tag else "Saved"
    told = about(request, form, title, selection.querystring())
    told = replace(told, columns=exports.OF_A_READER)
    items = exports.items(selection.chosen(request.user, tag, reading_list))
    return respond(form, f"hot-papers-saved-{clock.now().date()}", form.write(items, told))


@export
def feed(request: HttpRequest, form: Format) -> HttpResponseBase:
    """For you, with the parameters of its page; who has none is led to signing in."""
    if not readers.of(request).has_session:
        return redirect_to_login(request.get_full_path())
    user = request.user if isinstance(request.user, User) else None
    selection = FeedSelection.from_params(request.GET, user)
    newest = Paper.objects.newest_day()
    if newest is None:
        raise Http404("There are no papers yet.")
    of = interests_of(request, user, selection.since(newest))
    found = feeds.build(selection, of, newest, Glance(of, user), size=MOST)
    next_query = selection.querystring(user, after=found.after) if found.after else ""
    told = about(request, form, "For you", selection.querystring(user), next_query)
    items = map(Item, Paper.objects.visible().in_order([each.paper_id for each in found.page]))
    name = f"hot-papers-for-you-{newest}"
    return respond(form, name, form.write(items, told), told.next_url)


@export
def shared(request: HttpRequest, token: str, form: Format) -> HttpResponseBase:
    """The papers of a shared list, and nothing else that is its reader's."""
    found = shelf.shared(token)
    if found is None:
        raise Http404("There is no such list.")
    keys, after = saving.shared_keys(found, request.GET.get("after", ""), MOST)
    told = about(request, form, found.name, next_query=f"?after={after}" if after else "")
    items = map(Item, Paper.objects.visible().in_order(keys))
    response = respond(form, "hot-papers-shared-list", form.write(items, told), told.next_url)
    keep_secret(response)
    return response
