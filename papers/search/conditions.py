"""A query as a condition on rows: on papers, or on whatever leads to one.

What it says of words is asked of the engine in as few questions as can be; the rest are filters.
"""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, FloatField, Func, Q, QuerySet
from django.db.models.functions import Lower

from papers.models import (
    Category,
    Paper,
    PaperCategory,
    SearchEntry,
    TweetPaper,
    is_visible,
)
from papers.search import postgres, sqlite
from papers.search.query import And, Filter, Node, Not, Or, Words, leaves

CODES_KEPT = 60  # seconds
# Here alone it is asked which database this is.
ENGINE: Any = sqlite if connection.vendor == "sqlite" else postgres


class _Asked(Func):
    """Something of an engine's about a row of SearchEntry, to whose key `key` leads."""

    def __init__(self, sql: str, question: str, output_field: Any, key: str = "paper_id") -> None:
        super().__init__(F(key), output_field=output_field)
        self.sql, self.question = sql, question

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        (key,) = self.get_source_expressions()
        sql = self.sql.format(alias=compiler.quote_name_unless_alias(key.alias))
        return sql, [self.question] * sql.count("%s")


def matching(node: Node, how: str = ENGINE.MATCH) -> QuerySet[SearchEntry]:
    """Return the entries that hold these words; see `_is_of_words`."""
    return SearchEntry.objects.filter(_Asked(how, ENGINE.expression(node), BooleanField()))


def ranked(node: Node, keys: Iterable[int]) -> QuerySet[Any]:
    """Return the entries of these papers with their `rank`, the higher the closer to the words.

    Those that hold none of the words that are looked for are left out.
    """
    looked_for = Or(tuple(leaves(node)))
    rank = _Asked(ENGINE.RANK, ENGINE.expression(looked_for), FloatField())
    key = _Asked(ENGINE.KEY, "", BigIntegerField())
    among = matching(looked_for, ENGINE.MATCH_AMONG).alias(key=key).filter(key__in=keys)
    return among.annotate(rank=rank)


def found_in(rows: QuerySet[Any], node: Node, path: str = "") -> QuerySet[Any]:
    """Return the rows that a query finds: some are told without looking for all.

    `path` leads from a row to its paper.
    """
    words, others = _parts(node)
    if not words:
        return rows.filter(Conditions(path).of(node))
    question = ENGINE.expression(And(words))
    entry = f"{path}search_entry"
    holds = _Asked(ENGINE.MATCH, question, BooleanField(), f"{entry}__paper_id")
    rows = rows.filter(holds, **{f"{entry}__isnull": False})  # the latter makes it an inner join
    return rows.filter(Conditions(path).of(And(others))) if others else rows


def expects_many(node: Node) -> bool:
    """Tell whether the engine expects so many matches that to look at all rows soon meets some."""
    words, _ = _parts(node)
    return bool(words) and ENGINE.expects_many(ENGINE.expression(And(words)))


