"""What a reader types into a search, read into a tree. Pure: it knows no papers and no database.

    deep -learning OR "exact words" begin* (in parentheses)
    title: author: abstract: cat: tag: id: network: from: since: until: score: is:

Words side by side must all be there; OR binds less than that. What is no part of this grammar is
text: "C*-algebra", "self-attention" and "BERT:" are the words in them, side by side.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from papers import identifiers
from papers.words import forms, words

MAX_LENGTH = 300  # characters
MAX_TERMS = 30
MAX_DEPTH = 6  # parentheses in parentheses
LEAST_BEGINNING = 2  # letters before a *

TEXTS = ("title", "author", "abstract")
NETWORKS = ("x", "bluesky", "mastodon", "hackernews", "huggingface")
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_OPERATORS = {"": "exact", "=": "exact", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
# What elsewhere is the name of one of ours.
_ELSEWHERE = {
    **{"category": "cat", "categories": "cat", "ti": "title", "au": "author", "authors": "author"},
    **{"abs": "abstract", "tags": "tag", "source": "network", "site": "network", "by": "from"},
    **{"after": "since", "before": "until", "date": "since", "votes": "score", "points": "score"},
}


class QueryError(ValueError):
    """A query that cannot be understood; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class Words:
    """These words side by side, in a text of a paper or ("") in any of them."""

    field: str
    words: tuple[str, ...]
    is_beginning: bool = False  # the last word is the beginning of one
    is_exact: bool = False  # as typed, not in the singular or plural too

    @property
    def phrases(self) -> list[tuple[str, ...]]:
        """Return the rows of words of which one must be there."""
        if self.is_exact or self.is_beginning:
            return [self.words]
        return [(*self.words[:-1], last) for last in forms(self.words[-1])]


@dataclass(frozen=True, slots=True)
class Filter:
    """A fact about a paper: `field` is the name that was typed.

    The value is a string; of since and until a date, of score a lookup and a number.
    """

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Not:
    of: "Node"


@dataclass(frozen=True, slots=True)
class And:
    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of these holds; of none of them none does."""

    of: tuple["Node", ...]


Node = Words | Filter | Not | And | Or
NOTHING = Or(())


def parse(text: str) -> Node:
    """Return the tree of a query; NOTHING where it holds no word. Raises QueryError."""
    if "\x00" in text:
        raise QueryError("The search holds a NUL byte, which no text has.")
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The search is longer than {MAX_LENGTH} characters.")
    return _Parser(text.translate(_QUOTES)).whole()


def words_side_by_side(text: str) -> Node:
    """Return the tree of plain text, as a reader mutes it; `word*` is a beginning in it too."""
    return _words("", text, is_exact=False) or NOTHING


def leaves(node: Node) -> Iterator[Words]:
    """Yield the words that a paper is found for, not those that it must not hold."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for each in node.of:
            yield from leaves(each)


def in_titles(node: Node) -> Node:
    """Return the same search, with what may stand in any text looked for in titles alone.

    What must not be there must still be in none of them, and a field that was typed stays.
    """
    if isinstance(node, Words):
        return node if node.field else replace(node, field="title")
    if isinstance(node, And | Or):
        return type(node)(tuple(map(in_titles, node.of)))
    return node


def _words(field: str, text: str, *, is_exact: bool) -> Words | None:
    found = tuple(words(text))
    if not found:
        return None
    starred = text.rstrip().endswith("*") and len(found[-1]) >= LEAST_BEGINNING
    return Words(field, found, is_beginning=starred, is_exact=is_exact)


# Reading -----------------------------------------------------------------------------------------

_BLANKS = re.compile(r"\s*")
# A backslash before a quotation mark is TeX's accent: Schr\"odinger.
_QUOTED = re.compile(r'"((?:\\"(?=[A-Za-z{])|[^"])*)"')
_BARE = re.compile(r'(?:\\"(?=[A-Za-z{])|[^\s"()])+')
_NAME = re.compile(r"([A-Za-z]+):")


