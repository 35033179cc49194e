"""The arXiv ids in a list of references that somebody kept elsewhere, in whatever form.

Reads BibTeX, RIS, CSV, this site's own JSON and lines of text, and of each entry only where an
arXiv id may stand. A
tolerant scanner: what programs export is often broken, and one bad entry must not cost the rest.
All of it is linear, whatever it is given. Knows no papers and no database.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from papers import identifiers

MOST_BYTES = 2_000_000
TOO_BIG = "This is larger than 2 MB. Take it in parts."
MOST_PAPERS = 5_000
MOST_ENTRIES = 20_000
_LINE_SHOWN = 100  # characters of an entry that names no paper

_LONGEST_HEAD = 4_000  # characters of a line that names columns
_LONGEST_LINE = 100_000  # characters, enough for the ids of all papers that one list may name

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_WORD = re.compile(r"[^\s,;]{9,99}")
_BIBTEX = re.compile(r"^[ \t]{0,20}@[ \t]{0,5}([A-Za-z]{1,30})[ \t]{0,5}[{(]", re.MULTILINE)
_NOT_ENTRIES = {"comment", "string", "preamble"}
_FIELD = re.compile(r"(?:^|,)[ \t]{0,20}([A-Za-z_-]{1,30})[ \t]{0,20}=", re.MULTILINE)
_RIS = re.compile(r"^TY {1,2}-", re.MULTILINE)
_RIS_FIELD = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-[ \t]?(.*)$", re.MULTILINE)
# Where an id stands, the surest place first, by the names of BibTeX, of RIS and of tables. What is
# none of these names other papers too: abstracts, lists of references.
_PLACES = (
    *("eprint", "arxiv", "arxiv_id", "arxivid", "id", "identifier", "paper"),
    *("doi", "do", "url", "ur", "link", "l1", "l2", "lk"),
    *("journal", "jo", "jf", "t2", "howpublished", "note", "n1", "number", "m1", "an", "extra"),
    *("volume", "archive", "publisher", "series", "issue"),
)
_TITLES = ("title", "ti", "t1")


class Unreadable(ValueError):
    """What was given is no list of references; says why in a sentence for its reader."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An entry that names no arXiv paper."""

    line: int
    words: str


@dataclass(slots=True)
class References:
    """The ids that were found, in order, each with the state that was told or "", and the entries
    without one."""

    states: dict[str, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    arxiv_id: str | None
    words: str  # of an entry that names no paper
    state: str = ""


def read(data: bytes) -> References:
    """Return the references in a file or a paste; raise Unreadable where it is none, or too big."""
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_BIG)
    found = References()
    for number, entry in enumerate(_entries(_text(data)), start=1):
        if number > MOST_ENTRIES:
            raise Unreadable(f"This holds more than {MOST_ENTRIES:,} entries. Take it in parts.")
        if entry.arxiv_id:
            found.states.setdefault(entry.arxiv_id, entry.state)
        else:
            found.unknown.append(Unknown(entry.line, entry.words))
        if len(found.states) > MOST_PAPERS:
            raise Unreadable(f"This names more than {MOST_PAPERS:,} papers. Take it in parts.")
    if not found.states and not found.unknown:
        raise Unreadable("There is nothing in it.")
    return found


