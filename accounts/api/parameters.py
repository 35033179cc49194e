"""The parameters of what is a reader's, as `SavedSelection` and `FeedSelection` read them."""

from accounts.feed import WINDOWS, Order
from accounts.interests import KINDS
from accounts.models import SavedPaper
from accounts.saved import SORTS
from papers.api.operation import path, query
from papers.api.parameters import Q

KEY = path("key", "Its number.", "1", type="integer", minimum=1, maximum=10**18 - 1)
SLUG = path("slug", "The slug.", "reading-group", pattern=r"^[-_0-9A-Za-z]{1,110}$")
SECRET = path(
    "token", "The secret of the list's link.", "x" * 32, pattern=r"^[-_0-9A-Za-z]{16,64}$"
)
OF_SAVED = (
    query("state", "How far the reader is.", enum=[*SavedPaper.State.values]),
    Q,
    query("tag", "With this tag of the reader's own: its slug."),
    query("list", "In this list: its slug."),
    query(
        "sort",
        "The order; without it the newest saved first, and a list in its own order.",
        "score",
        enum=[*SORTS],
    ),
)
OF_FEED = (
    query("sort", "The order; `for-you` without it.", enum=[*Order]),
    query("window", "How far back it goes.", enum=[*WINDOWS]),
    query(
        "kinds",
        "Papers that are new in a field, cross-listed in it, replaced: commas between them.",
        "new,cross",
        pattern=f"^({'|'.join(KINDS)})(,({'|'.join(KINDS)}))*$",
    ),
    query("fair", "Each field has the same chance.", enum=["0", "1"]),
    query("unread", "Only what was not met yet.", enum=["0", "1"]),
)
