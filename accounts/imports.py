"""Saving many papers at once, from a list that a reader kept elsewhere.

First a plan says what would be done; then exactly that is done, or nothing. Papers that are not
here are asked for (`papers.wanted`), and saved when they come.
"""

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256

from django.core import signing
from django.db import transaction

from accounts.models import PendingSave, SavedPaper, User
from papers.models import Paper, WantedPaper
from papers.references import MOST_PAPERS, Unreadable

AT_ONCE = 500  # arrivals of one transaction


class Forged(Exception):
    """A form that is none of ours, or not whole."""


class Changed(Exception):
    """What was agreed to cannot be done as it was said: meanwhile something is otherwise."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would become of each paper that was named."""

    saved: list[str]  # already
    here: list[str]  # to be saved at once
    lacking: list[str]  # to be asked for, and saved when they come
    awaited: list[str]  # asked for before
    hidden: list[str]  # here, but not shown

    @property
    def does_something(self) -> bool:
        return bool(self.here or self.lacking)

    @property
    def mark(self) -> str:
        return sha256(repr(astuple(self)).encode()).hexdigest()


def plan(user: User, arxiv_ids: Collection[str]) -> Plan:
    """Tell what would be done; raise Unreadable where the reader would wait for too many."""
    held = dict(Paper.objects.filter(arxiv_id__in=arxiv_ids).values_list("arxiv_id", "hidden"))
    saved = set(
        user.saved_papers.filter(paper__arxiv_id__in=arxiv_ids).values_list(
            "paper__arxiv_id", flat=True
        )
    )
    waiting = user.pending_saves.filter(is_missing=False)
    awaited = set(waiting.values_list("arxiv_id", flat=True))
    found = Plan([], [], [], [], [])
    for arxiv_id in arxiv_ids:
        if arxiv_id in held:
            kind = found.hidden if held[arxiv_id] else found.here
            (found.saved if arxiv_id in saved else kind).append(arxiv_id)
        else:
            (found.awaited if arxiv_id in awaited else found.lacking).append(arxiv_id)
    if len(found.lacking) + len(awaited) > MOST_PAPERS:
        raise Unreadable(
            f"You wait for {len(awaited):,} papers already, and {MOST_PAPERS:,} is the most."
        )
    return found


def agree(user: User, states: Mapping[str, str], agreed: Plan) -> str:
    """Return what a form holds so that what is agreed to can be done, and nothing else."""
    return signing.dumps([dict(states), agreed.mark], salt=_salt(user), compress=True)


@transaction.atomic
def carry_out(user: User, agreement: str) -> Plan:
    """Do what was agreed to. Raises Changed, having done nothing, where it would be another thing
    by now, and Forged."""
    try:
        states, mark = signing.loads(agreement, salt=_salt(user))
    except signing.BadSignature as error:
        raise Forged from error
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two clicks are one after another
    found = plan(user, states)
    if found.mark != mark:
        raise Changed
    papers = Paper.objects.filter(arxiv_id__in=found.here)
    SavedPaper.objects.keep_all(user, [(each, _state(states[each.arxiv_id])) for each in papers])
    user.pending_saves.filter(arxiv_id__in=[*found.lacking, *found.here]).delete()  # the missing
    PendingSave.objects.bulk_create(
        [
            PendingSave(user=user, arxiv_id=arxiv_id, state=_state(states[arxiv_id]))
            for arxiv_id in found.lacking
        ],
        batch_size=500,
    )
    WantedPaper.objects.want(found.lacking)
    return found


def states_of(user: User, agreement: str) -> dict[str, str]:
    """Return the papers that an agreement is about."""
    states: dict[str, str] = signing.loads(agreement, salt=_salt(user))[0]
    return states


def save_arrived() -> None:
    """Save for each reader the papers that came, and tell who waits for what does not exist."""
    waiting = PendingSave.objects.order_by("pk")
    came = waiting.filter(arxiv_id__in=Paper.objects.values("arxiv_id"))
    while some := list(came.select_related("user")[:AT_ONCE]):
        _save(some)
    missing = WantedPaper.objects.filter(is_missing=True)
    with transaction.atomic():
        waiting.filter(arxiv_id__in=missing.values("arxiv_id")).update(is_missing=True)
        missing.delete()
    # Whoever waits for what nobody asks for any more would wait for ever.
    lost = waiting.filter(is_missing=False).exclude(
        arxiv_id__in=WantedPaper.objects.values("arxiv_id")
    )
    WantedPaper.objects.want(set(lost.values_list("arxiv_id", flat=True)))


@transaction.atomic
def _save(pending: Collection[PendingSave]) -> None:
    ids = {each.arxiv_id for each in pending}
    papers = {paper.arxiv_id: paper for paper in Paper.objects.filter(arxiv_id__in=ids)}
    for user in {each.user for each in pending}:
        mine = [each for each in pending if each.user == user]
        SavedPaper.objects.keep_all(user, [(papers[each.arxiv_id], each.state) for each in mine])
    PendingSave.objects.filter(pk__in=[each.pk for each in pending]).delete()


def _state(told: str) -> str:
    return told if told in SavedPaper.State.values else SavedPaper.State.LATER


def _salt(user: User) -> str:
    return f"accounts.imports {user.pk}"
