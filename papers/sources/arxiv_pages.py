"""arXiv's answers, from bytes to records: OAI-PMH (two formats), the daily feed, the query API.

Knows which element of which format holds what; asks nobody for anything and keeps no state. Each
function raises SourceError where a page as a whole cannot be trusted (no XML, an error of arXiv's,
fewer items than it says), and puts a Reject into the batch for one item that it cannot understand.

What every paper of arXiv's has (title, authors, abstract, a category, its dates) must be there, so
that a renamed element is seen as such and never stored as an empty abstract.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from papers.sources import arxiv_xml as xml
from papers.sources.arxiv_calendar import listing_day
from papers.sources.arxiv_xml import Unclear, optional, required
from papers.sources.base import (
    AnnouncementRecord,
    AnnounceType,
    Batch,
    PaperRecord,
    SourceError,
)

OAI_PREFIX = "oai:arXiv.org:"
_KINDS = {kind.value: kind for kind in AnnounceType} | {"absonly": AnnounceType.REPLACE}
_ABS_URL = re.compile(r"https?://arxiv\.org/abs/")
_DESCRIPTION = re.compile(r"arXiv:\S+ Announce Type: \S+ Abstract: (.+)")
_NAME_PARTS = dict.fromkeys(("forenames", "keyname", "suffix")).keys()  # in the order printed
_VERSION = re.compile(r"v([1-9][0-9]{0,3})")


class ExpiredToken(SourceError):
    """A resumption token is no longer (or was never) good: the list has to be asked for anew."""


@dataclass(slots=True)
class OaiPage(Batch):
    """A page of an OAI list; `cursor` is its resumption token.

    `deleted`: ids whose record arXiv says it deleted. It says so of no paper today (a withdrawn
    paper keeps its record). What was announced stays citable: mark it withdrawn, delete nothing.
    """

    response_date: datetime | None = None  # of arXiv's clock: the next harvest's `since`
    deleted: list[str] = field(default_factory=list)
    has_token: bool = False  # a token was given, empty or not


# OAI-PMH ------------------------------------------------------------------------------------------


def parse_oai(data: bytes, fetched_at: datetime) -> OaiPage:
    """Read an answer to ListRecords or GetRecord, in the format `arXiv` or `arXivRaw`.

    No record matches: an empty page. Raises ExpiredToken, and SourceError for other errors.
    """
    root = xml.read(data, "arXiv's OAI answer")
    if xml.name_of(root) != "OAI-PMH":
        raise SourceError(f"arXiv's OAI answer was a <{xml.name_of(root)[:60]}>")
    try:
        page = OaiPage(response_date=xml.moment(required(root, "responseDate")))
    except Unclear as error:
        raise SourceError(f"arXiv's OAI answer has no usable date: {error}") from error
    if _nothing_matches(root):
        return page
    lists = xml.children(root, "ListRecords") + xml.children(root, "GetRecord")
    if len(lists) != 1 or not xml.children(lists[0], "record"):
        raise SourceError("arXiv's OAI answer held neither records nor an error")
    if strange := {xml.name_of(part) for part in lists[0]} - {"record", "resumptionToken"}:
        raise SourceError(f"arXiv's OAI list held {sorted(strange)}"[:300])
    for record in xml.children(lists[0], "record"):
        _add_record(page, record, fetched_at)
    page.has_token = bool(xml.children(lists[0], "resumptionToken"))
    page.cursor = optional(lists[0], "resumptionToken")
    return page


def _nothing_matches(root: Element) -> bool:
    """Whether arXiv says so; raise what its other errors mean. All of them come with HTTP 200."""
    errors = {error.get("code", ""): xml.collapsed(error) for error in xml.children(root, "error")}
    for code, words in errors.items():
        message = f"arXiv's OAI answered {code}: {words}"[:300]
        if code == "badResumptionToken":
            raise ExpiredToken(message)
        if code != "noRecordsMatch":
            raise SourceError(message, permanent=bool(code))
    return bool(errors)


def _add_record(page: OaiPage, record: Element, fetched_at: datetime) -> None:
    identifier = ""
    try:
        header = xml.only_child(record, "header")
        identifier = required(header, "identifier").removeprefix(OAI_PREFIX)
        if xml.identified(identifier) != (identifier, None):
            raise Unclear(f"{identifier[:60]!r} is not the canonical form of its id")
        if header.get("status") == "deleted":
            page.deleted.append(identifier)
            return
        page.papers.append(_paper(xml.only_child(record, "metadata"), identifier, fetched_at))
    except Unclear as error:
        page.rejects.append(xml.reject(record, identifier, error))


def _paper(metadata: Element, identifier: str, fetched_at: datetime) -> PaperRecord:
    formats = [child for child in metadata if xml.name_of(child) in _FORMATS]
    if len(formats) != 1:
        names = ", ".join(xml.name_of(child) for child in metadata) or "nothing"
        raise Unclear(f"its metadata ({names[:60]}) are in no format read here")
    if required(formats[0], "id") != identifier:
        raise Unclear("its header and its metadata name two ids")
    return _FORMATS[xml.name_of(formats[0])](formats[0], identifier, fetched_at)


def _latest_version(metadata: Element, identifier: str, fetched_at: datetime) -> PaperRecord:
    """The format `arXiv`: authors split, no version number."""
    xml.refuse_unknown(metadata, {"authors"})
    authors = xml.only_child(metadata, "authors")
    xml.refuse_unknown(authors, {"author"})
    created = xml.day(required(metadata, "created"))
    updated = optional(metadata, "updated")
    submitted_at: datetime | None = created
    revised_at = xml.day(updated) if updated else None
    if created > _end_of_month(identifier):
        # `created` is the newest version's date on today's server, and was the first one's on the
        # old host. An id is given out after the submission, in the month it is named after.
        submitted_at, revised_at = None, created
    comment, abstract = optional(metadata, "comments"), required(metadata, "abstract")
    return PaperRecord(
        arxiv_id=identifier,
        title=required(metadata, "title"),
        authors=xml.names(_full_name(author) for author in xml.children(authors, "author")),
        categories=xml.codes(required(metadata, "categories").split()),
        abstract=abstract,
        recorded_at=fetched_at,
        comment=comment,
        journal_ref=optional(metadata, "journal-ref"),
        doi=xml.doi(optional(metadata, "doi")),
        licence=xml.licence(optional(metadata, "license")),
        submitted_at=submitted_at,
        revised_at=revised_at,
        withdrawn=xml.is_withdrawn(comment, abstract),
    )


def _full_name(author: Element) -> str:
    """Join a name as people write it; affiliations, which old recordings have, are left out."""
    parts = {xml.name_of(part): xml.collapsed(part) for part in author}
    if "keyname" not in parts or parts.keys() - _NAME_PARTS - {"affiliation"}:
        raise Unclear(f"an author is made of {sorted(parts)}"[:200])
    if not all(parts.values()):
        raise Unclear("a part of an author's name is empty")
    return " ".join(parts[name] for name in _NAME_PARTS if name in parts)


def _end_of_month(identifier: str) -> datetime:
    """The end of the month an id was given out in, and a day for the zones between."""
    digits = identifier.rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    year += 1900 if year >= 91 else 2000
    first = xml.day(f"{year + month // 12}-{month % 12 + 1:02}-01")
    return first + timedelta(days=1)


def _all_versions(metadata: Element, identifier: str, fetched_at: datetime) -> PaperRecord:
    """The format `arXivRaw`: every version's date, authors on one line."""
    xml.refuse_unknown(metadata, {"version"})
    versions = {_number(element): element for element in xml.children(metadata, "version")}
    if not versions:
        raise Unclear("no version")
    newest = max(versions)
    comment, abstract = optional(metadata, "comments"), required(metadata, "abstract")
    dates = {number: xml.moment(required(element, "date")) for number, element in versions.items()}
    return PaperRecord(
        arxiv_id=identifier,
        title=required(metadata, "title"),
        authors=xml.split_names(required(metadata, "authors"), conjunctions=True),
        categories=xml.codes(required(metadata, "categories").split()),
        abstract=abstract,
        recorded_at=fetched_at,
        version=newest,
        comment=comment,
        journal_ref=optional(metadata, "journal-ref"),
        doi=xml.doi(optional(metadata, "doi")),
        licence=xml.licence(optional(metadata, "license")),
        submitted_at=dates.get(1),
        revised_at=dates[newest],
        withdrawn=_has_no_source(versions[newest]) or xml.is_withdrawn(comment, abstract),
    )


