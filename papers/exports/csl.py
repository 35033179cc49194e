"""Papers as CSL-JSON, the data that citation styles (CSL 1.0.2) are applied to."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from papers import latex
from papers.exports import item as told
from papers.exports import names
from papers.exports.item import About, Item


def write(items: Iterable[Item], about: About) -> Iterator[str]:
    """Yield an array, a paper a line, of one paper too."""
    yield "["
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + json.dumps(_item(item), ensure_ascii=False)
    yield "\n]\n"


def _item(item: Item) -> dict[str, Any]:
    paper = item.paper
    day = told.first_day(paper)
    parts = [day.year, day.month, day.day] if day else [int(told.year(paper))]
    fields = {
        "id": f"arXiv:{paper.arxiv_id}",
        "type": "article",
        "genre": "preprint",
        "title": paper.title_text,
        "author": [_author(name) for name in paper.author_names],
        "issued": {"date-parts": [parts]},
        "publisher": "arXiv",
        "number": f"arXiv:{paper.arxiv_id}",
        "DOI": paper.doi,
        "URL": told.abs_url(paper),
        "version": str(paper.version) if paper.version else "",
        "abstract": latex.to_text(told.abstract(paper)),
        "keyword": ", ".join([*paper.category_codes, *item.keywords]),
        "note": "; ".join(told.remarks(paper)),
        "annote": item.note,
    }
    return {name: value for name, value in fields.items() if value}


def _author(name: str) -> dict[str, str]:
    found = names.split(name)
    if not found.family:
        return {"literal": found.whole}
    parts = {
        "family": found.family,
        "given": found.given,
        "non-dropping-particle": found.particle,
        "suffix": found.suffix,
    }
    return {part: value for part, value in parts.items() if value}
