"""Who reads, as pages ask (`papers.readers`): an account, or a visitor who follows already."""

from collections.abc import Collection, Iterable
from contextlib import suppress

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Value
from django.http import HttpRequest

from accounts.models import SavedPaper, Seen, Subscription, User
from papers import clock
from papers.models import Author, Category, Paper
from papers.readers import Follow, Kind, Marks

FOLLOWS = "follows"  # in the session of a visitor: [kind, target], the first followed first
PICKED = "picked"  # in the session of a visitor: keys of papers to save once there is an account
MOST = 200  # that one reader follows
MOST_SEARCHES = 20  # among them: each one reads all texts of a feed's window
SEEN = "seen"  # beside the states of saved papers

Followed = tuple[str, str]  # kind and target


class Full(ValueError):
    """More than can be followed; the message is for the reader."""


def check_room(followed: Collection[Followed], new: Collection[Followed]) -> None:
    """Raise Full where who follows the ones cannot follow the others too."""
    every = {*followed, *new}
    if len(every) > MOST:
        raise Full(f"You follow {MOST} already. Leave some first.")
    if sum(kind == Kind.SEARCH for kind, _ in every) > MOST_SEARCHES:
        raise Full(f"You follow {MOST_SEARCHES} searches already. Leave one first.")


def sort_marks(found: Iterable[tuple[int, str]]) -> Marks:
    """Part the states of saved papers from the papers seen."""
    marks = list(found)
    return Marks(
        states={paper_id: mark for paper_id, mark in marks if mark != SEEN},
        seen={paper_id for paper_id, mark in marks if mark == SEEN},
    )


def described(followed: Iterable[tuple[str, str]]) -> list[Follow]:
    """Name what is followed, in two queries at most; what is no longer there is left out."""
    targets: dict[Kind, list[str]] = {}
    for kind, target in followed:
        targets.setdefault(Kind(kind), []).append(target)
    names = {Kind.SEARCH: {words: f"“{words}”" for words in targets.get(Kind.SEARCH, [])}}
    if codes := targets.get(Kind.CATEGORY):
        found = Category.objects.filter(code__in=codes)
        names[Kind.CATEGORY] = {each.code: f"{each.code} {each.name}" for each in found}
    if slugs := targets.get(Kind.AUTHOR):
        authors = Author.objects.filter(slug__in=slugs)
        names[Kind.AUTHOR] = dict(authors.values_list("slug", "name"))
    return [
        Follow(kind, target, names[kind][target], is_on=True)
        for kind in targets
        for target in targets[kind]
        if target in names[kind]
    ]


class AccountReader:
    """A reader with an account; all is in the database."""

    has_account = True
    has_session = True

    def __init__(self, user: User) -> None:
        self.user = user

    def marks(self, paper_ids: Collection[int]) -> Marks:
        saved = self.user.saved_papers.filter(paper__in=paper_ids)
        seen = self.user.seen.filter(paper__in=paper_ids).annotate(mark=Value(SEEN))
        return sort_marks(
            saved.order_by()
            .values_list("paper", "state")
            .union(seen.values_list("paper", "mark"), all=True)
        )

    def follows(self, kind: Kind, targets: Collection[str]) -> set[str]:
        found = self.user.subscriptions.filter(kind=kind, target__in=targets)
        return set(found.values_list("target", flat=True))

    def opened(self, paper_id: int) -> None:
        Seen.objects.note(self.user, paper_id, opened_at=clock.now())

    def followed(self) -> list[Followed]:
        """Return kind and target of all that is followed."""
        return list(self.user.subscriptions.values_list("kind", "target"))

    def follow(self, kind: Kind, target: str) -> None:
        """Follow, if not yet; raise Full where there is no room."""
        check_room(self.followed(), [(kind, target)])
        self.user.subscriptions.get_or_create(kind=kind, target=target)

    def unfollow(self, kind: Kind, target: str) -> None:
        self.user.subscriptions.filter(kind=kind, target=target).delete()

    @transaction.atomic
    def follow_only(self, kind: Kind, targets: Collection[str]) -> None:
        """Follow these of a kind and no others of it; raise Full where there is no room."""
        others = [each for each in self.followed() if each[0] != kind]
        check_room(others, [(kind, target) for target in targets])
        self.user.subscriptions.filter(kind=kind).exclude(target__in=targets).delete()
        new = [Subscription(user=self.user, kind=kind, target=each) for each in sorted(targets)]
        Subscription.objects.bulk_create(new, ignore_conflicts=True)


class GuestReader:
    """A visitor with a session, which holds what is followed."""

    has_account = False
    has_session = True

    def __init__(self, session: SessionBase) -> None:
        self.session = session

    def marks(self, paper_ids: Collection[int]) -> Marks:
        return Marks()

    def follows(self, kind: Kind, targets: Collection[str]) -> set[str]:
        return {target for of_kind, target in self.followed() if of_kind == kind} & set(targets)

    def opened(self, paper_id: int) -> None:
        pass

    def followed(self) -> list[Followed]:
        return [(kind, target) for kind, target in self.session.get(FOLLOWS, [])]

    def follow(self, kind: Kind, target: str) -> None:
        self._hold(self.followed(), [(kind.value, target)])

    def follow_only(self, kind: Kind, targets: Collection[str]) -> None:
        others = [each for each in self.followed() if each[0] != kind]
        self._hold(others, [(kind.value, target) for target in sorted(targets)])

    def _hold(self, followed: list[Followed], new: list[Followed]) -> None:
        check_room(followed, new)
        self.session[FOLLOWS] = list(dict.fromkeys(followed + new))

    def unfollow(self, kind: Kind, target: str) -> None:
        self.session[FOLLOWS] = [each for each in self.followed() if each != (kind, target)]


def of(request: HttpRequest) -> AccountReader | GuestReader:
    """Return who reads, once there is a session or is to be one."""
    if isinstance(request.user, User):
        return AccountReader(request.user)
    return GuestReader(request.session)


def save_papers(user: User, paper_ids: Iterable[int]) -> None:
    """Save these papers, as far as they are not yet."""
    for paper in Paper.objects.visible().filter(pk__in=paper_ids):
        SavedPaper.objects.keep(user, paper)


def take_over(session: SessionBase, user: User) -> None:
    """Give the account what its reader followed and picked to save before signing in."""
    save_papers(user, session.pop(PICKED, []))
    followed = GuestReader(session).followed()
    if not followed:
        return
    held = AccountReader(user).followed()
    new: list[Followed] = []
    for each in followed:
        with suppress(Full):  # what there is no room for is left behind
            check_room(held, [*new, each])
            new.append(each)
    Subscription.objects.bulk_create(
        [Subscription(user=user, kind=kind, target=target) for kind, target in new],
        ignore_conflicts=True,
    )
    del session[FOLLOWS]
