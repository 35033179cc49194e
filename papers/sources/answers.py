"""What adapters of networks share: reading JSON answers, and what may be believed of their fields.

Knows JSON and the ways in which upstreams break it; must not know any one network, sockets, or
the database. A field that is missing or of another type than it was is never guessed at: where a
record can do without it, it stays empty; where it cannot, `Unreadable` says why.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import parse_qsl, urlencode

from papers import identifiers
from papers.sources.base import Batch, Reject, SourceError

JsonObject = dict[str, object]

NO_ID = "no id of this network"
MAX_DEPTH = 64
MAX_VALUES = 500_000  # of an answer: each takes far more memory than its bytes
MAX_COUNT = 2**31 - 1  # what a database column of counts holds
MAX_NAME = 200
MAX_LANGUAGE = 16
MAX_TEXT = 25_000  # X's longest post
MAX_ADDRESS = 4000
MAX_CURSOR = 2000

_ESCAPED = re.compile(r"\\.", re.DOTALL)
_STRING = re.compile(r'"[^"]*"?')
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# No database or page can hold these; lone surrogates cannot even be encoded.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAK = re.compile(r"\r\n?")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]+")
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_BROKEN_RUNNING = 3
_GONE = (404, 410)
_TOGETHER = 25


class Unreadable(ValueError):
    """One item cannot be understood; the message says why, for a Reject."""


# Whole answers -----------------------------------------------------------------------------------


def decode(body: bytes | str, upstream: str) -> object:
    """The JSON of an answer of `upstream`. Raises SourceError, in words, for anything else."""
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise SourceError(f"{upstream} answered with bytes that are not UTF-8") from error
    if not text.strip():
        raise SourceError(f"{upstream} gave an empty answer")
    if text[:1000].lstrip().startswith("<"):
        raise SourceError(f"{upstream} answered with a page of HTML, not with JSON")
    if sum(map(text.count, "[{,:")) > MAX_VALUES:
        raise SourceError(f"{upstream} answered with JSON of over {MAX_VALUES:,} values")
    if _is_too_deep(text):
        raise SourceError(f"{upstream} answered with JSON nested over {MAX_DEPTH} deep")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = f"{upstream} answered with broken JSON ({str(error)[:100]})"
        raise SourceError(reason) from error


def decode_object(body: bytes | str, upstream: str) -> JsonObject:
    """As `decode`, where the answer has to be an object."""
    answer = decode(body, upstream)
    if not isinstance(answer, dict):
        raise SourceError(f"{upstream} answered with JSON that is not an object")
    return answer


def _is_too_deep(text: str) -> bool:
    """Tell before parsing, for the parser recurses; in a time that no text can stretch."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    # Outside of strings a backslash is an error at which the parser stops, so all may go.
    bare = _STRING.sub("", _ESCAPED.sub("", text) if "\\" in text else text)
    left = bare.encode("utf-8", "surrogatepass").translate(_BRACKETS, _NO_BRACKETS)
    depth = 0
    while b"[]" in left and depth <= MAX_DEPTH:
        left = left.replace(b"[]", b"")  # of every nest the innermost pair
        depth += 1
    return depth + left.count(b"[") > MAX_DEPTH


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


# Fields ------------------------------------------------------------------------------------------


def as_object(value: object) -> JsonObject:
    """The object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """The list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def first_of(item: JsonObject, *names: str) -> object:
    """The value of the first of these names that the item has; upstreams rename."""
    return next((item[name] for name in names if name in item), None)


def text_of(value: object, limit: int = MAX_TEXT) -> str:
    """The text, without what cannot be stored; "" for anything that is no text."""
    if not isinstance(value, str):
        return ""
    return _UNUSABLE.sub("", _LINE_BREAK.sub("\n", value)).strip()[:limit]


def line_of(value: object, limit: int = MAX_NAME) -> str:
    """As `text_of`, on one line: a name, a title, a reason."""
    return " ".join(text_of(value).split())[:limit].rstrip()


def language_of(value: object) -> str:
    """A language tag, or ""."""
    known = isinstance(value, str) and len(value) <= MAX_LANGUAGE and _LANGUAGE.fullmatch(value)
    return str(value) if known else ""


def papers_of(address: object) -> list[str]:
    """The arXiv ids that an address, or a text of that length, names; [] for what is no text."""
    return identifiers.find(address[:MAX_ADDRESS]) if isinstance(address, str) else []


def count_of(value: object) -> int | None:
    """A count, or None for what is none: true is not 1, "5" is not 5, -1 is not a number of people
    who liked something."""
    return value if type(value) is int and 0 <= value <= MAX_COUNT else None


def moment_of(value: object) -> datetime | None:
    """A time in ISO form with its zone, as UTC; None for anything else, and for other centuries."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
        known = moment.tzinfo is not None and _EARLIEST <= moment < _LATEST
        return moment.astimezone(UTC) if known else None
    except (ValueError, OverflowError):
        return None


def unix_moment_of(value: object) -> datetime | None:
    """As `moment_of`, for seconds since 1970."""
    if type(value) is not int or not _EARLIEST.timestamp() <= value < _LATEST.timestamp():
        return None
    return datetime.fromtimestamp(value, UTC)


def reject(item: object, name: object, why: object) -> Reject:
    """A Reject of `item`, under the name it gives itself or else its beginning."""
    called = name if isinstance(name, str) and name else json.dumps(item)[:MAX_NAME]
    return Reject(line_of(called) or "without a name", line_of(str(why)))


# Cursors -----------------------------------------------------------------------------------------


def write_cursor(**parts: str) -> str:
    """The parts that are not empty, as one string that `read_cursor` takes.

    None at all where that would be too long: an upstream's part of it may be anything.
    """
    cursor = urlencode({name: value for name, value in parts.items() if value})
    return cursor if len(cursor) <= MAX_CURSOR else ""


def read_cursor(cursor: str) -> dict[str, str]:
    """What `write_cursor` wrote. Nonsense gives nothing: the run then begins at its `since`."""
    return dict(parse_qsl(cursor)) if len(cursor) <= MAX_CURSOR else {}


# Looking up --------------------------------------------------------------------------------------


def chunks(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def look_up_each(
    external_ids: Sequence[str],
    is_id: Callable[[str], bool],
    ask: Callable[[str], bytes],
    read: Callable[[bytes, str], Batch],
) -> Iterator[Batch]:
    """Ask for one tweet at a time and yield some together.

    What was read before an error is yielded before it is raised. An answer that cannot be read is
    a Reject of its id alone, until several running show that it is the state of the upstream.
    """
    broken = 0
    for some in chunks(external_ids, _TOGETHER):
        batch = Batch()
        batch.rejects += [Reject(name[:MAX_NAME], NO_ID) for name in some if not is_id(name)]
        for external_id in filter(is_id, some):
            try:
                body = ask(external_id)
            except SourceError as error:
                if error.status not in _GONE:
                    yield batch
                    raise
                batch.gone.append(external_id)
                continue
            try:
                found = read(body, external_id)
                broken = 0
            except SourceError as error:
                broken += 1
                if broken == _BROKEN_RUNNING:
                    yield batch
                    raise
                found = Batch(rejects=[reject(None, external_id, error)])
            add(batch, found)
        yield batch


def add(batch: Batch, found: Batch) -> None:
    """Put the tweets, gone and rejects of `found` into `batch`."""
    batch.tweets += found.tweets
    batch.gone += found.gone
    batch.rejects += found.rejects
