"""For you: the page of a reader's feed, hiding a paper of it, and being done with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import feed, interests, reader
from accounts.catch_up import gap_of
from accounts.feed import FeedSelection, Glance, Order
from accounts.interests import CLOSE, KINDS, NEW, Candidate, Interests
from accounts.models import Seen, User
from accounts.views.guard import change_of_account, named_paper
from papers import clock, exports, readers
from papers.models import Paper
from papers.readers import Kind
from papers.selection import SelectionError
from papers.sources.arxiv_calendar import next_announcement
from papers.views import back, in_place, rows
from papers.views.back import SeeOther
from papers.views.errors import bad_request

ORDERS = {Order.FOR_YOU: "For you", Order.HOT: "Hot", Order.NEW: "New", Order.RISING: "Rising"}
KIND_NAMES = {"new": "New", "cross": "Cross-listed", "replaced": "Replaced"}
# In the session, for an Undo: the arXiv id hidden last; up to which day all was read before.
HIDDEN, READ = "hidden", "read"


@dataclass(frozen=True, slots=True)
class Why:
    """What the line under a paper says: each part is a kind and what it names."""

    parts: list[tuple[str, Any]]
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Item:
    row: rows.Row
    why: Why


def page(request: HttpRequest) -> HttpResponse:
    """`?sort=&window=&kinds=&fair=&unread=&after=`; what is not said is as the reader set it."""
    who = readers.of(request)
    if not who.has_session:
        return render(request, "accounts/feed_empty.html")
    user = request.user if isinstance(request.user, User) else None
    try:
        selection = FeedSelection.from_params(request.GET, user)
    except SelectionError as error:
        return bad_request(request, str(error))
    newest = Paper.objects.newest_day()
    if newest is None:
        return render(request, "papers/no_digest.html")
    of = interests_of(request, user, selection.since(newest))
    if user:
        feed.note_visit(user, clock.now(), newest)
    if of.is_empty:
        return render(request, "accounts/feed_empty.html")
    return render(request, "accounts/feed.html", _context(selection, user, of, newest))


def _context(
    selection: FeedSelection, user: User | None, of: Interests, newest: date
) -> dict[str, Any]:
    """Return all that the page shows; four queries."""
    glance = Glance(of, user)
    found = feed.build(selection, of, newest, glance)
    return {
        **_choices(selection, user),
        **_made_of(of, found),
        "newest": newest,
        "next_at": next_announcement(clock.now()),
        "selection": selection,
        "feed": found,
        "items": items_of(found.page, of, glance, fair=selection.is_ordered_fairly),
        "marks": of.marks,
        "year": None,
        "gap": gap_of(user, newest) if user else None,
        "more": selection.querystring(user, after=found.after) if found.after else "",
        "exports": exports.links(reverse("accounts:feed"), selection.querystring(user)),
    }


def interests_of(request: HttpRequest, user: User | None, since: date) -> Interests:
    if user:
        return interests.of_account(user, since)
    return interests.of_guest(reader.of(request).followed())


def _choices(selection: FeedSelection, user: User | None) -> dict[str, Any]:
    """Return the links that change what is shown."""

    def link(**changes: object) -> str:
        return selection.querystring(user, **changes)

    def without(kind: str) -> tuple[str, ...]:
        kept = set(selection.kinds) ^ {kind}
        return tuple(each for each in KINDS if each in kept)

    return {
        "orders": [(key == selection.order, ORDERS[key], link(order=key)) for key in Order],
        "windows": [
            (key == selection.window, key.value.capitalize(), link(window=key))
            for key in feed.WINDOWS
        ],
        # The last one cannot be left out.
        "kinds": [
            (kind in selection.kinds, KIND_NAMES[kind], link(kinds=without(kind) or (kind,)))
            for kind in KINDS
        ],
        "unread_link": link(unread=not selection.unread),
        "fair_link": link(is_fair=not selection.is_fair),
        "may_be_fair": selection.order in feed.BY_HEAT,
    }


def _made_of(of: Interests, found: feed.Feed) -> dict[str, Any]:
    """Return what a feed is made of: what is followed, with how many papers each brought."""
    follows = [
        readers.Follow(kind, target, f"“{name}”" if kind == Kind.SEARCH else name, is_on=True)
        for kind, targets in of.follows.items()
        for target, name in targets.items()
    ]
    counted = [(follow, found.of_follows[follow.kind, follow.target]) for follow in follows]
    return {
        "follows": sorted(counted, key=lambda pair: (-pair[1], pair[0].name)),
        "counts": {kind.value: len(of.targets(kind)) for kind in Kind},
        "saved_count": len(of.marks.states),
        "muted_count": sum(found.muted.values()),
    }


def items_of(
    page: list[Candidate], of: Interests, glance: Glance, *, fair: bool = False
) -> list[Item]:
    """Return the rows of a page with their reasons; three queries."""
    near = {each.paper_id: each.near[0].near for each in page if each.near}
    keys = {each.paper_id for each in page}
    papers = Paper.objects.for_list().in_bulk(keys | set(near.values()))
    shown = [each for each in page if each.paper_id in papers]
    of_page = rows.of_papers([papers[each.paper_id] for each in shown], fair=fair)
    return [
        Item(row, _why(each, of, papers.get(near.get(each.paper_id, 0)), glance))
        for row, each in zip(of_page, shown, strict=True)
    ]


def _why(candidate: Candidate, of: Interests, near: Paper | None, glance: Glance) -> Why:
    targets: dict[str, list[str]] = {}
    for reason in candidate.reasons:
        if reason.kind != CLOSE and reason.target not in targets.setdefault(reason.kind, []):
            targets[reason.kind].append(reason.target)
    names = of.follows.get(Kind.AUTHOR, {})
    parts: list[tuple[str, Any]] = []
    if codes := targets.get(Kind.CATEGORY):
        parts.append(("category", codes))
    parts += [("author", (slug, names[slug])) for slug in targets.get(Kind.AUTHOR, [])]
    parts += [("search", words) for words in targets.get(Kind.SEARCH, [])]
    if near:
        parts.append(("close", near))
    if candidate.kind != NEW:
        parts.append((candidate.kind, candidate.listed_on))
    return Why(parts, glance.is_fresh(candidate))


# Changes -----------------------------------------------------------------------------------------


@change_of_account
def hide(request: HttpRequest, user: User) -> HttpResponse:
    """Hide the paper that `hide` names from the feed, or show the one that `show` names again."""
    arxiv_id = named_paper(request, "hide", "show")
    paper = get_object_or_404(Paper.objects.visible(), arxiv_id=arxiv_id)
    is_hiding = "hide" in request.POST
    Seen.objects.note(user, paper.pk, hidden_at=clock.now() if is_hiding else None)
    where = back.path(request, otherwise=reverse("accounts:feed")).partition("#")[0]
    if not is_hiding:
        return SeeOther(f"{where}#{arxiv_id}")
    if not in_place.is_asked(request):
        request.session[HIDDEN] = arxiv_id
        messages.success(request, f"“{paper.title_text}” is hidden.", extra_tags=HIDDEN)
    return in_place.answer(request, where, "accounts/_hidden.html", {"paper": paper})


@change_of_account
def read(request: HttpRequest, user: User) -> HttpResponse:
    """Mark as read what is listed up to the day `through`; without one nothing is any more."""
    given = request.POST.get("through", "")
    try:
        through = date.fromisoformat(given) if given else None
    except ValueError:
        return bad_request(request, "This is not a listing day.")
    newest = Paper.objects.newest_day()
    if through and newest:
        through = min(through, newest)
        request.session[READ] = user.read_through.isoformat() if user.read_through else ""
        messages.success(request, "All is marked as read.", extra_tags=READ)
    User.objects.filter(pk=user.pk).update(read_through=through)
    return SeeOther(back.path(request, otherwise=reverse("accounts:feed")))