class _Parser:
    """One pass over a query. `at` is the place of the next character."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth, self.terms = text, 0, 0, 0

    def whole(self) -> Node:
        found = [self.either()]
        while self.at < len(self.text):  # a parenthesis that closes nothing is text
            self.at += 1
            found.append(self.either())
        return _all(found) or NOTHING

    def skip(self) -> str:
        """Go over blanks; return the character there, "" at the end."""
        blanks = _BLANKS.match(self.text, self.at)
        self.at = blanks.end() if blanks else self.at
        return self.text[self.at : self.at + 1]

    def keyword(self, *names: str) -> str:
        """Go over one of these words, where it stands alone; return it."""
        self.skip()
        for name in names:
            if re.compile(rf"{name}(?=[\s(]|$)").match(self.text, self.at):
                self.at += len(name)
                return name
        return ""

    def either(self) -> Node | None:
        """Read what OR connects, up to a parenthesis or the end."""
        sides = [self.all()]
        while True:
            start = self.at + 1
            if not self.keyword("OR"):
                break
            sides.append(self.all())
            if None in sides[-2:]:
                raise QueryError(
                    f"OR at character {start} needs a word on each side; the word itself is “or”."
                )
        found = [side for side in sides if side is not None]
        return Or(tuple(found)) if len(found) > 1 else next(iter(found), None)

    def all(self) -> Node | None:
        """Read what stands side by side, up to OR, a parenthesis or the end."""
        found = []
        while (sign := self.skip()) and sign != ")":
            before = self.at
            if self.keyword("OR"):
                self.at = before
                break
            if not self.keyword("AND"):
                found.append(self.one())
        return _all(found)

    def one(self) -> Node | None:
        """Read a term, a group, or what must not be."""
        is_without = bool(self.keyword("NOT"))
        if self.skip() == "-":
            is_without |= self.text[self.at + 1 : self.at + 2].strip(" \t\n-") != ""
            self.at += 1
        found = self.group() if self.skip() == "(" else self.term()
        if found is None or not is_without:
            return found
        return found.of if isinstance(found, Not) else Not(found)

    def group(self) -> Node | None:
        start = self.at + 1
        self.at, self.depth = self.at + 1, self.depth + 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"More than {MAX_DEPTH} parentheses in each other are too many.")
        found = self.either()
        if self.skip() != ")":
            raise QueryError(f"The parenthesis at character {start} is not closed.")
        self.at, self.depth = self.at + 1, self.depth - 1
        return found

    def term(self) -> Node | None:
        """Read a word, a phrase, or a field with its value; None where there is no letter in it."""
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(f"More than {MAX_TERMS} words in one search are too many.")
        start = self.at + 1
        if self.skip() == '"':
            return _words("", self.quoted(), is_exact=True)
        name = _NAME.match(self.text, self.at)
        field = name[1].lower() if name else ""
        if not name or field not in _READERS and field not in TEXTS:
            raw = self.bare()
            if arxiv_id := identifiers.canonical(raw):
                return Filter("id", arxiv_id)
            _refuse_elsewhere(field, raw, start)
            return _words("", raw, is_exact=False)
        self.at = name.end()
        is_exact = self.text[self.at : self.at + 1] == '"'
        value = self.quoted() if is_exact else self.bare()
        if not value.strip():
            raise QueryError(
                f"“{field}:” at character {start} has nothing behind it. "
                f"Its value follows without a blank: {field}:{_EXAMPLES[field]}"
            )
        if field in TEXTS:
            return _words(field, value, is_exact=is_exact)
        return Filter(field, _READERS[field](value))

    def quoted(self) -> str:
        found = _QUOTED.match(self.text, self.at)
        if not found:
            raise QueryError(f"The quotation mark at character {self.at + 1} is not closed.")
        self.at = found.end()
        return found[1]

    def bare(self) -> str:
        """Read up to a blank or a quotation mark. Parentheses belong to it if both do: f(x)."""
        start, is_open = self.at, 0
        while True:
            piece = _BARE.match(self.text, self.at)
            self.at = piece.end() if piece else self.at
            sign = self.text[self.at : self.at + 1]
            if sign not in ("(", ")") or (sign == ")" and not is_open):
                return self.text[start : self.at]
            is_open += 1 if sign == "(" else -1
            self.at += 1


def _all(found: list[Node | None]) -> Node | None:
    kept = [node for node in found if node is not None]
    return And(tuple(kept)) if len(kept) > 1 else next(iter(kept), None)


def _refuse_elsewhere(name: str, raw: str, start: int) -> None:
    """Raise where a field was meant: its name is close to one of ours, and a value follows it."""
    if not name or len(raw) == len(name) + 1 or raw[len(name) + 1] == "/":
        return
    near = get_close_matches(name, [*TEXTS, *_READERS], n=1, cutoff=0.75)
    meant = _ELSEWHERE.get(name) or next(iter(near), "")
    if meant:
        raise QueryError(
            f"There is no field “{name}:” (character {start}). Did you mean {meant}:"
            f"{_EXAMPLES[meant]}?"
        )


# Values ------------------------------------------------------------------------------------------


def _category(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z-]{1,32}(?:\.(?:[A-Za-z-]{1,32}|\*))?", value):
        raise QueryError(
            f"“cat:{value}” is no arXiv category: cat:cs.LG, or cat:cs.* for all of cs."
        )
    return value


def _id(value: str) -> str:
    if value.endswith("*") and re.fullmatch(r"[0-9a-z.-]+(?:/[0-9]*)?\*", value):
        return value
    arxiv_id = identifiers.canonical(value)
    if not arxiv_id:
        raise QueryError(f"“id:{value}” is no arXiv id: id:2106.05237, or id:2106.* for a month.")
    return arxiv_id


def _network(value: str) -> str:
    if value.lower() not in NETWORKS:
        raise QueryError(f"There is no network “{value}”: {', '.join(NETWORKS)}.")
    return value.lower()


def _since(value: str) -> date:
    return _days("since", value)[0]


def _until(value: str) -> date:
    return _days("until", value)[1]


def _days(field: str, value: str) -> tuple[date, date]:
    """Return the first and the last day of a year, a month or a day."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?", value, re.ASCII)
    try:
        if not found:
            raise ValueError(value)
        year, month, day = (int(part) if part else 0 for part in found.groups())
        last = day or monthrange(year, month or 12)[1]
        return date(year, month or 1, day or 1), date(year, month or 12, last)
    except ValueError:
        raise QueryError(
            f"“{field}:{value}” is no day: {field}:2021-06-01, {field}:2021-06 or {field}:2021."
        ) from None


def _score(value: str) -> tuple[str, int]:
    found = re.fullmatch(r"([<>]?=?)(\d{1,12})", value.replace(",", ""), re.ASCII)
    if not found:
        raise QueryError(f"“score:{value}” is no number: score:>100, score:<=50 or score:0.")
    return _OPERATORS[found[1]], int(found[2])


def _is(value: str) -> str:
    if value.lower() != "withdrawn":
        raise QueryError(f"A paper can be is:withdrawn; “is:{value}” is unknown.")
    return value.lower()


_READERS = {
    "cat": _category,
    "tag": lambda value: value.strip(),
    "id": _id,
    "network": _network,
    "from": lambda value: value.strip().removeprefix("@").lower(),
    "since": _since,
    "until": _until,
    "score": _score,
    "is": _is,
}
_EXAMPLES = {
    **{"title": "folding", "author": "lark", "abstract": "proteins", "cat": "cs.LG"},
    **{"tag": "distillation", "id": "2106.05237", "network": "bluesky", "from": "@ada"},
    **{"since": "2021-06-01", "until": "2021-06", "score": ">100", "is": "withdrawn"},
}
