"""Records become rows: in bulk, on natural keys, so that anything may come twice or out of order.

Nothing here decides what a digest prints (`digests`) or what a score is (`ranking`).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from papers import latex
from papers.models import (
    Author,
    Category,
    Paper,
    PaperAuthor,
    PaperCategory,
    Sample,
    Tweet,
    TweetPaper,
)
from papers.models.catalogue import fold
from papers.sources.base import PaperRecord, SampleRecord, TweetRecord

BATCH = 500
M = TypeVar("M", bound=Model)
V = TypeVar("V")

# Where researchers keep code; the path of a repository has an owner and a name.
_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)"
    r"/[\w.-]+/[\w.-]*\w",
    re.ASCII | re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^)]*\)")
_ENDINGS = {"jr", "sr", "iii"}  # of a name, behind the last one

# One text stands in several rows (a paper and its digest entries): render it once.
to_html = lru_cache(maxsize=4096)(latex.to_html)


def code_link(*texts: str) -> str:
    """Return the address of the first repository these texts name, or ""."""
    found = (match for text in texts if (match := _CODE.search(text)))
    return next((match.group().removesuffix(".git")[:500] for match in found), "")


# Papers ------------------------------------------------------------------------------------------


@transaction.atomic
def store_papers(records: Iterable[PaperRecord], *, sample: bool = False) -> dict[str, int]:
    """Store what sources said about papers; return the key of each arXiv id named.

    The newest record wins whatever the order of arrival, a known version never goes back, and a
    row of the sample yields to any record that is not of the sample.
    """
    by_id: dict[str, list[PaperRecord]] = {}
    for record in records:
        by_id.setdefault(record.arxiv_id, []).append(record)
    known = {paper.arxiv_id: paper for paper in _rows(Paper, "arxiv_id", by_id)}
    changed, authors_of, codes_of = [], [], []
    for arxiv_id, of_paper in sorted(by_id.items()):
        paper = known.setdefault(arxiv_id, Paper(arxiv_id=arxiv_id))
        record = max(of_paper, key=_age)
        is_news = _supersedes(record, paper, sample=sample)
        if is_news:
            if paper.author_names != list(record.authors):
                authors_of.append(paper)
            if paper.category_codes != list(record.categories):
                codes_of.append(paper)
            _fill(paper, record, sample=sample)
        if _set_listing_day(paper, of_paper) or is_news:
            changed.append(paper)
    # Those of older records too: what was printed links its categories.
    Category.objects.ensure(
        {code for of_paper in by_id.values() for record in of_paper for code in record.categories}
    )
    _upsert(Paper, changed, ["arxiv_id"])
    _store_authors(authors_of)
    _store_categories(codes_of)
    return {arxiv_id: known[arxiv_id].pk for arxiv_id in by_id}


def _age(record: PaperRecord) -> tuple[int, float]:
    return record.version or 0, record.recorded_at.timestamp()


def _supersedes(record: PaperRecord, paper: Paper, *, sample: bool) -> bool:
    if paper.pk is None:
        return True
    if paper.from_sample != sample:
        return paper.from_sample
    # The same moment again supersedes too: a post that was corrected keeps its times.
    return (record.version or 0, record.recorded_at) >= (paper.version or 0, paper.recorded_at)


def _fill(paper: Paper, record: PaperRecord, *, sample: bool) -> None:
    if paper.code_url in ("", code_link(paper.abstract)):  # a curator's link stays
        paper.code_url = code_link(record.abstract)
    paper.version = record.version or paper.version
    paper.title = record.title
    paper.abstract = record.abstract
    paper.abstract_is_summary = record.abstract_is_summary
    paper.title_html = to_html(record.title)
    paper.title_text = latex.to_text(record.title)
    paper.abstract_html = to_html(record.abstract, block=True) if record.abstract else ""
    paper.author_names = list(record.authors)
    paper.category_codes = list(record.categories)
    paper.primary_category_id = record.categories[0] if record.categories else None
    paper.recorded_at = record.recorded_at
    paper.from_sample = sample


def _set_listing_day(paper: Paper, records: list[PaperRecord]) -> bool:
    """Let arXiv's own listing day win, else the earliest digest; tell whether it changed."""
    before = paper.announced_on, paper.announced_by_arxiv
    for record in records:
        if record.announced_on is None:
            continue
        if record.announced_by_arxiv:
            paper.announced_on, paper.announced_by_arxiv = record.announced_on, True
        elif not paper.announced_by_arxiv:
            paper.announced_on = min(record.announced_on, paper.announced_on or record.announced_on)
    return before != (paper.announced_on, paper.announced_by_arxiv)


def _store_authors(papers: Sequence[Paper]) -> None:
    keys = Author.objects.ids_of(name for paper in papers for name in paper.author_names)
    _replace(
        PaperAuthor,
        papers,
        [
            PaperAuthor(paper=paper, author_id=keys[name], position=position)
            for paper in papers
            for position, name in enumerate(paper.author_names)
        ],
    )


def _store_categories(papers: Sequence[Paper]) -> None:
    _replace(
        PaperCategory,
        papers,
        [
            PaperCategory(paper=paper, category_id=code, position=position)
            for paper in papers
            for position, code in enumerate(dict.fromkeys(paper.category_codes))
        ],
    )


# Tweets ------------------------------------------------------------------------------------------