def _number(version: Element) -> int:
    match = _VERSION.fullmatch(version.get("version", ""))
    if match is None:
        raise Unclear(f"{version.get('version', '')[:60]!r} is no version")
    return int(match[1])


def _has_no_source(version: Element) -> bool:
    """A withdrawal is a version without files: type I (for "ignore"), or nothing in it."""
    size, source = required(version, "size"), optional(version, "source_type")
    return "I" in source or (size == "0kb" and not source)


_FORMATS: dict[str, Callable[[Element, str, datetime], PaperRecord]] = {
    "arXiv": _latest_version,
    "arXivRaw": _all_versions,
}


# The feed of the day ------------------------------------------------------------------------------


def parse_rss(data: bytes, fetched_at: datetime) -> Batch:
    """Read the feed of a day's announcements, RSS or its Atom twin.

    It is empty at weekends and on holidays, which is no failure. An item whose place in the list is
    clear but whose metadata is not yields its announcement and a Reject.
    """
    root = xml.read(data, "arXiv's feed")
    feed = root if xml.name_of(root) == "feed" else next(iter(xml.children(root, "channel")), None)
    if feed is None or xml.name_of(root) not in ("rss", "feed"):
        raise SourceError(f"arXiv's feed was a <{xml.name_of(root)[:60]}>")
    title = optional(feed, "title")
    if not title or title.startswith("Feed error"):
        reason = optional(feed, "description") or optional(feed, "subtitle")
        raise SourceError(f"arXiv's feed: {title or 'without a title'}. {reason}"[:300])
    _refuse_unknown(feed, "arXiv's feed")
    batch = Batch()
    for item in xml.children(feed, "item") + xml.children(feed, "entry"):
        _add_item(batch, item, fetched_at)
    return batch


