"""The Atom feeds of a reader's own, and of lists that are shared, each by a secret address.

They are read where nobody signs in: what they say is told to whoever runs the feed reader. So they
hold papers, and nothing that their reader wrote.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts import feed, feed_links, interests, saved, shelf
from accounts.feed import FeedSelection, Glance, Order
from accounts.interests import NEW, Interests
from accounts.models import FeedLink, User
from accounts.saved import SavedSelection
from papers.atom_links import SITE
from papers.feeds import entries
from papers.feeds.atom import Channel, atom_feed
from papers.feeds.entries import PaperEntry
from papers.models import Paper
from papers.readers import Follow, Kind
from papers.selection import Window

GONE = "There is no such feed."  # whether there ever was one


@atom_feed
def secret(request: HttpRequest, secret: str) -> Channel:
    """A feed of an account: the address is looked up before all else, so that one that was taken
    back is answered 404 whatever the feed reader holds."""
    link = feed_links.find(secret)
    if link is None:
        raise Http404(GONE)
    feed_links.note_use(link)
    held, page_path = _READ[FeedLink.Kind(link.kind)](link)
    name = f"“{link.target}”" if link.target else link.get_kind_display()
    return _channel(name, page_path, f"feed-{link.pk}", held)


@atom_feed
def shared(request: HttpRequest, token: str) -> Channel:
    """A list under a secret link, in its order."""
    found = shelf.shared(token)
    if found is None:
        raise Http404(GONE)
    papers, _ = saved.shared_page(found, "")
    held = entries.of_papers([paper.pk for paper in papers])
    return _channel(found.name, reverse("papers:home"), f"list-{found.pk}", held)


def _channel(title: str, page_path: str, name: str, held: Sequence[PaperEntry]) -> Channel:
    """Return the feed; nothing in it tells its address."""
    known_as = f"{settings.SITE_URL}{reverse('papers:feeds')}#{name}"
    page_url = settings.SITE_URL + page_path
    return Channel(f"{title} · {SITE}", page_url, known_as, tuple(held), is_secret=True)


Held = tuple[Sequence[PaperEntry], str]  # the entries, and the path of the page with the same


def _for_you(link: FeedLink) -> Held:
    """As the page shows it to its reader, who is not said to have been there."""
    user, newest = link.user, Paper.objects.newest_day()
    selection = FeedSelection.from_params({}, user)
    if newest is None:
        return (), reverse("accounts:feed")
    of = interests.of_account(user, selection.since(newest))
    return _built(selection, of, newest, user), reverse("accounts:feed")


def _search(link: FeedLink) -> Held:
    """What is new and holds the words, but for what its reader muted or hid."""
    user, newest = link.user, Paper.objects.newest_day()
    follow = Follow(Kind.SEARCH, link.target, link.target, is_on=True)
    selection = FeedSelection(order=Order.NEW, window=Window.MONTH, kinds=(NEW,))
    if newest is None:
        return (), follow.get_absolute_url()
    theirs = interests.of_account(user, selection.since(newest))
    words = {Kind.SEARCH: {link.target: link.target}}
    of = Interests(follows=words, mutes=theirs.mutes, hidden=theirs.hidden)
    return _built(selection, of, newest, user), follow.get_absolute_url()


def _built(
    selection: FeedSelection, of: Interests, newest: date, user: User
) -> Sequence[PaperEntry]:
    page = feed.build(selection, of, newest, Glance(of, user)).page
    came = {each.paper_id: entries.midnight(each.listed_on) for each in page}
    return entries.of_papers(list(came), came)


def _saved(link: FeedLink) -> Held:
    """The saved papers, what was saved last first; without notes, tags and states."""
    rows, _ = SavedSelection().page(link.user)
    came: dict[int, datetime] = {each.paper_id: each.saved_at for each in rows}
    return entries.of_papers(list(came), came), reverse("accounts:saved")


_READ = {
    FeedLink.Kind.FEED: _for_you,
    FeedLink.Kind.SAVED: _saved,
    FeedLink.Kind.SEARCH: _search,
}
