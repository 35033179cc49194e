"""What may be meant by what was typed so far: fields, topics, authors, papers. A list of a few.

Costs the same however much is held: a few rows of small tables, and of papers those that an index
gives first. Only topics of papers are named, never a tag that a reader made.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from taggit.models import Tag

from papers.models import Author, Category, Paper
from papers.search.conditions import Conditions
from papers.search.highlight import Highlight, Piece
from papers.search.query import And, Node, Or, Words
from papers.words import words

LEAST, LONGEST = 2, 100  # characters typed
EACH = 3  # options of each kind; of papers as many more as there is room
MOST = 8
# Two or three letters begin too many words: then the papers looked at are the hottest.
FEW_LETTERS, HOTTEST, LOOKED_AT = 3, 2_000, 200


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may be meant: what it is called, and where it is."""

    pieces: list[Piece]
    url: str
    note: str = ""


Groups = list[tuple[str, list[Option]]]


def of(typed: str) -> Groups:
    """Return the options by kind, kinds without one left out; [] under LEAST characters."""
    begun = words(typed[:LONGEST])
    if not begun or sum(map(len, begun)) < LEAST:
        return []
    highlight = Highlight((*(Words("", (word,)) for word in begun), Words("", (begun[-1],), True)))
    papers = list(_papers(begun))
    groups = [
        *_named(typed.strip()[:LONGEST], highlight),
        ("Authors", _authors(papers, begun, highlight)),
    ]
    room = MOST - sum(len(options) for _, options in groups)
    groups.append(("Papers", list(_titles(papers, begun, highlight))[:room]))
    return [group for group in groups if group[1]]


def _named(typed: str, highlight: Highlight) -> Iterator[tuple[str, list[Option]]]:
    """Yield categories and topics, in one query: both tables are small."""
    is_meant = (
        Q(code__istartswith=typed) | Q(name__istartswith=typed) | Q(name__icontains=f" {typed}")
    )
    categories = Category.objects.filter(is_meant, is_active=True).order_by("code")
    tags = Tag.objects.filter(Q(slug__startswith=typed.lower()) | Q(name__istartswith=typed))
    tags = tags.filter(taggit_taggeditem_items__content_type__model="paper")
    fields = [
        Option(highlight.pieces(f"{code} {name}"), reverse("papers:category", args=[code]))
        for code, name in categories.values_list("code", "name")[:EACH]
    ]
    topics = [
        Option(highlight.pieces(name), reverse("papers:tag", args=[slug]))
        for name, slug in tags.order_by("name").values_list("name", "slug").distinct()[:EACH]
    ]
    yield "Fields", fields
    yield "Topics", topics


def _papers(begun: Sequence[str]) -> Iterable[Any]:
    """Return papers whose title or authors hold the words, the last begun: the highest first."""
    condition = Conditions().of(Or((_standing("title", begun), _standing("author", begun))))
    papers = Paper.objects.visible()
    if sum(map(len, begun)) <= FEW_LETTERS:
        hottest = papers.order_by("-hot", "-pk").values("pk")[:HOTTEST]
        papers = papers.filter(pk__in=hottest)
    found = papers.filter(condition).order_by().values("pk")[:LOOKED_AT]
    columns = ("arxiv_id", "title_text", "author_names", "score")
    rows = Paper.objects.filter(pk__in=found).order_by("-score", "-pk")
    return rows.values_list(*columns, named=True)


def _standing(field: str, begun: Sequence[str]) -> Node:
    *whole, last = begun
    node = Words(field, (last,), is_beginning=True)
    return And((*(Words(field, (word,), is_exact=True) for word in whole), node))


def _holds(text: str, begun: Sequence[str]) -> bool:
    standing = words(text)
    *whole, last = begun
    return all(word in standing for word in whole) and any(w.startswith(last) for w in standing)


def _authors(papers: Iterable[Any], begun: Sequence[str], highlight: Highlight) -> list[Option]:
    names = Counter(name for paper in papers for name in paper.author_names if _holds(name, begun))
    most = [name for name, _ in names.most_common(EACH)]
    slugs = dict(Author.objects.filter(name__in=most).values_list("name", "slug")) if most else {}
    return [
        Option(highlight.pieces(name), reverse("papers:author", args=[slugs[name]]))
        for name in most
        if name in slugs
    ]


def _titles(papers: Iterable[Any], begun: Sequence[str], highlight: Highlight) -> Iterator[Option]:
    for paper in papers:
        if _holds(paper.title_text, begun):
            url = reverse("papers:paper", args=[paper.arxiv_id])
            yield Option(highlight.pieces(paper.title_text), url, paper.arxiv_id)
