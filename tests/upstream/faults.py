"""What can go wrong with an answer, on demand: each function returns one fault.

A fault may change what is asked, what is answered, or how the answer is sent. Edits read the honest
answer back and write it anew, so the upstreams know nothing of them.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any
from xml.etree import ElementTree

from tests.upstream.wire import JSON, Answer, Request
from tests.upstream.x import page_token

_ITEMS = {"record", "header", "item", "entry"}
_LISTS = ("data", "posts", "hits")
BOMB_BLOCK, BOMB_BLOCKS = 10_000_000, 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    hang: float = 0.0  # seconds before the first byte
    interval: float = 0.0  # seconds between two bytes of the body
    slow_head: bool = False  # and of the headers too
    cut: float = 1.0  # the part of the body that is sent
    declared: float = 1.0  # the length that is declared, as a part of the true one
    reset: bool = False  # the connection is dropped without an answer


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    ask: Callable[[Request], Request] = field(default=lambda request: request)
    edit: Callable[[Answer], Answer] = field(default=lambda answer: answer)
    delivery: Delivery = Delivery()
    twice: bool = False  # on a stream: every event is sent twice


def status(
    code: int, retry_after: str | None = None, body: str = "", content_type: str = "text/plain"
) -> Fault:
    """`retry_after` goes out as it is, sense or nonsense. arXiv's 429 says `Rate exceeded.`"""
    said = body or ("Rate exceeded." if code == 429 else f"{code} from upstream")
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    made = Answer(code, said.encode(), content_type, headers)
    return Fault(f"status {code}", edit=lambda answer: made)


def hang(seconds: float) -> Fault:
    return Fault("hang", delivery=Delivery(hang=seconds))


def drip(interval: float = 1.0, *, slow_head: bool = False) -> Fault:
    """A byte at a time: of the body, or from the first line of the headers on."""
    return Fault("drip", delivery=Delivery(interval=interval, slow_head=slow_head))


def cut(part: float = 0.5) -> Fault:
    """The body breaks off before the length that was declared."""
    return Fault("cut", delivery=Delivery(cut=part))


def wrong_length(part: float = 0.5) -> Fault:
    """A length is declared that is a part of the true one, and no more than that is read."""
    return Fault("wrong length", delivery=Delivery(declared=part))


def down() -> Fault:
    return Fault("down", delivery=Delivery(reset=True))


def html(title: str = "Are you a robot?") -> Fault:
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    made = Answer(200, body.encode(), "text/html; charset=utf-8")
    return Fault("html", edit=lambda answer: made)


def redirect(to: str = "http://elsewhere.invalid/") -> Fault:
    return Fault("redirect", edit=lambda answer: Answer(302, b"", "text/html", {"Location": to}))


def gzip_bomb() -> Fault:
    """10 MB that inflate to 10 GB."""
    headers = {"Content-Encoding": "gzip"}
    return Fault(
        "gzip bomb", edit=lambda answer: Answer(200, _bomb(), answer.content_type, headers)
    )