def _parts(node: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return what must all hold: what the engine is asked, and what else is left to tell."""
    parts = node.of if isinstance(node, And) else (node,)
    words = tuple(each for each in parts if _is_of_words(each))
    return words, tuple(each for each in parts if each not in words)


def walked(rows: QuerySet[Any], node: Node, path: str = "") -> QuerySet[Any]:
    """Return the rows that a query finds, to be read along the index of an order."""
    if not ENGINE.WALKS_BESIDE:
        return rows.filter(Conditions(path).of(node))
    return rows.alias(beside=F(f"{path}pk") + 0).filter(Conditions(path, key="beside").of(node))


def _is_of_words(node: Node) -> bool:
    """Tell whether engines answer it: they look for words, not for the absence of words alone."""
    if isinstance(node, And):
        must = [each for each in node.of if not isinstance(each, Not)]
        others = [each.of for each in node.of if isinstance(each, Not)]
        return bool(must) and all(map(_is_of_words, [*must, *others]))
    return isinstance(node, Words) or (
        isinstance(node, Or) and bool(node.of) and all(map(_is_of_words, node.of))
    )


def _codes(value: str) -> list[str]:
    """Return the codes of a category, however it is written, or of all of an archive.

    Named one by one they let the database know how many papers they have. Each process keeps the
    list of all for a while: it is short, and seldom grows.
    """
    meant, archive = value.lower(), value.lower().removesuffix(".*")
    held: list[tuple[str, str]] | None = caches["process"].get("category-codes")
    if held is None:
        held = list(Category.objects.values_list("code", "archive"))
        caches["process"].set("category-codes", held, CODES_KEPT)
    return [code for code, of in held if code.lower() == meant or of.lower() == archive]


class Conditions:
    """Makes conditions on rows from which `path` leads to their paper ("" where they are papers).

    `also` says where else words may stand, `tagged` which papers have a tag beside the site's own;
    `key` is what names their paper, if not its key itself.
    """

    def __init__(
        self,
        path: str = "",
        *,
        also: Callable[[Words], Q] | None = None,
        tagged: Callable[[str], Q] | None = None,
        key: str = "",
    ) -> None:
        self.path, self.also, self.tagged = path, also, tagged
        self.key = key or f"{path}pk"

    def of(self, node: Node) -> Q:
        if not self.also and _is_of_words(node):
            return self._among(matching(node).values("paper"))
        if isinstance(node, Words):
            assert self.also
            return self._among(matching(node).values("paper")) | self.also(node)
        if isinstance(node, Not):
            return ~self.of(node.of)
        if isinstance(node, And):
            return reduce(and_, map(self.of, self._gathered(node)))
        if isinstance(node, Or):
            return reduce(or_, map(self.of, node.of), Q(pk__in=[]))
        return self._fact(node)

    def _gathered(self, node: And) -> list[Node]:
        """Put what an engine can answer into one question."""
        if self.also:
            return list(node.of)
        words = [each for each in node.of if _is_of_words(each)]
        if words:
            words += [e for e in node.of if isinstance(e, Not) and _is_of_words(e.of)]
        others = [each for each in node.of if each not in words]
        return [*others, And(tuple(words))] if words else others

    def _among(self, papers: QuerySet[Any, Any]) -> Q:
        return Q(**{f"{self.key}__in": papers})

    def _column(self, lookup: str, value: object) -> Q:
        return Q(**{self.path + lookup: value})

    def _fact(self, fact: Filter) -> Q:
        found: Q = getattr(self, f"_{fact.field}")(fact.value)
        return found

    def _cat(self, value: str) -> Q:
        listed = PaperCategory.objects.filter(category__in=_codes(value))
        return self._among(listed.values("paper"))

    def _tag(self, value: str) -> Q:
        tagged = Paper.objects.filter(Q(tags__slug=value) | Q(tags__name__iexact=value))
        found = self._among(tagged.values("pk"))
        return found | self.tagged(value) if self.tagged else found

    def _id(self, value: str) -> Q:
        if value.endswith("*"):
            return self._column("arxiv_id__startswith", value[:-1])
        return self._column("arxiv_id", value)

    def _network(self, value: str) -> Q:
        return self._linked(tweet__network=value)

    def _from(self, value: str) -> Q:
        return self._linked(handle=value)

    def _linked(self, **which: str) -> Q:
        links = TweetPaper.objects.filter(is_visible("tweet__")).alias(
            handle=Lower("tweet__handle")
        )
        return self._among(links.filter(**which).values("paper"))

    def _since(self, day: object) -> Q:
        return self._column("announced_on__gte", day)

    def _until(self, day: object) -> Q:
        return self._column("announced_on__lte", day)

    def _score(self, value: tuple[str, int]) -> Q:
        lookup, number = value
        return self._column(f"score__{lookup}", number)

    def _is(self, value: str) -> Q:
        return self._column(value, True)
