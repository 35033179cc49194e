"""arXiv's XML, read safely, and the small things all of its formats spell alike.

Knows how to refuse what is no honest UTF-8 XML page, and how names, dates, codes and withdrawals
are written; must not know which element of which format holds them (`arxiv_pages`).

Elements are found by their local name: old recordings leave namespaces out, and the same field has
another namespace in each format.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from papers.identifiers import split_version
from papers.sources.base import Reject, SourceError

MAX_DEPTH = 64  # arXiv's deepest page has 8
MAX_MARKS = 600_000  # tags and attributes of a page: each takes far more memory than its bytes
ITEM_LENGTH = 200  # of what a Reject calls its item

# Sequences that are one character read as two. One name may be spelt so at arXiv itself; a page
# with more of them, and with no character that is not so, was decoded wrongly on its way.
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")
_TOLERATED_TWICE = 5

_OAI_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[A-Za-z0-9.-]{1,32}")
# cs.LG, astro-ph.CO, cond-mat.mes-hall; MSC and ACM classes (68T05, I.2.6) hold digits or capitals.
_ARXIV_CODE = re.compile(
    r"(?:[a-z]{2,8}|[a-z]{1,5}-[a-z]{2,3})\.(?:[A-Z]{2}|[a-z]{2,5}-[a-z]{2,4}|optics|other|soft)"
    r"|acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    r"|cond-mat|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|mtrl-th|nucl-ex|nucl-th"
    r"|patt-sol|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_NEXT_DOI = re.compile(r"[\s,;]+(?=10\.)|\s+")
_LINK = re.compile(r"https?://\S{1,240}")
_NAME_ENDING = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv", re.IGNORECASE)

_NOUN = r"(?:paper|article|submission|manuscript|preprint|e-?print|work|note|letter|draft)"
_HERE = r"(?!\s+from\b(?!\s+(?:the\s+)?arxiv))"  # not "withdrawn from a conference"
_WITHDRAWN = re.compile(
    rf"(?:^|admin note:)\W*(?:(?:{_NOUN}|arxiv)\s+)?withdrawn\b{_HERE}"
    r"|[,;.]\s*withdrawn(?=\s+(?:by|due|because|as|pending|until)\b|\W*$)"
    rf"|\b(?:this|our|my)\s+(?:\w+\s+)?(?:{_NOUN}|version)\s+"
    r"(?:(?:has|had|have|is|was|were|been|being|now|hereby|temporarily)\s+){0,4}"
    rf"withdrawn\b{_HERE}"
    rf"|\b{_NOUN}\s+(?:has|have)\s+(?:now\s+)?been\s+withdrawn\b{_HERE}"
    rf"|\bwithdr(?:aw|awn|ew|awing)\s+(?:this|our|my)\s+{_NOUN}\b{_HERE}",
    re.IGNORECASE,
)
# "an earlier version of this paper has been withdrawn": that one, not this one.
_ANOTHER = re.compile(
    r"\b(?:earlier|previous|prior|older?|former|original|first|if|not|replaces|supersedes)\b[^.;]*$",
    re.IGNORECASE,
)
_OPENING = 200  # characters of an abstract in which a notice of withdrawal would stand


class Unclear(Exception):
    """One item cannot be understood; the message says why."""


class _Builder(TreeBuilder):
    """Builds the tree, and stops where it would become deeper than any page of arXiv's."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unclear(f"elements nested deeper than {MAX_DEPTH}")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(data: bytes, what: str) -> Element:
    """Return the root of an answer; raise SourceError, naming `what`, for anything but XML."""
    if not data.strip():
        raise SourceError(f"{what} was empty")
    if data.count(b"<") + data.count(b"=") > MAX_MARKS:
        raise SourceError(f"{what} held over {MAX_MARKS:,} tags and attributes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{what} was not UTF-8 (byte {error.start})") from error
    if _is_decoded_twice(text):
        raise SourceError(f"{what} was UTF-8 that had been read as another encoding on its way")
    # Handed over as text: an encoding that the page declares has no say any more.
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(text)
        root = parser.close()
    except DefusedXmlException as error:
        raise SourceError(f"{what} held a document type or an entity: {error}"[:300]) from error
    except (ParseError, ValueError, Unclear) as error:
        raise SourceError(f"{what} was not XML as arXiv writes it: {error}"[:300]) from error
    if not isinstance(root, Element):
        raise SourceError(f"{what} held no element")
    return root


def _is_decoded_twice(text: str) -> bool:
    for guess in ("latin-1", "cp1252"):
        try:
            again = text.encode(guess).decode("utf-8")
        except UnicodeError:
            continue
        return again != text and len(_TWICE.findall(text)) >= _TOLERATED_TWICE
    return False


# Elements -----------------------------------------------------------------------------------------


def name_of(element: Element) -> str:
    """Return the tag without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if name_of(child) == name]


def collapsed(element: Element) -> str:
    """Return all text of an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def optional(element: Element, name: str) -> str:
    """Return the text of the first child of that name; "" where there is none."""
    return next((collapsed(child) for child in children(element, name)), "")


