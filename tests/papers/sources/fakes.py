"""What tests of sources feed them: answers in a row, and answers that went wrong."""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import fields
from pathlib import Path
from typing import Any

from papers.sources.base import Batch, SourceError, TweetRecord

PAYLOADS = Path(__file__).parent / "payloads"
ERROR = "error"  # what became of a mutant that a source refused as a whole


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


class FakeFetch:
    """Gives its answers one after the other and keeps what it was asked. An answer may be a value
    to be written as JSON, bytes, or an error to raise."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    def __call__(
        self,
        url: str,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        self.calls.append((url, dict(params or {}), dict(headers or {})))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    @property
    def params(self) -> list[dict[str, Any]]:
        return [params for _, params, _ in self.calls]


def x_page(*ids: int, token: str = "") -> dict[str, Any]:
    """A page of a search on X, of posts with these ids."""
    url = {"url": "https://t.co/a", "expanded_url": "https://arxiv.org/abs/2106.01234"}
    posts = [{"id": str(name), "text": "a", "entities": {"urls": [url]}} for name in ids]
    meta: dict[str, Any] = {"result_count": len(posts)}
    if ids:
        meta["newest_id"] = str(max(ids))
    return {"data": posts, "meta": meta | ({"next_token": token} if token else {})}


# Mutants -----------------------------------------------------------------------------------------

_OTHER_TYPES: dict[type, list[Any]] = {
    str: [7, ["x"], {"x": 1}, True],
    int: ["7", 7.5, [7], True, -7, 10**30],
    bool: ["true", 1, []],
    list: [{}, "list", 7],
    dict: [[], "object", 7],
    float: ["1.5", []],
    type(None): [7, "null", []],
}


def mutants(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield (path, whole value) with every field in turn removed, null, renamed, of other types."""
    for place in _places(value):
        parent = deepcopy(value)
        for change in _changes(_at(parent, place)):
            mutant = deepcopy(value)
            change(_at(mutant, place[:-1]), place[-1])
            yield place, mutant


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inside:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from _places(child, (*path, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _changes(old: Any) -> Iterator[Callable[[Any, Any], None]]:
    def remove(holder: Any, key: Any) -> None:
        del holder[key]

    def rename(holder: Any, key: Any) -> None:
        if isinstance(holder, dict):
            holder[f"{key}_v9"] = holder.pop(key)

    yield remove
    yield rename
    for new in (None, *_OTHER_TYPES[type(old)]):

        def replace(holder: Any, key: Any, new: Any = new) -> None:
            holder[key] = new

        yield replace


def check_mutants(
    original: Any,
    read: Callable[[bytes], Batch],
    may_differ: Callable[[str, Any, Any], bool] = lambda name, old, new: False,
    may_vanish: Callable[[tuple[Any, ...]], bool] = lambda path: False,
) -> int:
    """Read every mutant. A tweet is as it was but for fields that are empty or `may_differ`; one
    that is missing left a Reject or an error, unless it `may_vanish`. Return the mutants read."""
    sound = read(json.dumps(original).encode())
    known = {tweet.external_id: tweet for tweet in sound.tweets}
    number = 0
    for path, mutant in mutants(original):
        number += 1
        try:
            batch = read(json.dumps(mutant).encode())
        except SourceError:
            continue
        for tweet in batch.tweets:
            _check_tweet(tweet, known[tweet.external_id], may_differ, path)
        is_missing = len(batch.tweets) + len(batch.rejects) < len(sound.tweets)
        is_item = isinstance(path[-1], int)
        assert not is_missing or is_item or may_vanish(path), (path, mutant)
    return number


def _check_tweet(
    tweet: TweetRecord,
    known: TweetRecord,
    may_differ: Callable[[str, Any, Any], bool],
    path: tuple[Any, ...],
) -> None:
    for field in fields(tweet):
        old, new = getattr(known, field.name), getattr(tweet, field.name)
        if field.name == "arxiv_ids":
            assert new, path
            assert set(new) <= set(old), path
        else:
            same = new == old or new in ("", None) or may_differ(field.name, old, new)
            assert same, (path, field.name, old, new)
            assert type(new) is type(old) or new is None or old is None, (path, field.name)


# Bodies ------------------------------------------------------------------------------------------


def hostile_bodies(sound: bytes) -> Iterator[bytes]:
    """Yield what an upstream may send in the place of a sound answer."""
    yield from (sound[:length] for length in range(0, len(sound) - 1, 20))
    yield b"<!doctype html><title>Just a moment</title>"
    yield b"  <html><body>Rate exceeded.</body></html>"
    yield b"Rate exceeded."
    yield b"\xef\xbb\xbf"
    yield sound.decode().encode("utf-16")
    yield b"\xff\xfe\x00{}"
    yield b"[" * 100_000
    yield b'{"a":' * 100_000
    yield b"[" * 100_000 + b"]" * 100_000
    yield b'{"data":' + b"[" * 65 + b"]" * 65 + b"}"
    yield b'"' + b'\\"[' * 100_000
    yield b"NaN"
    yield b'{"data": NaN, "posts": Infinity, "hits": -Infinity}'
    yield b'{"data": ' + b"9" * 100_000 + b"}"
    yield b"7"
    yield b'"text"'
    yield b"true"


def strings_replaced(value: Any, new: str) -> Iterator[Any]:
    """Yield the value with each of its strings in turn replaced."""
    for place in _places(value):
        if isinstance(_at(value, place), str):
            mutant = deepcopy(value)
            _at(mutant, place[:-1])[place[-1]] = new
            yield mutant


def is_storable(batch: Batch) -> bool:
    """Whether every text of a batch can be written: encodable, and without NUL."""
    texts = [value for tweet in batch.tweets for value in _texts(tweet)]
    texts += [text for one in batch.rejects for text in (one.item, one.reason)]
    texts += [*batch.gone, batch.cursor]
    return all("\x00" not in text and text.encode() is not None for text in texts)


def _texts(tweet: TweetRecord) -> Iterator[str]:
    for field in fields(tweet):
        value = getattr(tweet, field.name)
        if isinstance(value, str):
            yield value
    yield from tweet.arxiv_ids
