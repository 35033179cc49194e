"""The parameters that several operations take, as `Selection` reads them."""

from drf_spectacular.utils import OpenApiParameter

from papers.api.operation import path, query
from papers.models import Network
from papers.selection import FAIR, LISTS, OF_SEARCH, Sort, Window

SORT = query("sort", "The order; `hot` without it.", "top", enum=[*LISTS], default=Sort.HOT.value)
SORT_OF_SEARCH = query(
    "sort",
    "The order; `relevance` without it, where anything is searched by words, else `hot`.",
    "new",
    enum=[*OF_SEARCH],
)
Q = query("q", "A search, in the grammar of `/search/`.", "attention cat:cs.LG")
WORDS = query("q", "What to search for, as in the field on the pages.", "paper", required=True)
NETWORK = query("network", "Linked by a tweet of this network.", "x", enum=Network.values)
NARROWED: tuple[OpenApiParameter, ...] = (
    query(
        "window",
        "Listed in the days up to the newest listing day that is held. Without it `week` for "
        "`sort=top`, else `all`.",
        "month",
        enum=[*Window],
    ),
    query("category", "In this arXiv category, or cross-listed to it.", "cs.LG"),
    query("tag", "With this topic tag: its slug."),
    query("author", "By this author: the slug that `authors/` has."),
    NETWORK,
    query("year", "Listed in this year.", "2021", pattern="^(19|20)[0-9]{2}$"),
    query("fair", "Each paper compared with those of its own field. `sort=hot` only.", enum=[FAIR]),
)
ARXIV_ID = path(
    "arxiv_id",
    "An arXiv id without version.",
    "2106.05237",
    pattern=r"^([0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})$",
)
SLUG = path("slug", "The slug of the author.", "ada-lark", pattern="^[-a-zA-Z0-9_]+$")
DAY = path("day", "A listing day.", "2021-06-10", format="date")