def _text(data: bytes) -> str:
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        # As old programs write; ids are ASCII in any case.
        text = "\x00" if is_utf16 else data.decode("latin-1")
    if _CONTROL.search(text):
        raise Unreadable("This is no text: a list of ids or addresses, .bib, .ris or .csv is.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _entries(text: str) -> Iterator[_Entry]:
    if text.lstrip().startswith("{"):
        return _json(text)
    if _BIBTEX.search(text):
        return _bibtex(text)
    if _RIS.search(text):
        return _ris(text)
    head = text.lstrip().partition("\n")[0][:_LONGEST_HEAD].lower()
    delimiter = max(",;\t", key=head.count)
    if _is_head([name.strip(" \"'") for name in head.split(delimiter)]):
        return _table(text, delimiter)
    return _lines(text)


# BibTeX and RIS ----------------------------------------------------------------------------------


def _bibtex(text: str) -> Iterator[_Entry]:
    line, counted = 1, 0
    for start, end in _pieces(_BIBTEX, text):
        line, counted = line + text.count("\n", counted, start.start()), start.start()
        if start[1].lower() not in _NOT_ENTRIES:
            body = text[start.end() : end]
            fields = ((name[1], body[name.end() : to]) for name, to in _pieces(_FIELD, body))
            yield _entry(line, fields, body)


def _pieces(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield every match, and where the next one begins or the text ends."""
    last: re.Match[str] | None = None
    for match in pattern.finditer(text):
        if last:
            yield last, match.start()
        last = match
    if last:
        yield last, len(text)


def _ris(text: str) -> Iterator[_Entry]:
    line, counted = 1, 0
    for match, end in _pieces(_RIS, text):
        start = match.start()
        line, counted = line + text.count("\n", counted, start), start
        fields = ((found[1], found[2]) for found in _RIS_FIELD.finditer(text, start, end))
        yield _entry(line, fields, text[start : start + _LINE_SHOWN])


def _entry(line: int, fields: Iterable[tuple[str, str]], body: str) -> _Entry:
    """Find the paper of an entry: in the surest of its places that names any."""
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name.lower(), []).append(value.strip(" \t\n,{}\"'"))
    for place in _PLACES:
        for value in values.get(place, ()):
            if arxiv_id := _named(value):
                return _Entry(line, arxiv_id, "")
    titles = [value for name in _TITLES for value in values.get(name, ()) if value]
    return _Entry(line, None, _shown(titles[0] if titles else body))


def _named(value: str) -> str | None:
    """Return the first id of a value, which may also be one that stands alone."""
    return next(iter(identifiers.find(value[:10_000])), None) or identifiers.canonical(value[:100])


def _shown(words: str) -> str:
    short = " ".join(words[: 4 * _LINE_SHOWN].split())
    return short if len(short) <= _LINE_SHOWN else f"{short[: _LINE_SHOWN - 1]}…"


# Tables and lines --------------------------------------------------------------------------------


def _is_head(columns: list[str]) -> bool:
    return len(columns) > 1 and any(name in _PLACES or name in _TITLES for name in columns)


def _table(text: str, delimiter: str) -> Iterator[_Entry]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    head: list[str] = []
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:  # a cell that is never closed, or very long: a line is lost, not the rest
            yield _Entry(line, None, "a cell that is too long, or a quotation mark without its end")
            row = []
        if row is None:
            return
        if any(row) and not head:
            head = [cell.strip().lower().lstrip("'") for cell in row]
        elif any(row):
            cells = dict(zip(head, row, strict=False))
            found = _entry(line, cells.items(), " ".join(row))
            yield replace(found, state=cells.get("state", ""))
        line = reader.line_num + 1


def _lines(text: str) -> Iterator[_Entry]:
    """Yield what lines of text name: ids, URLs and DOIs, one a line or several."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if len(line) > _LONGEST_LINE:
            yield _Entry(number, None, f"a line of {len(line):,} characters: {_shown(line)}")
            continue
        found = dict.fromkeys(identifiers.find(line))
        if len(line) <= 4 * _LINE_SHOWN or not found:
            found |= dict.fromkeys(filter(None, map(identifiers.canonical, _WORD.findall(line))))
        for arxiv_id in found:
            yield _Entry(number, arxiv_id, "")
        if not found:
            yield _Entry(number, None, _shown(line))


def _json(text: str) -> Iterator[_Entry]:
    """Yield what is saved in an export of a site like this one."""
    try:
        rows = json.loads(text)["saved"]
        for row in rows:
            yield _Entry(1, _named(row["paper"]), str(row["paper"]), str(row.get("state", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("This is JSON, but not what Settings, Data takes along.") from None
