"""SQLite's FTS5: a table of three columns of words, whose rowid is the paper's key.

Its tokenizer splits at the blanks that we put between our words, and nowhere else: of ASCII they
hold letters and digits alone. Every word is quoted, so that none is an operator.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from papers.search.documents import Document
from papers.search.query import And, Node, Not, Or, Words

MATCH = MATCH_AMONG = "{alias}.papers_search MATCH %s"
# Of the columns title, authors, abstract; bm25 is the lower the better.
RANK = "-bm25({alias}.papers_search, 10.0, 4.0, 1.0)"
# It would ask once for each of the keys it may look up: so it must not see that they are keys.
KEY = "+{alias}.rowid"
# Where rows are walked in an order it must not start from the matches, and sort them all.
WALKS_BESIDE = True
_COLUMNS = {"title": "title", "author": "authors", "abstract": "abstract"}


def expression(node: Node) -> str:
    """Return what FTS5 is asked; `node` holds words alone, and in every And one that must be."""
    if isinstance(node, Words):
        star = " *" if node.is_beginning else ""
        either = " OR ".join(f'"{" ".join(phrase)}"{star}' for phrase in node.phrases)
        return f"{{{_COLUMNS[node.field]}}} : ({either})" if node.field else f"({either})"
    if isinstance(node, Or):
        return "(" + " OR ".join(map(expression, node.of)) + ")"
    assert isinstance(node, And)
    must = " AND ".join(expression(each) for each in node.of if not isinstance(each, Not))
    without = [f" NOT {expression(each.of)}" for each in node.of if isinstance(each, Not)]
    for each in without:
        must = f"({must}){each}"
    return f"({must})"


def expects_many(question: str) -> bool:
    """Tell that it does not matter: the index tells matches as it finds them."""
    return False


def write(documents: Sequence[Document]) -> None:
    """Write those that are not there as they are: what is written again makes its index grow."""
    rows = {each.paper_id: tuple(" ".join(text) for text in each[1:]) for each in documents}
    places = ", ".join(["%s"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, title, authors, abstract FROM papers_search WHERE rowid IN ({places})",  # noqa: S608 — only places for values
            list(rows),
        )
        held = {key: texts for key, *texts in cursor.fetchall()}
        changed: list[Any] = [
            (key, *texts) for key, texts in rows.items() if held.get(key) != list(texts)
        ]
        cursor.executemany(
            "INSERT OR REPLACE INTO papers_search (rowid, title, authors, abstract)"
            " VALUES (%s, %s, %s, %s)",
            changed,
        )
