"""Pages that are broken, hostile or half understood: never another exception than SourceError, and
never a row that says something else than the page did."""

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from papers.sources.arxiv import parse_oai, parse_query, parse_rss
from papers.sources.base import Batch, PaperRecord, SourceError

PAYLOADS = Path(__file__).parent / "payloads" / "arxiv"
NOW = datetime(2026, 7, 24, 12, 0, tzinfo=UTC)
PAGES = {
    "oai_first_page.xml": parse_oai,
    "oai_raw.xml": parse_oai,
    "feed.xml": parse_rss,
    "feed_atom.xml": parse_rss,
    "query.xml": parse_query,
}
OPTIONAL = {
    "comment",
    "journal_ref",
    "doi",
    "licence",
    "submitted_at",  # of arXivRaw, where the first version is not among the versions
    "revised_at",
    "withdrawn",
}
# What may be shorter than it was when one of several elements is not there: nobody could tell.
SHORTER = {
    "author": {"authors"},
    "forenames": {"authors"},
    "suffix": {"authors"},
    "category": {"categories"},
    "version": {"version", "revised_at", "withdrawn"},
}
ITEMS = {"record", "item", "entry"}
every_page = pytest.mark.parametrize("name", PAGES)


def page(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def parse(name: str, data: bytes) -> Batch:
    return PAGES[name](data, NOW)


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def mutants(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield the page with each of its elements removed, renamed, emptied, bared of attributes."""
    tree = ElementTree.fromstring(data)
    for index, element in enumerate(list(tree.iter())[1:], start=1):
        for change in (remove, rename, empty, bare):
            if change is bare and not element.attrib:
                continue
            copy = deepcopy(tree)
            change(copy, list(copy.iter())[index])
            yield change.__name__, local(element), ElementTree.tostring(copy, encoding="utf-8")


def remove(tree: ElementTree.Element, element: ElementTree.Element) -> None:
    next(parent for parent in tree.iter() if element in list(parent)).remove(element)


def rename(tree: ElementTree.Element, element: ElementTree.Element) -> None:
    element.tag += "X"


def empty(tree: ElementTree.Element, element: ElementTree.Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail


def bare(tree: ElementTree.Element, element: ElementTree.Element) -> None:
    element.attrib.clear()


def differing(one: PaperRecord, other: PaperRecord) -> set[str]:
    names = (field.name for field in fields(PaperRecord))
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def test_it_works():
    assert all(parse(name, page(name)).papers for name in PAGES)


@every_page
def test_a_changed_element_never_makes_a_wrong_row(name: str):
    good = parse(name, page(name))
    papers = {paper.arxiv_id: paper for paper in good.papers}
    tried = 0
    for change, element, data in mutants(page(name)):
        tried += 1
        try:
            batch = parse(name, data)
        except SourceError:
            continue
        told = f"{change} {element}"
        for paper in batch.papers:
            wrong = differing(paper, papers[paper.arxiv_id])
            lost = {field for field in wrong & OPTIONAL if not getattr(paper, field)}
            may_be_shorter = (
                SHORTER.get(element, set()) if change in ("remove", "rename") else set()
            )
            assert wrong <= lost | may_be_shorter, told
        if "category" not in element:
            assert set(batch.announcements) <= set(good.announcements), told
    assert tried > 50


@every_page
def test_a_changed_element_never_makes_an_item_vanish(name: str):
    def known(batch: Batch) -> int:
        papers = {paper.arxiv_id for paper in batch.papers}
        return len(papers) + len(batch.rejects) + len(getattr(batch, "deleted", []))

    before = known(parse(name, page(name)))
    for change, element, data in mutants(page(name)):
        try:
            batch = parse(name, data)
        except SourceError:
            continue
        gone = change == "remove" and element in ITEMS
        assert known(batch) == before - gone, f"{change} {element}"


@every_page
def test_a_page_cut_anywhere_is_refused(name: str):
    data = page(name).rstrip()
    for end in range(0, len(data) - 1, 50):
        with pytest.raises(SourceError):
            parse(name, data[:end])


def bomb(data: bytes) -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12)
    )
    return with_doctype(data, f"<!DOCTYPE lolz [{entities}]>", "&a11;")


def external(data: bytes) -> bytes:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_doctype(data, doctype, "&e;")


def doctype_only(data: bytes) -> bytes:
    return with_doctype(data, '<!DOCTYPE x SYSTEM "http://evil.test/x.dtd">', "")


def with_doctype(data: bytes, doctype: str, inserted: str) -> bytes:
    declaration, _, rest = data.decode().partition("?>")
    return f"{declaration}?>{doctype}{rest.replace('</title>', f'{inserted}</title>')}".encode()


def unknown_entity(data: bytes) -> bytes:
    return data.replace(b"</title>", b"&nbsp;</title>")


def nested(data: bytes) -> bytes:
    inside = b"<i>" * 10_000 + b"</i>" * 10_000
    return data.replace(b"</title>", inside + b"</title>")


def web_page(data: bytes) -> bytes:
    return b"<!DOCTYPE html><html><head><title>Are you human?</title></head></html>"


def tidy_web_page(data: bytes) -> bytes:
    return b"<html><head><title>503</title></head><body><p>Soon</p></body></html>"


def plain_words(data: bytes) -> bytes:
    return b"Rate exceeded."


def utf_16(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


def utf_16_without_mark(data: bytes) -> bytes:
    return data.decode().encode("utf-16-le")


def latin_1(data: bytes) -> bytes:
    return data.decode().encode("latin-1", "replace")


def decoded_as_latin_1(data: bytes) -> bytes:
    return data.decode("latin-1").encode()


def decoded_as_cp1252(data: bytes) -> bytes:
    kept = data.decode().replace("Í", "I").replace("Å", "A").encode()  # no such bytes in cp1252
    return kept.decode("cp1252").encode()


def nul(data: bytes) -> bytes:
    return data.replace(b"</title>", b"\0</title>")


def numbered_nul(data: bytes) -> bytes:
    return data.replace(b"</title>", b"&#0;</title>")


def two_roots(data: bytes) -> bytes:
    return data + b"<more/>"


def nothing(data: bytes) -> bytes:
    return b""


def blanks(data: bytes) -> bytes:
    return b" \r\n\t"


def gzipped(data: bytes) -> bytes:
    return b"\x1f\x8b\x08\x00" + data


HOSTILE = [
    bomb,
    external,
    doctype_only,
    unknown_entity,
    nested,
    web_page,
    tidy_web_page,
    plain_words,
    utf_16,
    utf_16_without_mark,
    latin_1,
    decoded_as_latin_1,
    decoded_as_cp1252,
    nul,
    numbered_nul,
    two_roots,
    nothing,
    blanks,
    gzipped,
]


@every_page
@pytest.mark.parametrize("damage", HOSTILE)
def test_a_hostile_page_is_refused_at_once(name: str, damage: Callable[[bytes], bytes]):
    data = damage(page(name))
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        parse(name, data)
    assert time.monotonic() - began < 1
    assert 10 < len(str(caught.value)) <= 400


@every_page
def test_the_format_of_another_service_is_refused(name: str):
    others = {parse_oai, parse_query, parse_rss} - {PAGES[name]}
    if name == "query.xml":
        others.remove(parse_rss)  # Atom too: its entries are refused one by one
    for other in others:
        with pytest.raises(SourceError):
            other(page(name), NOW)


def test_the_entries_of_a_query_are_no_announcements():
    batch = parse_rss(page("query.xml"), NOW)
    assert (batch.size, len(batch.rejects)) == (0, 2)


@every_page
def test_a_byte_order_mark_of_utf_8_is_harmless(name: str):
    assert parse(name, b"\xef\xbb\xbf" + page(name)) == parse(name, page(name))


def test_one_name_that_arxiv_itself_spells_twice_decoded_is_kept():
    data = page("query.xml").replace("Müllerová".encode(), "MÃ¼ller".encode())
    data = data.replace("Orué".encode(), b"Orue").replace("Íñigo".encode(), b"Inigo")
    data = data.replace("Émile Noé".encode(), b"Emile Noe").replace("Zoë".encode(), b"Zoe")
    data = data.replace("Åse Bø".encode(), b"Ase Bo").replace("Øystein Ågren".encode(), b"Name")
    assert data.decode().encode("latin-1").decode() != data.decode()
    assert parse_query(data, NOW).papers[0].authors[1] == "Zoe MÃ¼ller"


def test_a_page_of_full_length_is_read_in_seconds():
    data = page("oai_last_page.xml")
    start, end = data.index(b"<record>"), data.index(b"<resumptionToken")
    long = data[:start] + data[start:end] * 2500 + data[end:]
    began = time.monotonic()
    assert len(parse_oai(long, NOW).papers) == 2500
    assert time.monotonic() - began < 20
