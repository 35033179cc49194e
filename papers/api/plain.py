"""Rows as plain data, in the shapes of `shapes`: a bounded number of queries for any number.

What is hidden is left out, and so is the text of posts on X, whoever asks.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from papers import likeness, ranking
from papers.models import (
    Digest,
    DigestEntry,
    DigestTweet,
    Network,
    Paper,
    PaperAuthor,
    Tweet,
    TweetPaper,
    is_visible,
)

Row = dict[str, Any]


def address(name: str, *args: object) -> str:
    """Return a page of the site."""
    return settings.SITE_URL + reverse(f"papers:{name}", args=args)


def each(rows: Iterable[Any], names: Sequence[str]) -> list[Row]:
    """Return these attributes of each row."""
    return [{name: getattr(row, name) for name in names} for row in rows]


# Papers ------------------------------------------------------------------------------------------

# Of most fields the column has the name.
_COLUMN = {"id": "arxiv_id", "url": "arxiv_id", "arxiv_url": "arxiv_id"}
_COLUMN |= {"authors": "author_names", "categories": "category_codes"}
_MADE: dict[str, Callable[[str], str]] = {
    # By hand: `reverse` would take longer than all else of a row.
    "url": lambda arxiv_id: f"{settings.SITE_URL}/papers/{arxiv_id}/",
    "arxiv_url": lambda arxiv_id: f"https://arxiv.org/abs/{arxiv_id}",
}


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


def paper(found: Paper, fields: Collection[str]) -> Row:
    """Return these fields of `shapes.Paper`; a query or two for each that is not its own."""
    own = [name for name in fields if name not in _OF_PAPER]
    (row,) = papers([found.pk], own)
    return row | {name: _OF_PAPER[name](found) for name in fields if name in _OF_PAPER}


def _author_slugs(paper: Paper) -> list[str]:
    return list(PaperAuthor.objects.filter(paper=paper).values_list("author__slug", flat=True))


def _tags(paper: Paper) -> list[str]:
    return sorted(paper.tags.values_list("slug", flat=True))


def _networks(paper: Paper) -> list[Row]:
    samples = [stand.valid for stand in ranking.stands([paper.pk]).get(paper.pk, [])]
    samples.sort(key=lambda sample: (-sample.score, sample.network))
    return each(samples, ("network", "retweets", "favorites", "score", "observed_at", "kind"))


def _digests(paper: Paper) -> list[Row]:
    printed = DigestEntry.objects.printed().filter(
        paper=paper, digest__state=Digest.State.PUBLISHED
    )
    rows = printed.order_by("digest__date").values_list(
        "digest__date", "rank", "retweets", "favorites"
    )
    return [dict(zip(("date", "rank", "retweets", "favorites"), r, strict=True)) for r in rows]


def _neighbours(paper: Paper) -> list[Row]:
    return [
        {
            "id": near.other.arxiv_id,
            "title_text": near.other.title_text,
            "similarity": near.similarity,
        }
        for near in likeness.neighbours_of(paper)
    ]


_OF_PAPER: dict[str, Callable[[Paper], Any]] = {
    "author_slugs": _author_slugs,
    "tags": _tags,
    "networks": _networks,
    "digests": _digests,
    "neighbours": _neighbours,
}

# Tweets ------------------------------------------------------------------------------------------


def links() -> QuerySet[TweetPaper]:
    """Return what tweets link, of visible papers."""
    visible = TweetPaper.objects.filter(paper__hidden=False).select_related("paper")
    return visible.only("tweet", "by_author", "paper__arxiv_id").order_by("paper__arxiv_id")


def with_papers(found: QuerySet[Tweet]) -> QuerySet[Tweet]:
    """Read for `tweet` what tweets link too, in one more query."""
    return found.defer("embed_html").prefetch_related(links_of("links"))


def links_of(lookup: str) -> "Prefetch[Any]":
    return Prefetch(lookup, links())


def tweet(found: Tweet) -> Row:
    """Return a tweet whose links were read. A post on X is its handle, date, counts, address."""
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


# Digests -----------------------------------------------------------------------------------------

_OF_DIGEST = ("date", "published_at", "entry_count", "retweets", "favorites", "score")
_OF_ENTRY = (
    *("rank", "title", "author_line", "abstract", "abstract_is_summary", "retweets", "favorites"),
    *("score", "observed_at", "listed_on", "below_threshold", "pinned", "note"),
)
_READ_OF_ENTRY = ("digest", "category_codes", "paper__arxiv_id", *_OF_ENTRY)


def digest(found: Digest) -> Row:
    """Return a day in `shapes.DigestRow`."""
    row = {name: getattr(found, name) for name in _OF_DIGEST}
    return row | {"url": address("digest", found.date)}


def entries(found: QuerySet[DigestEntry], *, with_tweets: bool) -> list[Row]:
    """Return what a day printed, but for papers and tweets that were hidden since; one query, or
    three with tweets."""
    found = found.filter(paper__hidden=False).select_related("paper")
    found = found.only(*(name for name in _READ_OF_ENTRY if name != "score"))  # which is a sum
    if with_tweets:
        printed = DigestTweet.objects.filter(is_visible("tweet__")).select_related("tweet")
        printed = printed.defer("html", "tweet__embed_html").prefetch_related(
            links_of("tweet__links")
        )
        found = found.prefetch_related(Prefetch("tweets", printed))
    return [_entry(each, with_tweets) for each in found]


def _entry(found: DigestEntry, with_tweets: bool) -> Row:
    row = {name: getattr(found, name) for name in _OF_ENTRY}
    row |= {"paper": found.paper.arxiv_id, "categories": found.category_codes}
    if with_tweets:
        row["tweets"] = [tweet(printed.tweet) for printed in found.tweets.all()]
    return row