@cache
def _bomb() -> bytes:
    """One block of zeros, flushed so that it stands alone, over and over again.

    Its checksum is wrong: whoever gets that far has inflated all of it.
    """
    packer = zlib.compressobj(9, wbits=-15)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    block = packer.compress(bytes(BOMB_BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * BOMB_BLOCKS + packer.flush() + bytes(8)


def xml_bomb() -> Fault:
    """Entities that would grow to a thousand million words."""
    levels = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">{levels}]><a>&a9;</a>'
    made = Answer(200, body.encode(), "text/xml; charset=utf-8")
    return Fault("xml bomb", edit=lambda answer: made)


def nesting(depth: int = 100_000) -> Fault:
    def edit(answer: Answer) -> Answer:
        if "json" in answer.content_type:
            body = "[" * depth + "]" * depth
        else:
            body = "<a>" * depth + "</a>" * depth
        return replace(answer, status=200, body=body.encode())

    return Fault("nesting", edit=edit)


def crowd(size: int = 19_000_000) -> Fault:
    """As many items as fit into so many bytes, each of which takes far more once it is parsed."""

    def edit(answer: Answer) -> Answer:
        one, around = (
            (b"{},", b"[%s{}]") if "json" in answer.content_type else (b"<a/>", b"<a>%s</a>")
        )
        return replace(answer, status=200, body=around % (one * (size // len(one))))

    return Fault("crowd", edit=edit)


def wrong_charset(encoding: str = "utf-16") -> Fault:
    """The body is written in another encoding than its headers and its first line say."""
    return Fault(
        "wrong charset",
        edit=lambda answer: replace(
            answer, body=answer.body.decode().encode(encoding, "xmlcharrefreplace")
        ),
    )


def empty() -> Fault:
    """No items, though there are more: tokens and totals stay."""
    return Fault("empty", edit=_on_items(lambda items: []))


def blank_page() -> Fault:
    """A page before the true one that says it holds nothing, and that there is more (X)."""

    def edit(answer: Answer) -> Answer:
        meta = json.loads(answer.body)["meta"]
        before = page_token(int(meta["newest_id"]) + 1)
        return _rewritten(answer, {"meta": {"result_count": 0, "next_token": before}})

    return Fault("blank page", edit=edit)


def short(missing: int = 1) -> Fault:
    """The last items are left out, though totals count them."""
    return Fault("short", edit=_on_items(lambda items: items[: max(len(items) - missing, 0)]))


def repeated() -> Fault:
    """Every item stands twice."""
    return Fault(
        "repeated", edit=_on_items(lambda items: [one for one in items for _ in (1, 2)]), twice=True
    )


def shuffled(seed: int = 0) -> Fault:
    return Fault("shuffled", edit=_on_items(lambda items: Random(seed).sample(items, len(items))))


def missing_field(name: str, item: int | None = 0) -> Fault:
    """One item (None: each) lacks a field: a dotted path in JSON, an element's name in XML."""
    return Fault(
        f"missing {name}", edit=_on_fields(name, item, lambda holder, key: holder.pop(key))
    )


def renamed_field(name: str, new: str, item: int | None = 0) -> Fault:
    def rename(holder: dict[str, Any], key: str) -> None:
        holder[new] = holder.pop(key)

    return Fault(f"renamed {name}", edit=_on_fields(name, item, rename, new))


def changed_field(name: str, value: Any, item: int | None = 0) -> Fault:
    """A field holds something else: null, a number as text, another type."""

    def change(holder: dict[str, Any], key: str) -> None:
        holder[key] = value

    return Fault(f"changed {name}", edit=_on_fields(name, item, change, text=str(value)))


def deleted_record(item: int = 0) -> Fault:
    """An OAI-PMH record is a header that says deleted, which arXiv promises and never writes."""

    def edit(answer: Answer) -> Answer:
        root = ElementTree.fromstring(answer.body)
        for record in [one for one in root.iter() if _local(one) == "record"][item : item + 1]:
            for child in list(record):
                if _local(child) == "header":
                    child.set("status", "deleted")
                else:
                    record.remove(child)
        return replace(answer, body=ElementTree.tostring(root, "utf-8", xml_declaration=True))

    return Fault("deleted record", edit=edit)


def old_version() -> Fault:
    """Papers as they first were: version 1 after version 2 (OAI-PMH and the query API)."""
    return Fault("old version", ask=lambda request: replace(request, first_versions=True))


def stale(hours: float) -> Fault:
    """The answer of some hours ago, as from a cache that fell behind."""
    back = timedelta(hours=hours)
    return Fault("stale", ask=lambda request: replace(request, at=request.at - back))


def passing(rng: Random) -> Fault:
    """Draw a fault that a patient client gets over without losing anything."""
    makers: tuple[Callable[[], Fault], ...] = (
        lambda: status(429),
        lambda: status(429, "1"),
        lambda: status(500),
        lambda: status(503, "1"),
        lambda: hang(0.3),
        *(cut, wrong_length, down, html, redirect, gzip_bomb, xml_bomb, nesting, wrong_charset),
        *(repeated, shuffled),
    )
    return rng.choice(makers)()


def _on_items(change: Callable[[list[Any]], list[Any]]) -> Callable[[Answer], Answer]:
    def edit(answer: Answer) -> Answer:
        if answer.status != 200:
            return answer
        if answer.content_type == JSON:
            data = json.loads(answer.body)
            found = _json_items(data)
            if found is not None:
                found[:] = change(found)
            return _rewritten(answer, data)
        root = ElementTree.fromstring(answer.body)
        for parent in list(root.iter()):
            items = [child for child in parent if _local(child) in _ITEMS]
            if items and _local(parent) != "record":
                at = list(parent).index(items[0])
                for child in items:
                    parent.remove(child)
                for number, child in enumerate(change(items)):
                    parent.insert(at + number, child)
        return replace(answer, body=ElementTree.tostring(root, "utf-8", xml_declaration=True))

    return edit


def _on_fields(
    name: str,
    item: int | None,
    change: Callable[[dict[str, Any], str], Any],
    new: str = "",
    text: str = "",
) -> Callable[[Answer], Answer]:
    def edit(answer: Answer) -> Answer:
        if answer.status != 200:
            return answer
        if answer.content_type != JSON:
            return _with_elements(answer, name, item, new, text)
        data = json.loads(answer.body)
        items = _json_items(data)
        items = [data] if items is None else items
        for one in items if item is None else items[item : item + 1]:
            *way, key = name.split(".")
            holder = one
            for step in way:
                holder = holder.get(step, {}) if isinstance(holder, dict) else {}
            if isinstance(holder, dict) and key in holder:
                change(holder, key)
        return _rewritten(answer, data)

    return edit


def _with_elements(answer: Answer, name: str, item: int | None, new: str, text: str) -> Answer:
    root = ElementTree.fromstring(answer.body)
    items = [one for one in root.iter() if _local(one) in _ITEMS - {"header"}]
    for one in items if item is None else items[item : item + 1]:
        for parent, child in list(_pairs(one)):
            if _local(child) != name:
                continue
            if new:
                child.tag = child.tag.removesuffix(name) + new
            elif text:
                child.text = text
            else:
                parent.remove(child)
    return replace(answer, body=ElementTree.tostring(root, "utf-8", xml_declaration=True))


def _pairs(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, ElementTree.Element]]:
    for parent in root.iter():
        for child in parent:
            yield parent, child


def _json_items(data: Any) -> list[Any] | None:
    if isinstance(data, list):
        return data
    named = (data.get(name) for name in _LISTS) if isinstance(data, dict) else ()
    return next((found for found in named if isinstance(found, list)), None)


def _rewritten(answer: Answer, data: Any) -> Answer:
    return replace(answer, body=json.dumps(data, ensure_ascii=False).encode())


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
