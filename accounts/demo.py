"""The accounts a first start makes, so that there is somebody to sign in as, with something to see.

`curator` may do what curators and operators do, and finds a little work (`sample.examples`);
`reader` follows, saved and ordered papers of the sample. What stands in the notes is made up.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import deletion, roles, shelf
from accounts.models import SavedPaper, User
from accounts.reader import AccountReader
from papers import clock
from papers.models import Author, Paper, Report
from papers.readers import Kind
from papers.sample import examples

FILE = "demo-accounts.txt"
CURATOR, READER = NAMES = "curator", "reader"
LIST = "Reading group"
FOLLOWS = (
    (Kind.CATEGORY, "cs.CV"),
    (Kind.CATEGORY, "cs.CL"),
    (Kind.CATEGORY, "cs.SD"),
    (Kind.AUTHOR, "lucas-beyer"),
    (Kind.AUTHOR, "michael-m-bronstein"),
    (Kind.SEARCH, "self-supervised"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper of the sample as `reader` saved it."""

    arxiv_id: str
    state: str
    note: str = ""
    tags: tuple[str, ...] = ()
    is_listed: bool = False


# The newest first.
SHELF = (
    Kept("2106.05264", "reading", "To present on *Tuesday*: the part on sampling.", ("3d",), True),
    Kept(
        "2106.05237",
        "later",
        "Long schedules, one crop for teacher and student. Try it on the bird pictures.",
        ("vision", "to try"),
        True,
    ),
    Kept("2106.04803", "later", "Does it matter with fewer pictures than theirs?", ("vision",)),
    Kept(
        "2106.04624",
        "later",
        "Could replace our scripts for the radio archive:\n\n- what does it ask of the machine?\n"
        "- who keeps it going?",
        ("speech", "to try"),
    ),
    Kept("2105.13626", "done", "Bytes and no tokenizer: old spellings are no problem.", ("text",)),
    Kept("2105.08050", "done", "Same month as the Mixer, same thought.", ("vision", "text")),
    Kept("2105.10386", "later", "The exercises alone.", ("mathematics",)),
    Kept("2105.05233", "reading", "Ask: how much is the guidance?", ("vision", "to try")),
    Kept("2105.01601", "done", tags=("vision",)),
    Kept("2104.13478", "reading", "A chapter a week.", ("mathematics",), True),
    Kept("2104.10350", "done", "Numbers for the paragraph on energy in the proposal."),
    Kept("2104.08614", "later", "For the evening on whales.", ("speech",), True),
)


def path() -> Path:
    """Return where the passwords lie: a line for each account, its name and its password."""
    return Path(settings.VAR_DIR) / FILE


def may_be() -> bool:
    """Tell whether this site is reached from its own machine alone."""
    return bool(settings.IS_EMBEDDED and settings.IS_LOOPBACK)


@transaction.atomic
def create() -> Path | None:
    """Make both accounts and write their passwords to VAR_DIR (0600); return that file.

    None, and nothing done, on a site that others can reach, or where one of the names is taken.
    """
    if not may_be() or User.objects.filter(username__in=NAMES).exists():
        return None
    passwords = {name: secrets.token_urlsafe(12) for name in NAMES}
    curator = User.objects.create_user(CURATOR, password=passwords[CURATOR])
    roles.give(curator, [roles.Role.CURATOR, roles.Role.OPERATOR])
    reader = User.objects.create_user(READER, password=passwords[READER])
    _furnish(reader)
    _leave_work(reader)
    path().touch(mode=0o600)
    path().chmod(0o600)
    path().write_text("".join(f"{name} {word}\n" for name, word in passwords.items()))
    return path()


def create_at_first_start() -> Path | None:
    """Make them where there is no account yet."""
    return None if User.objects.exists() else create()


def passwords() -> list[tuple[str, str]]:
    """Return name and password of the accounts that this site began with, if they still are."""
    lines = path().read_text().splitlines() if path().exists() else []
    return [(words[0], words[1]) for line in lines if len(words := line.split()) == 2]


@transaction.atomic
def remove() -> int:
    """Delete the accounts that the file names, with all that is theirs and was left them to
    curate, and the file.

    An account that only has such a name is somebody's.
    """
    named = {name for name, _ in passwords()} & set(NAMES)
    found = list(User.objects.filter(username__in=named))
    for user in found:
        deletion.delete(user)
    if found:
        examples.remove()
    path().unlink(missing_ok=True)
    return len(found)


def _leave_work(reader: User) -> None:
    """Leave something to curate, and let the reader report some of it."""
    tweet = examples.add()
    if tweet:
        about = {"paper": tweet.papers.get(), "tweet": tweet, "words": examples.REPORT}
        Report.objects.create(by=reader, kind=Report.Kind.SPAM, **about)


def _furnish(user: User) -> None:
    """Let the reader follow and keep what of it this site holds."""
    who = AccountReader(user)
    for kind, target in FOLLOWS:
        if kind != Kind.AUTHOR or Author.objects.filter(slug=target).exists():
            who.follow(kind, target)
    held = Paper.objects.visible().in_bulk([kept.arxiv_id for kept in SHELF], field_name="arxiv_id")
    shelved = [kept for kept in SHELF if kept.arxiv_id in held]
    group = shelf.new_list(user, LIST) if shelved else None
    for age, kept in enumerate(shelved):
        saved = SavedPaper.objects.keep(user, held[kept.arxiv_id])
        saved.saved_at = clock.now() - timedelta(days=age, hours=age)
        saved.state = kept.state
        shelf.edit(user, saved, kept.note, kept.tags, [group] if group and kept.is_listed else [])