def _refuse_unknown(feed: Element, what: str) -> None:
    try:
        xml.refuse_unknown(feed, {"item", "entry", "author", "skipDays", "skipHours", "image"})
    except Unclear as error:
        raise SourceError(f"{what} is not understood: {error}") from error


def _add_item(batch: Batch, item: Element, fetched_at: datetime) -> None:
    is_atom = xml.name_of(item) == "entry"
    identifier = ""
    try:
        guid = required(item, "id" if is_atom else "guid")
        identifier, version = xml.identified(guid.removeprefix(OAI_PREFIX))
        if not guid.startswith(OAI_PREFIX) or version is None:
            raise Unclear(f"{guid[:60]!r} names no id with its version")
        kind = required(item, "announce_type")
        if kind not in _KINDS:
            raise Unclear(f"{kind[:60]!r} is no announce type known here")
        terms = [element.get("term", "") for element in xml.children(item, "category")]
        announcement = AnnouncementRecord(
            arxiv_id=identifier,
            version=version,
            kind=_KINDS[kind],
            listed_on=listing_day(
                xml.moment(required(item, "published" if is_atom else "pubDate"))
            ),
            categories=xml.codes(terms if is_atom else xml.filled(item, "category")),
        )
        batch.announcements.append(announcement)
        summary = required(item, "summary" if is_atom else "description")
        batch.papers.append(_listed_paper(item, announcement, summary, fetched_at))
    except Unclear as error:
        batch.rejects.append(xml.reject(item, identifier, error))


