"""Finding papers by words. One `search()`, one `index()`, the same set on every database.

`query` reads what was typed, `documents` says what words a paper has, an engine (`sqlite`,
`postgres`) keeps them and answers, `conditions` makes one condition of it all. docs/search.md has
the grammar, and why it is asked in two steps.
"""

from collections.abc import Collection, Iterable
from itertools import islice

from django.db.models import QuerySet

from papers.models import Paper
from papers.search.conditions import (
    ENGINE,
    Conditions,
    expects_many,
    found_in,
    ranked,
    walked,
)
from papers.search.documents import Row, of_rows
from papers.search.query import (
    MAX_LENGTH,
    Node,
    QueryError,
    Words,
    in_titles,
    leaves,
    parse,
    words_side_by_side,
)

__all__ = [
    "COLUMNS",
    "BATCH",
    "MAX_LENGTH",
    "Conditions",
    "Node",
    "QueryError",
    "Row",
    "Words",
    "expects_many",
    "found_in",
    "in_titles",
    "index",
    "leaves",
    "parse",
    "ranked",
    "search",
    "walked",
    "words_side_by_side",
    "write",
]

BATCH = 500
COLUMNS = ("pk", "title", "author_names", "abstract")


def search(query: str, papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """Keep the papers that `query` finds; one without a word finds none. Raises QueryError."""
    return papers.filter(Conditions().of(parse(query)))


def index(paper_ids: Collection[int]) -> None:
    """Make these papers findable as they are now."""
    keys = iter(paper_ids)
    while some := list(islice(keys, BATCH)):
        write(Paper.objects.filter(pk__in=some).values_list(*COLUMNS))


def write(rows: Iterable[Row]) -> None:
    """Make papers findable by these rows of COLUMNS."""
    if documents := list(of_rows(rows)):
        ENGINE.write(documents)
