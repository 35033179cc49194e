"""Settings > Feeds: what a feed reader can subscribe to, and the secret addresses among it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import feed_links, reader
from accounts.feed_links import NotFollowed
from accounts.models import FeedLink, User
from accounts.views.guard import change_of_account
from papers import atom_links, clock
from papers.atom_links import AtomLink
from papers.feeds.opml import write as write_opml
from papers.readers import Kind
from papers.views.back import SeeOther


@dataclass(frozen=True, slots=True)
class Private:
    """A feed that only its reader can have, and its link where there is one."""

    kind: str
    target: str
    title: str
    link: FeedLink | None

    @property
    def address(self) -> AtomLink | None:
        return AtomLink(self.title, feed_links.path(self.link)) if self.link else None


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    public, private = _feeds(request.user)
    return render(request, "accounts/feeds.html", {"public": public, "private": private})


@require_safe
@login_required
def opml(request: HttpRequest) -> HttpResponse:
    """All of them as a file that feed readers take in; of the private ones those with a link."""
    assert isinstance(request.user, User)
    public, private = _feeds(request.user)
    of_their_own = [each.address for each in private if each.address]
    return HttpResponse(
        write_opml({"Hot Papers": public, "Mine alone": of_their_own}, clock.now()),
        content_type="text/x-opml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="hot-papers.opml"'},
    )


def _feeds(user: User) -> tuple[list[AtomLink], list[Private]]:
    """Return the public feeds of what is followed and the private ones; four queries."""
    followed = reader.described(user.subscriptions.values_list("kind", "target"))
    links = {(each.kind, each.target): each for each in user.feed_links.all()}
    searches = [each.target for each in followed if each.kind == Kind.SEARCH]
    # A link outlives the following; then too its reader has to find it.
    searches += [target for kind, target in links if kind == "search" and target not in searches]
    feeds = [("feed", "", "For you"), ("saved", "", "Saved papers")]
    feeds += [("search", target, f"“{target}”") for target in searches]
    private = [Private(*each, links.get(each[:2])) for each in feeds]
    return [atom_links.digests(), *map(atom_links.followed, followed)], private


# Changes ------------------------------------------------------------------------------------------


@change_of_account
def make(request: HttpRequest, user: User) -> HttpResponse:
    """Make the address of the feed that `kind` and `target` name, if there is none."""
    target = request.POST.get("target", "").replace("\x00", "")
    try:
        feed_links.make(user, request.POST.get("kind", ""), target)
    except NotFollowed:
        raise Http404("There is no such feed.") from None
    messages.success(request, "The feed has an address. Whoever has it reads the feed.")
    return SeeOther(reverse("accounts:feeds"))


@change_of_account
def renew(request: HttpRequest, user: User) -> HttpResponse:
    feed_links.renew(_named(request, user))
    messages.success(request, "The feed has a new address; the old one leads nowhere any more.")
    return SeeOther(reverse("accounts:feeds"))


@change_of_account
def revoke(request: HttpRequest, user: User) -> HttpResponse:
    _named(request, user).delete()
    messages.success(request, "The address leads nowhere any more.")
    return SeeOther(reverse("accounts:feeds"))


def _named(request: HttpRequest, user: User) -> FeedLink:
    named = {name: request.POST.get(name, "").replace("\x00", "") for name in ("kind", "target")}
    return get_object_or_404(FeedLink, user=user, **named)
