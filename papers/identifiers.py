"""arXiv ids, wherever they stand: in running text, in a URL of arXiv or of a mirror, in a DOI.

Knows how arXiv spells its ids and which sites carry them in their paths; must not know papers,
networks or the database. The canonical id has no version and no subject class
(`2106.05237`, `math/0211159` for `math.GT/0211159`).

A bare `2106.05237` is an id only where somebody was asked for one (`canonical`); in other people's
text it could be any decimal number, so `find` wants a URL, a DOI or the word arXiv before it.
A bare `hep-th/9901001` can be nothing else, and is found.
"""

import re
from collections.abc import Iterator

# The archives that handed out ids before April 2007.
_ARCHIVES = (
    r"acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    r"|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin"
    r"|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)

_SLASH = r"(?:/|%2f)"
_OLD = (
    rf"(?P<archive{{0}}>{_ARCHIVES})"
    rf"(?:\.[a-z]{{{{2,8}}}}(?:-[a-z]{{{{2,8}}}})?)?{_SLASH}(?P<old{{0}}>[0-9]{{{{7}}}})"
)
_NEW = r"(?P<new{0}>[0-9]{{4}}\.[0-9]{{4,5}})"
# Nothing that would make it a longer number, word or file name of another kind may follow.
_TAIL = r"(?:v(?P<version{0}>[1-9][0-9]{{0,3}}))?(?![0-9a-z_])(?!\.[0-9])"

# A mirror's name may follow a dot (a subdomain) or an encoded slash (a URL inside a URL), but no
# other letter: notarxiv.org is somebody else.
_HOST_START = r"(?:(?<![0-9a-z_-])|(?<=%2f))"
_URL = (
    rf"{_HOST_START}(?:"
    rf"(?:arxiv\.org|ar5iv\.org|alphaxiv\.org|xxx\.lanl\.gov)(?::[0-9]{{1,5}})?{_SLASH}{{1,2}}"
    rf"(?:abs|pdf|html|format|src|e-print|ps|overview|resources){_SLASH}"
    rf"|(?:huggingface\.co|hf\.co|arxiv-vanity\.com|emergentmind\.com){_SLASH}papers{_SLASH}"
    r")(?:arxiv(?::|%3a))?"
)
# "arXiv:", "arXiv " and oai:arXiv.org:, the DOI's "arXiv.", and the "/arxiv/" of other sites.
_WORD = rf"(?<![a-z_])arxiv(?:\.org)?(?:\s{{0,2}}(?::|%3a)\s{{0,2}}|\s{{1,2}}|\.|{_SLASH})"

_FLAGS = re.IGNORECASE | re.ASCII
_IN_TEXT = re.compile(
    rf"(?:{_URL}|{_WORD}|(?<=%2f)arxiv\.)(?:{_NEW.format(1)}|{_OLD.format(1)}){_TAIL.format(1)}"
    rf"|(?<![0-9a-z_/.%-]){_OLD.format(2)}{_TAIL.format(2)}",
    _FLAGS,
)
_ALONE = re.compile(
    rf"(?:{_NEW.format(1)}|{_OLD.format(1)}){_TAIL.format(1)}(?:\.pdf)?(?: \[[a-z.-]{{2,20}}\]?)?",
    _FLAGS,
)
_WRAPPING = " \t\r\n<>()[]{}\"'`.,;:!?"
_LONGEST_PASTE = 4000


def canonical(raw: str) -> str | None:
    """The one id that a reader typed or pasted, in whatever form; None where there is none, or two
    different ones."""
    found = split_version(raw)
    return found[0] if found else None


def split_version(raw: str) -> tuple[str, int | None] | None:
    """As `canonical`, with the version that was named beside it."""
    if len(raw) > _LONGEST_PASTE:
        return None
    alone = _ALONE.fullmatch(raw.strip()) or _ALONE.fullmatch(raw.strip(_WRAPPING))
    if alone:
        return _checked(alone)
    found = list(_matches(raw))
    if len({identifier for identifier, _ in found}) != 1:
        return None
    return found[0]


def find(text: str) -> list[str]:
    """Every id the text names, canonical, in order of appearance, each once."""
    return list(dict.fromkeys(identifier for identifier, _ in _matches(text)))


def _matches(text: str) -> Iterator[tuple[str, int | None]]:
    for match in _IN_TEXT.finditer(text):
        checked = _checked(match)
        if checked:
            yield checked


def _checked(match: re.Match[str]) -> tuple[str, int | None] | None:
    groups = match.groupdict()
    version = groups["version1"] or groups.get("version2")
    number = int(version) if version else None
    if groups["new1"]:
        return (groups["new1"], number) if _is_new(groups["new1"]) else None
    digits = groups["old1"] or groups["old2"]
    archive = (groups["archive1"] or groups["archive2"]).lower()
    return (f"{archive}/{digits}", number) if _is_old(digits) else None


def _is_new(identifier: str) -> bool:
    """Since April 2007; five digits since January 2015."""
    month, number = identifier.split(".")
    if not _is_month(month) or month < "0704" or int(number) == 0:
        return False
    return len(number) == (5 if month >= "1501" else 4)


def _is_old(digits: str) -> bool:
    """From July 1991 to March 2007: as text, 9107 to 9912 and 0001 to 0703."""
    month, number = digits[:4], digits[4:]
    return _is_month(month) and (month >= "9107" or month <= "0703") and int(number) > 0


def _is_month(month: str) -> bool:
    return "01" <= month[2:] <= "12"
