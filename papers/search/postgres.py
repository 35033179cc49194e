"""PostgreSQL: a tsvector of our words under a GIN index, beside the paper's key.

It is written and asked for as it stands, by no configuration that would change words. A word of a
title or a name stands in it twice, by itself and with a mark before it (`t=`, `a=`): so a search of
titles reads an index of titles, and none of abstracts. Abstracts are most of every text: they are
told by their weight.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import connection

from papers.search.documents import GAP, MOST_WORDS, Document
from papers.search.query import And, Node, Not, Or, Words

MATCH = "{alias}.document @@ %s::tsquery"
# The same of papers that are named: spelt so, no index of words is asked for all the others too.
MATCH_AMONG = "ts_match_vq({alias}.document, %s::tsquery)"
RANK = (
    "ts_rank('{{0, 0.1, 0.4, 1}}', {alias}.document, %s::tsquery)::float8"  # abstract C to title A
)
KEY = "{alias}.rowid"
WALKS_BESIDE = False  # it knows how common words are, and chooses
MANY = 20_000
_MARKS = {"": "", "title": "t=", "author": "a=", "abstract": ""}
_TEXTS = (("title", "A", "t="), ("authors", "B", "a="), ("abstract", "C", ""))


def expression(node: Node) -> str:
    """Return the tsquery; `node` holds words alone."""
    if isinstance(node, Words):
        return "(" + " | ".join(_phrase(node, phrase) for phrase in node.phrases) + ")"
    if isinstance(node, Not):
        return f"!{expression(node.of)}"
    assert isinstance(node, And | Or)
    return "(" + (" & " if isinstance(node, And) else " | ").join(map(expression, node.of)) + ")"


def _phrase(node: Words, phrase: Sequence[str]) -> str:
    # Words are letters and digits: no quotation mark or backslash is among them.
    weight = "C" if node.field == "abstract" else ""
    ends = [weight] * len(phrase)
    ends[-1] += "*" if node.is_beginning else ""
    parts = [
        f"'{_MARKS[node.field]}{word}'{':' if end else ''}{end}"
        for word, end in zip(phrase, ends, strict=True)
    ]
    return " <-> ".join(parts)


def expects_many(question: str) -> bool:
    """Tell whether more than MANY papers are expected to match.

    The index tells none before it has told all. What that takes the planner does not reckon.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (FORMAT JSON) SELECT FROM papers_search WHERE document @@ %s::tsquery",
            [question],
        )
        [[[explained]]] = cursor.fetchall()
    return bool(explained["Plan"]["Plan Rows"] > MANY)


def write(documents: Sequence[Document]) -> None:
    """Write those that are not there as they are."""
    rows = [(each.paper_id, _vector(each)) for each in documents]
    places = ", ".join(["(%s, %s::tsvector)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO papers_search (rowid, document) VALUES {places}"  # noqa: S608
            " ON CONFLICT (rowid) DO UPDATE SET document = EXCLUDED.document"
            " WHERE papers_search.document IS DISTINCT FROM EXCLUDED.document",
            [value for row in rows for value in row],
        )


def _vector(document: Document) -> str:
    """Return the text of a tsvector: each word with its places and the weight of its text."""
    places: dict[str, list[str]] = defaultdict(list)
    for word, place, mark in _placed(document):
        places[word].append(place)
        if mark:
            places[mark + word].append(place)
    return " ".join(f"'{word}':{','.join(of_word)}" for word, of_word in places.items())


def _placed(document: Document) -> Iterator[tuple[str, str, str]]:
    start = 1
    for name, weight, mark in _TEXTS:
        for place, word in enumerate(getattr(document, name), start):
            if word != GAP:
                yield word, f"{place}{weight}", mark
        start += MOST_WORDS[name] + 1