@transaction.atomic
def store_tweets(
    records: Iterable[TweetRecord], papers: dict[str, int], *, sample: bool = False
) -> dict[tuple[str, str], int]:
    """Store tweets and their links to `papers` (arXiv id to key); return the key of each tweet.

    The newest `fetched_at` wins. A tweet deleted at its source stays deleted.
    """
    by_key: dict[tuple[str, str], list[TweetRecord]] = {}
    for record in records:
        by_key.setdefault((record.network, record.external_id), []).append(record)
    ids = {external_id for _, external_id in by_key}
    known = {(row.network, row.external_id): row for row in _rows(Tweet, "external_id", ids)}
    changed = []
    for (network, external_id), of_tweet in sorted(by_key.items()):
        new = Tweet(network=network, external_id=external_id)
        tweet = known.setdefault((network, external_id), new)
        record = max(of_tweet, key=lambda record: record.fetched_at)
        if tweet is new or _tells_more(record, tweet, sample=sample):
            _fill_tweet(tweet, record, sample=sample)
            changed.append(tweet)
    _upsert(Tweet, changed, ["network", "external_id"])
    keys = {key: known[key].pk for key in by_key}
    _store_links([record for of_tweet in by_key.values() for record in of_tweet], keys, papers)
    return keys


def _tells_more(record: TweetRecord, tweet: Tweet, *, sample: bool) -> bool:
    if tweet.deleted_at or tweet.from_sample != sample:
        return tweet.from_sample and not tweet.deleted_at
    return record.fetched_at >= tweet.fetched_at


def _fill_tweet(tweet: Tweet, record: TweetRecord, *, sample: bool) -> None:
    tweet.url = record.url
    tweet.handle = record.handle
    tweet.author_name = record.author_name
    tweet.text = record.text
    tweet.text_is_ours = record.text_is_ours
    tweet.language = record.language
    tweet.direction = record.direction
    tweet.posted_at = record.posted_at
    # What this record does not tell stays as another one told it.
    tweet.retweets = tweet.retweets if record.retweets is None else record.retweets
    tweet.favorites = tweet.favorites if record.favorites is None else record.favorites
    tweet.embed_html = record.embed_html or tweet.embed_html
    tweet.fetched_at = record.fetched_at
    tweet.from_sample = sample


def _store_links(
    records: Iterable[TweetRecord], tweets: dict[tuple[str, str], int], papers: dict[str, int]
) -> None:
    links = {
        (tweets[record.network, record.external_id], papers[arxiv_id])
        for record in records
        for arxiv_id in record.arxiv_ids
    }
    rows = [TweetPaper(tweet_id=tweet_id, paper_id=paper_id) for tweet_id, paper_id in links]
    TweetPaper.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    _mark_by_author("paper", papers.values())
    _mark_by_author("tweet", tweets.values())


def _mark_by_author(column: str, keys: Iterable[int]) -> None:
    """Say of each link of these rows whether its writer is an author, as both are named now.

    Now, not in the record at hand: that may be older than what is stored.
    """
    for chunk in _chunks(keys):
        links = TweetPaper.objects.filter(**{f"{column}__in": chunk})
        named = links.values_list("pk", "by_author", "tweet__author_name", "paper__author_names")
        wrong: dict[bool, list[int]] = {True: [], False: []}
        for pk, by_author, writer, authors in named:
            person = _person(writer)
            is_author = person is not None and person in map(_person, authors)
            if is_author != by_author:
                wrong[is_author].append(pk)
        for is_author, pks in wrong.items():
            for some in _chunks(pks):
                TweetPaper.objects.filter(pk__in=some).update(by_author=is_author)


@lru_cache(maxsize=4096)
def _person(name: str) -> tuple[str, str] | None:
    """Return first and last word of a name, folded: "Dmitry (Dima) Lepikhin 🚀" is one person."""
    words = re.findall(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", fold(_ASIDE.sub(" ", name)))
    names = [word for word in words if word not in _ENDINGS]
    # One word is no name to know a person by.
    return (names[0], names[-1]) if len(names) > 1 else None


# Samples -----------------------------------------------------------------------------------------


def store_samples(
    records: Iterable[SampleRecord], papers: dict[str, int], kind: Sample.Kind
) -> None:
    """Store totals of `papers` (arXiv id to key), one row a network and moment."""
    rows = {
        (record.arxiv_id, record.network, record.observed_at): Sample(
            paper_id=papers[record.arxiv_id],
            network=record.network,
            observed_at=record.observed_at,
            retweets=record.retweets,
            favorites=record.favorites,
            kind=kind,
        )
        for record in records
    }
    _upsert(Sample, list(rows.values()), ["paper", "network", "observed_at"])


# Bulk writing ------------------------------------------------------------------------------------


def _chunks(values: Iterable[V]) -> Iterator[list[V]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, BATCH)):
        yield chunk


def _rows(model: type[M], column: str, values: Collection[str]) -> Iterator[M]:
    """Yield the rows whose `column` is one of `values`, locked until the transaction ends."""
    for chunk in _chunks(sorted(values)):
        rows = model._default_manager.select_for_update()
        yield from rows.filter(**{f"{column}__in": chunk})


def _upsert(model: type[M], rows: Sequence[M], key: list[str]) -> None:
    """Insert rows or overwrite those with the same natural key; each row knows its pk after."""
    fixed = {*key, "id", "created_at"}
    fields = [field.name for field in model._meta.concrete_fields if field.name not in fixed]
    for row in rows:
        row.pk = None  # the natural key decides, also when the row was read before
    model._default_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=key, update_fields=fields
    )


def _replace(model: type[M], papers: Sequence[Paper], rows: Sequence[M]) -> None:
    """Put `rows` in the place of what these papers had in `model`."""
    for chunk in _chunks(papers):
        model._default_manager.filter(paper__in=chunk).delete()
    model._default_manager.bulk_create(rows, batch_size=BATCH)
