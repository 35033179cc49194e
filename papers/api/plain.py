"""Rows as plain data, in the shapes of `shapes`: a bounded number of queries for any number.

What is hidden is left out, and so is the text of posts on X, whoever asks.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from papers.models import Network, Paper, Tweet, TweetPaper

Row = dict[str, Any]

# Papers ------------------------------------------------------------------------------------------

# Of most fields the column has the name.
_COLUMN = {"id": "arxiv_id", "url": "arxiv_id", "arxiv_url": "arxiv_id"}
_COLUMN |= {"authors": "author_names", "categories": "category_codes"}


def address(name: str, *args: object) -> str:
    """Return a page of the site."""
    return settings.SITE_URL + reverse(f"papers:{name}", args=args)


def page_of(arxiv_id: str) -> str:
    return f"{settings.SITE_URL}/papers/{arxiv_id}/"


def at_arxiv(arxiv_id: str) -> str:
    return f"https://arxiv.org/abs/{arxiv_id}"


_MADE: dict[str, Callable[[str], str]] = {"url": page_of, "arxiv_url": at_arxiv}


def papers(keys: Sequence[int], fields: Collection[str]) -> list[Row]:
    """Return these fields of `shapes.PaperRow` of the visible papers, in the order of the keys."""
    columns = [_COLUMN.get(name, name) for name in fields]
    found = Paper.objects.visible().filter(pk__in=keys).values_list("pk", *columns)
    rows = {pk: dict(zip(fields, values, strict=True)) for pk, *values in found}
    for name in _MADE.keys() & set(fields):
        make = _MADE[name]
        for row in rows.values():
            row[name] = make(row[name])
    return [rows[key] for key in keys if key in rows]


# Tweets ------------------------------------------------------------------------------------------


def with_papers(tweets: QuerySet[Tweet]) -> QuerySet[Tweet]:
    """Read with tweets the visible papers that they link, in one more query."""
    links = TweetPaper.objects.filter(paper__hidden=False).select_related("paper")
    links = links.only("tweet", "by_author", "paper__arxiv_id").order_by("paper__arxiv_id")
    return tweets.defer("embed_html").prefetch_related(Prefetch("links", links))


def tweet(found: Tweet) -> Row:
    """Return a tweet that `with_papers` read. Posts on X are handle, date, counts and address."""
    is_told = found.network != Network.X
    return {
        "network": found.network,
        "external_id": found.external_id,
        "url": found.url,
        "handle": found.handle,
        "author_name": found.author_name if is_told else None,
        "text": found.text if is_told and not found.deleted_at else None,
        "text_is_ours": is_told and found.text_is_ours,
        "language": found.language,
        "posted_at": found.posted_at,
        "retweets": found.retweets,
        "favorites": found.favorites,
        "deleted_at": found.deleted_at,
        "papers": [link.paper.arxiv_id for link in found.links.all()],
    }


def tweets(found: Iterable[Tweet]) -> list[Row]:
    return [tweet(each) for each in found]
