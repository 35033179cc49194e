"""Papers as RIS, which programs for references read."""

from collections.abc import Iterable, Iterator

from papers import latex
from papers.exports import item as told
from papers.exports import names
from papers.exports.item import About, Item


def write(items: Iterable[Item], about: About) -> Iterator[str]:
    """Yield a record a paper, as an unpublished work of arXiv's; TeX as plain text."""
    for item in items:
        lines = (f"{tag}  - {_line(text)}" for tag, text in _fields(item) if text)
        yield "\r\n".join(["TY  - UNPB", *lines, "ER  - ", "", ""])


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    paper = item.paper
    day = told.first_day(paper)
    yield "TI", paper.title_text
    yield from (("AU", _author(name)) for name in paper.author_names)
    yield "PY", told.year(paper)
    yield "DA", f"{day:%Y/%m/%d}/" if day else ""
    yield "AB", latex.to_text(told.abstract(paper))
    yield from (("KW", word) for word in [*paper.category_codes, *item.keywords])
    yield "DO", paper.doi
    yield "AN", f"arXiv:{paper.arxiv_id}"
    yield "PB", "arXiv"
    yield "UR", told.abs_url(paper)
    yield "L1", told.pdf_url(paper)
    yield from (("N1", remark) for remark in [*told.remarks(paper), item.note])


def _author(name: str) -> str:
    """Return "Beethoven, Ludwig, Jr."; a name that stays whole, without the comma it has."""
    found = names.split(name)
    if not found.family:
        return found.whole.replace(",", "")
    return ", ".join(filter(None, (found.surname, found.given, found.suffix)))


def _line(text: str) -> str:
    """Return text on one line: a line that began as a tag does would be taken for one."""
    return " ".join(text.split())
