"""Papers as JSON: the plain data, as the database has it."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings

from papers.exports import item as told
from papers.exports.item import About, Item
from papers.models import Paper


def _iso(value: date | None) -> str | None:
    """Return a day, or a moment of UTC as "2021-06-11T09:30:00Z"."""
    return value.isoformat().replace("+00:00", "Z") if value else None


def _count(of: Callable[[Paper], int]) -> Callable[[Paper], int | None]:
    """Nobody's counts are known while nothing was observed: 0 would say that nobody cared."""
    return lambda paper: of(paper) if paper.observed_at else None


_FIELDS: dict[str, Callable[[Paper], Any]] = {
    "arxiv_id": lambda paper: paper.arxiv_id,
    "version": lambda paper: paper.version,
    "title": lambda paper: " ".join(paper.title.split()),
    "authors": lambda paper: paper.author_names,
    "abstract": lambda paper: told.abstract(paper) or None,
    "categories": lambda paper: paper.category_codes,
    "primary_category": lambda paper: paper.primary_category_id,
    "submitted_at": lambda paper: _iso(paper.submitted_at),
    "revised_at": lambda paper: _iso(paper.revised_at),
    "listed_on": lambda paper: _iso(paper.announced_on),
    "doi": lambda paper: paper.doi or None,
    "journal_ref": lambda paper: paper.journal_ref or None,
    "comment": lambda paper: paper.comment or None,
    "withdrawn": lambda paper: paper.withdrawn,
    "code_url": lambda paper: paper.code_url or None,
    "score": _count(lambda paper: paper.score),
    "retweets": _count(lambda paper: paper.retweets),
    "favorites": _count(lambda paper: paper.favorites),
    "tweet_count": lambda paper: paper.tweet_count,
    "observed_at": lambda paper: _iso(paper.observed_at),
    "url": lambda paper: settings.SITE_URL + paper.get_absolute_url(),
    "arxiv_url": told.abs_url,
    "pdf_url": told.pdf_url,
}
FIELDS = tuple(_FIELDS)


def plain(paper: Paper) -> dict[str, Any]:
    """Return a paper as plain data: title and abstract in arXiv's TeX, moments in UTC.

    Unknown is null. An abstract that is only a summary of ours is left out.
    """
    return {name: value_of(paper) for name, value_of in _FIELDS.items()}


def fields(item: Item) -> dict[str, Any]:
    """Return a paper as plain data, with what stands beside it."""
    return {**plain(item.paper), **item.more}


def write(items: Iterable[Item], about: About) -> Iterator[str]:
    """Yield an object that holds the papers, one a line; of one paper, it alone."""
    if about.is_one:
        yield from (f"{_dumped(fields(item))}\n" for item in items)
        return
    head = {"title": about.title, "url": about.url, "next": about.next_url or None}
    yield _dumped(head).removesuffix("}") + ', "papers": ['
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + _dumped(fields(item))
    yield "\n]}\n"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
