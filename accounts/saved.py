"""Saved papers: what a reader asked to see of them, and how one that was removed comes back."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Count, Q

from accounts.models import SavedPaper, User
from accounts.models.saved import SavedPaperQuerySet
from papers.models import Paper
from papers.selection import MAX_QUERY, SelectionError

PAGE_SIZE = 30
REMOVED = "removed"  # in the session: what was removed last, as `restore` needs it
_KEPT = ("state", "note", "folded_note", "saved_at", "state_changed_at")


@dataclass(frozen=True, slots=True)
class SavedSelection:
    """Which of the saved papers, the newest first. Empty strings filter nothing."""

    state: str = ""
    q: str = ""
    after: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> "SavedSelection":
        """Read a query string; raise SelectionError with a sentence that says what was wrong."""
        found = cls(*(params.get(name, "").strip() for name in ("state", "q", "after")))
        if "\x00" in found.q or len(found.q) > MAX_QUERY:
            raise SelectionError("The words are too long or hold a NUL byte.")
        if found.state and found.state not in SavedPaper.State.values:
            raise SelectionError("A saved paper is for later, being read, or done.")
        if found.after:
            found._cursor()
        return found

    def querystring(self, **changes: str) -> str:
        """Return "?…" for this selection with `changes`, from its first page."""
        values = asdict(self) | {"after": "", **changes}
        return "?" + urlencode({key: value for key, value in values.items() if value})

    def page(self, user: User) -> tuple[list[SavedPaper], str]:
        """Return one page with its papers, and the cursor of the next ("" at the end)."""
        found = shown_to(user).select_related("paper").defer("paper__title", "paper__abstract")
        if self.state:
            found = found.filter(state=self.state)
        if self.q:
            found = found.holding(self.q)
        if self.after:
            at, pk = self._cursor()
            found = found.filter(Q(saved_at__lt=at) | Q(saved_at=at, pk__lt=pk), saved_at__lte=at)
        rows = list(found[: PAGE_SIZE + 1])
        if len(rows) <= PAGE_SIZE:
            return rows, ""
        last = rows[PAGE_SIZE - 1]
        return rows[:PAGE_SIZE], f"{last.saved_at.isoformat()}~{last.pk}"

    def _cursor(self) -> tuple[datetime, int]:
        match = re.fullmatch(r"([0-9T:.-]{19,26}\+00:00)~(\d{1,18})", self.after, re.ASCII)
        try:
            if not match:
                raise ValueError
            return datetime.fromisoformat(match[1]), int(match[2])
        except ValueError:
            raise SelectionError("This page of the list does not exist.") from None


def shown_to(user: User) -> SavedPaperQuerySet:
    """Return the reader's saved papers but those a curator hid."""
    return SavedPaper.objects.filter(user=user, paper__hidden=False)


def counts(user: User) -> dict[str, int]:
    """Return how many papers are in each state."""
    found = shown_to(user).values_list("state").annotate(Count("pk")).order_by()
    return dict.fromkeys(SavedPaper.State.values, 0) | dict(found)


def remove(session: SessionBase, saved: SavedPaper) -> None:
    """Remove a saved paper; the session keeps it until another is removed."""
    kept = {name: getattr(saved, name) for name in _KEPT}
    moments = {name: kept[name].isoformat() for name in ("saved_at", "state_changed_at")}
    session[REMOVED] = {"paper": saved.paper_id, **kept, **moments}
    saved.delete()


def restore(session: SessionBase, user: User, arxiv_id: str = "") -> Paper | None:
    """Bring back what was removed last, as it was, where `arxiv_id` names it or is empty.

    Return its paper, None if there is nothing.
    """
    kept = session.get(REMOVED)
    paper = Paper.objects.filter(pk=kept["paper"]).first() if kept else None
    if paper is not None and arxiv_id in ("", paper.arxiv_id):
        kept = session.pop(REMOVED)
        del kept["paper"]
        for name in ("saved_at", "state_changed_at"):
            kept[name] = datetime.fromisoformat(kept[name])
        SavedPaper.objects.get_or_create(user=user, paper=paper, defaults=kept)
        return paper
    return None
