"""Papers as others' programs read them: a writer for each format, and the registry of all.

Pure: papers in, text out, one paper at a time. Knows neither pages nor readers; what a reader or
an editor adds to a paper is handed in.
"""

from dataclasses import dataclass

from papers.exports import bibtex, csl, outline, plain, ris, table
from papers.exports.item import About, Item, Writer

__all__ = ["FORMATS", "MARKDOWN", "About", "Format", "Item", "links"]


@dataclass(frozen=True, slots=True)
class Format:
    """What an address ends with, what it is called, as what it is sent.

    What `is_shown` a browser opens; all else it saves as a file.
    """

    suffix: str
    name: str
    media_type: str
    write: Writer
    is_shown: bool = False


MARKDOWN = Format("md", "Markdown", "text/markdown", outline.write, is_shown=True)
_ALL = (
    Format("bib", "BibTeX", "application/x-bibtex", bibtex.write),
    Format("ris", "RIS", "application/x-research-info-systems", ris.write),
    Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl.write),
    Format("csv", "CSV", "text/csv", table.write),
    MARKDOWN,
    Format("json", "JSON", "application/json", plain.write, is_shown=True),
)
FORMATS = {each.suffix: each for each in _ALL}


def links(page: str, query: str = "") -> list[tuple[Format, str]]:
    """Return each format with the address at which a page, given by its path, is had in it."""
    query = query.removesuffix("?")
    return [(form, f"{page.rstrip('/')}.{form.suffix}{query}") for form in FORMATS.values()]