def _listed_paper(
    item: Element, announcement: AnnouncementRecord, summary: str, fetched_at: datetime
) -> PaperRecord:
    """What the feed knows of a paper: no comment, and no date of submission.

    Only a new paper's listing day is this day. A paper listed as "cross" is either old, or new with
    its primary category outside those that were asked for.
    """
    found = _DESCRIPTION.fullmatch(summary)
    if found is None:
        raise Unclear("its description holds no abstract")
    is_new = announcement.kind is AnnounceType.NEW
    return PaperRecord(
        arxiv_id=announcement.arxiv_id,
        title=required(item, "title"),
        authors=xml.split_names(required(item, "creator")),
        categories=announcement.categories,
        abstract=found[1],
        recorded_at=fetched_at,
        announced_on=announcement.listed_on if is_new else None,
        announced_by_arxiv=is_new,
        version=announcement.version,
        journal_ref=optional(item, "journal_reference"),
        doi=xml.doi(optional(item, "DOI")),
        licence=xml.licence(optional(item, "rights")),
        withdrawn=xml.is_withdrawn("", found[1]),
    )


# The query API ------------------------------------------------------------------------------------


def parse_query(data: bytes, fetched_at: datetime) -> Batch:
    """Read the Atom of the query API. Raises SourceError too for its error entry, and for a page
    that holds fewer entries than its own numbers say, which the API is known for."""
    root = xml.read(data, "arXiv's answer to a query")
    if xml.name_of(root) != "feed":
        raise SourceError(f"arXiv's answer to a query was a <{xml.name_of(root)[:60]}>")
    _refuse_unknown(root, "arXiv's answer to a query")
    entries = xml.children(root, "entry")
    for entry in entries:
        if "/api/errors" in optional(entry, "id"):
            words = optional(entry, "summary")
            raise SourceError(f"arXiv refused a query: {words}"[:300], permanent=True)
    _check_count(root, len(entries))
    batch = Batch()
    for entry in entries:
        _add_entry(batch, entry, fetched_at)
    return batch


def _check_count(root: Element, count: int) -> None:
    try:
        total, start, size = (
            int(required(root, name)) for name in ("totalResults", "startIndex", "itemsPerPage")
        )
    except (Unclear, ValueError) as error:
        raise SourceError(f"arXiv's answer to a query does not count itself: {error}") from error
    if count < min(size, total - start):
        raise SourceError(f"arXiv's answer to a query held {count} papers from {start} of {total}")


def _add_entry(batch: Batch, entry: Element, fetched_at: datetime) -> None:
    identifier = ""
    try:
        url = required(entry, "id")
        if not _ABS_URL.match(url):
            raise Unclear(f"{url[:60]!r} is no address of a paper")
        identifier, version = xml.identified(_ABS_URL.sub("", url))
        batch.papers.append(_found_paper(entry, identifier, version, fetched_at))
    except Unclear as error:
        batch.rejects.append(xml.reject(entry, identifier, error))


def _found_paper(
    entry: Element, identifier: str, version: int | None, fetched_at: datetime
) -> PaperRecord:
    xml.refuse_unknown(entry, {"author"})
    primary = xml.only_child(entry, "primary_category").get("term", "")
    terms = [element.get("term", "") for element in xml.children(entry, "category")]
    if not all(terms):
        raise Unclear("one of its categories is empty")
    authors = [required(author, "name") for author in xml.children(entry, "author")]
    comment, abstract = optional(entry, "comment"), required(entry, "summary")
    return PaperRecord(
        arxiv_id=identifier,
        title=required(entry, "title"),
        authors=xml.names(authors),
        categories=xml.codes([primary, *filter(xml.is_arxiv_code, terms)]),
        abstract=abstract,
        recorded_at=fetched_at,
        version=version,
        comment=comment,
        journal_ref=optional(entry, "journal_ref"),
        doi=xml.doi(optional(entry, "doi")),
        licence=xml.licence(optional(entry, "license")),
        submitted_at=xml.moment(required(entry, "published")),
        revised_at=xml.moment(required(entry, "updated")),
        withdrawn=xml.is_withdrawn(comment, abstract),
    )