def only_child(element: Element, name: str) -> Element:
    found = children(element, name)
    if len(found) != 1:
        raise Unclear(f"{len(found) or 'no'} elements <{name}>, not one")
    return found[0]


def required(element: Element, name: str) -> str:
    value = collapsed(only_child(element, name))
    if not value:
        raise Unclear(f"its <{name}> is empty")
    return value


def filled(element: Element, name: str) -> list[str]:
    """Return the texts of all children of that name: one or more, none of them empty."""
    values = [collapsed(child) for child in children(element, name)]
    if not values:
        raise Unclear(f"no element <{name}>")
    if not all(values):
        raise Unclear(f"one <{name}> is empty")
    return values


def refuse_unknown(element: Element, known: Iterable[str]) -> None:
    """Raise Unclear where a part of several elements stands under a name that is not known.

    A renamed item would else be left out, and the whole only look shorter.
    """
    for child in element:
        if len(child) and name_of(child) not in known:
            raise Unclear(f"it holds <{name_of(child)[:60]}>, which is not known here")


def reject(element: Element, identifier: str, error: Unclear) -> Reject:
    item = identifier or collapsed(element) or f"an empty <{name_of(element)}>"
    return Reject(item[:ITEM_LENGTH], str(error))


# What the fields hold -----------------------------------------------------------------------------


def identified(raw: str) -> tuple[str, int | None]:
    """Return the canonical id and the version that `raw`, and nothing else in it, names."""
    found = split_version(raw)
    if found is None or len(raw) > 40 or " " in raw:
        raise Unclear(f"{raw[:60]!r} is no arXiv id")
    return found


def day(raw: str) -> datetime:
    """Read 2026-07-24 as the midnight, UTC, at which it begins."""
    try:
        if not _OAI_DAY.fullmatch(raw):
            raise ValueError(raw)
        found = date.fromisoformat(raw)
    except ValueError as error:
        raise Unclear(f"{raw[:60]!r} is no date") from error
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def moment(raw: str) -> datetime:
    """Read a time as Atom (2026-07-24T04:00:00Z) or as RSS writes it, with its zone, as UTC."""
    try:
        found = datetime.fromisoformat(raw) if raw[:1].isdigit() else parsedate_to_datetime(raw)
        if found.tzinfo is None:
            raise ValueError("no zone")
        return found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise Unclear(f"{raw[:60]!r} is no time with its zone") from error


def codes(raw: Iterable[str]) -> tuple[str, ...]:
    """Return category codes as given, each once; codes unknown to us are arXiv's business."""
    found = tuple(dict.fromkeys(raw))
    for code in found:
        if not _CODE.fullmatch(code):
            raise Unclear(f"{code[:60]!r} is no category")
    if not found:
        raise Unclear("no category")
    return found


def is_arxiv_code(code: str) -> bool:
    """Tell a category of arXiv's from the subject classes of others that stand beside it."""
    return _ARXIV_CODE.fullmatch(code) is not None


def names(raw: Iterable[str]) -> tuple[str, ...]:
    """Return author names; a lone colon (of "The X Collaboration: A. Name") is none."""
    found = tuple(name for name in raw if any(letter.isalnum() for letter in name))
    if not found:
        raise Unclear("no author")
    return found


def split_names(line: str, *, conjunctions: bool = False) -> tuple[str, ...]:
    """Split one line of authors at the commas outside parentheses, and drop the parentheses
    (affiliations). `conjunctions`: "A, B and C" and "The X Team: A" are split too."""
    bare = "".join(_outside_parentheses(line))
    separator = r"[,;]\s*and\s+|[,;]|:\s+|\s+and\s+" if conjunctions else ","
    found: list[str] = []
    for part in (" ".join(part.split()) for part in re.split(separator, bare)):
        if found and _NAME_ENDING.fullmatch(part):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return names(found)


def _outside_parentheses(line: str) -> Iterator[str]:
    depth = 0
    for letter in line:
        depth += letter == "("
        if depth == 0:
            yield letter
        depth -= letter == ")"
        if depth < 0:
            break
    if depth:
        raise Unclear("the parentheses in its authors do not close")


def doi(raw: str) -> str:
    """Return the first DOI of what may be several, bare; "" for what is none."""
    found = _NEXT_DOI.split(_DOI_PREFIX.sub("", raw))[0]
    return found if found.startswith("10.") and len(found) <= 255 else ""


def licence(raw: str) -> str:
    return raw if _LINK.fullmatch(raw) else ""


def is_withdrawn(comment: str, abstract: str) -> bool:
    """Tell whether a comment, or the first words of an abstract, say that the paper is withdrawn.

    arXiv has no field for it outside arXivRaw: whoever withdraws says so in the comment.
    """
    for text in (comment, abstract[:_OPENING]):
        for found in _WITHDRAWN.finditer(text):
            if not _ANOTHER.search(text[: found.start()]):
                return True
    return False
