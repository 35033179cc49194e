"""What a reader met: the papers they opened, and those they hid, the last first."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from papers import cursor
from papers.models import Paper
from papers.selection import PAGE_SIZE

OPENED, HIDDEN = "opened_at", "hidden_at"


def page(user: User, moment: str, after: str) -> tuple[list[Paper], str]:
    """Return a page of the papers that have this moment, and the cursor of the next ("": none)."""
    moments, more = keys(user, moment, after, PAGE_SIZE)
    papers = Paper.objects.for_list().in_bulk(list(moments))
    return [papers[key] for key in moments if key in papers], more


def keys(user: User, moment: str, after: str, size: int) -> tuple[dict[int, datetime], str]:
    """Return the moments of a page by the keys of its papers, and the cursor of the next.

    SelectionError where `after` is no cursor.
    """
    found = user.seen.filter(paper__hidden=False).exclude(**{moment: None})
    if after:
        at, pk = cursor.read(after, cursor.moment)
        behind = Q(**{f"{moment}__lt": at}) | Q(**{moment: at}, pk__lt=pk)
        # The plain bound is implied, but an index can start at it.
        found = found.filter(behind, **{f"{moment}__lte": at})
    newest = found.order_by(f"-{moment}", "-pk").values_list("paper", moment, "pk")
    rows = list(newest[: size + 1])
    more = cursor.write(*rows[size - 1][1:]) if len(rows) > size else ""
    return {paper_id: at for paper_id, at, _ in rows[:size]}, more


def forget(user: User) -> None:
    """Forget what was opened; what was seen stays seen, or all would be unread again."""
    user.seen.update(opened_at=None)
