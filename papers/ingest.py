"""Records become rows: in bulk, on natural keys, so that anything may come twice or out of order.

Nothing here decides what a digest prints (`digests`) or what a score is (`ranking`).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from papers import authorship, clock, latex, ranking
from papers.bulk import add_missing, chunks, locked, replace_rows, upsert
from papers.models import (
    Announcement,
    Author,
    Category,
    DigestTweet,
    Paper,
    PaperAuthor,
    PaperCategory,
    Tweet,
    TweetPaper,
    Verdict,
)
from papers.sources.base import AnnouncementRecord, PaperRecord, TweetRecord

NEVER = datetime.min.replace(tzinfo=UTC)
NOT_ALWAYS_TOLD = ("handle", "author_name", "retweets", "favorites", "embed_html")
DOI_LENGTH = LICENCE_LENGTH = 255  # of the columns

# Where researchers keep code; the path of a repository has an owner and a name.
_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)"
    r"/[\w.-]+/[\w.-]*\w",
    re.ASCII | re.IGNORECASE,
)

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
    keys: dict[str, int] = {}
    for some in chunks(sorted(by_id)):  # the rows of a whole day at once would fill the memory
        keys |= _store_some({arxiv_id: by_id[arxiv_id] for arxiv_id in some}, sample=sample)
    return keys


def _store_some(by_id: dict[str, list[PaperRecord]], *, sample: bool) -> dict[str, int]:
    known = {paper.arxiv_id: paper for paper in locked(Paper, "arxiv_id", by_id)}
    changed, authors_of, codes_of = [], [], []
    for arxiv_id, of_paper in by_id.items():
        paper = known.setdefault(arxiv_id, Paper(arxiv_id=arxiv_id))
        record = max(of_paper, key=_age)
        before = dict(vars(paper))
        if _supersedes(record, paper, sample=sample):
            if paper.author_names != list(record.authors):
                authors_of.append(paper)
            if paper.told("category_codes") != list(record.categories):
                codes_of.append(paper)
            _fill(paper, record, sample=sample)
        _add_facts(paper, of_paper)
        if paper.pk is None or vars(paper) != before:
            changed.append(paper)
    # Those of older records too: what was printed links its categories.
    Category.objects.ensure(
        {code for of_paper in by_id.values() for record in of_paper for code in record.categories}
    )
    upsert(Paper, changed, ["arxiv_id"])
    _store_authors(authors_of)
    authorship.mark("paper", [paper.pk for paper in authors_of])
    _store_categories(codes_of)
    return {arxiv_id: known[arxiv_id].pk for arxiv_id in by_id}


def keys_of(arxiv_ids: Collection[str]) -> dict[str, int]:
    """Return the key of each of these papers that is held."""
    return {
        arxiv_id: key
        for chunk in chunks(sorted(arxiv_ids))
        for arxiv_id, key in Paper.objects.filter(arxiv_id__in=chunk).values_list("arxiv_id", "pk")
    }


def _age(paper: PaperRecord | Paper) -> tuple[date, int, datetime]:
    """Return what decides which of two records is the newer one.

    arXiv's own records tell when their version was made, to the day or to the second; one of its
    formats tells no number. Records without a date (posts, the feed) go before any of them, by the
    version they name. Of one version the record made last is the newer one.
    """
    made = paper.revised_at or paper.submitted_at
    if made is None:
        return date.min, paper.version or 0, paper.recorded_at
    return made.date(), 0, paper.recorded_at


def _supersedes(record: PaperRecord, paper: Paper, *, sample: bool) -> bool:
    if paper.pk is None:
        return True
    if paper.from_sample != sample:
        return paper.from_sample
    # The same moment again supersedes too: a post that was corrected keeps its times.
    return _age(record) >= _age(paper)


def _fill(paper: Paper, record: PaperRecord, *, sample: bool) -> None:
    if paper.code_url in ("", code_link(paper.abstract, paper.comment)):  # a curator's link stays
        paper.code_url = code_link(record.abstract, record.comment)
    paper.title = record.title
    paper.abstract = record.abstract
    paper.abstract_is_summary = record.abstract_is_summary
    paper.title_html = to_html(record.title)
    paper.title_text = latex.to_text(record.title)
    paper.abstract_html = to_html(record.abstract, block=True) if record.abstract else ""
    paper.author_names = list(record.authors)
    paper.tell("category_codes", list(record.categories))
    paper.primary_category_id = next(iter(paper.category_codes), None)
    paper.comment = record.comment
    paper.journal_ref = record.journal_ref
    paper.doi = record.doi[:DOI_LENGTH]
    paper.licence = record.licence[:LICENCE_LENGTH]
    paper.withdrawn = record.withdrawn
    paper.recorded_at = record.recorded_at
    paper.from_sample = sample


def _add_facts(paper: Paper, records: list[PaperRecord]) -> None:
    """Add what even an old record tells: version, dates, listing day.

    Each fact is the greatest or least of all that were told, so the order of arrival is no matter.
    """
    for record in records:
        paper.version = max(record.version or 0, paper.version or 0) or None
        paper.submitted_at = _first_moment(record.submitted_at, paper.submitted_at)
        made = record.revised_at or record.submitted_at
        paper.revised_at = max(filter(None, (made, paper.revised_at)), default=None)
        if record.announced_by_arxiv:
            paper.tell("announced_on", record.announced_on)
            paper.announced_by_arxiv = True
        elif record.announced_on and not paper.announced_by_arxiv:
            earlier = paper.told("announced_on") or record.announced_on
            paper.tell("announced_on", min(record.announced_on, earlier))


def _first_moment(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier day; of two moments of one day the later: 00:00 is a day without time."""
    moments = [moment for moment in (one, other) if moment]
    first = min((moment.date() for moment in moments), default=None)
    return max((moment for moment in moments if moment.date() == first), default=None)


def _store_authors(papers: Sequence[Paper]) -> None:
    keys = Author.objects.ids_of(name for paper in papers for name in paper.author_names)
    replace_rows(
        PaperAuthor,
        papers,
        [
            PaperAuthor(paper=paper, author_id=keys[name], position=position)
            for paper in papers
            for position, name in enumerate(paper.author_names)
        ],
    )


def repeat_categories(paper_ids: Collection[int]) -> None:
    """Make anew what repeats the categories of these papers, after a curator changed them."""
    papers = list(Paper.objects.filter(pk__in=paper_ids))
    for paper in papers:
        paper.primary_category_id = next(iter(paper.category_codes), None)
    ranking.write(papers, ["primary_category"])
    _store_categories(papers)


def _store_categories(papers: Sequence[Paper]) -> None:
    ranking.leave_fields(papers)
    replace_rows(
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

    The newest `fetched_at` wins, of each field that not every reading tells. A tweet deleted at its
    source stays deleted.
    """
    by_key: dict[tuple[str, str], list[TweetRecord]] = {}
    for record in records:
        by_key.setdefault((record.network, record.external_id), []).append(record)
    ids = {external_id for _, external_id in by_key}
    known = {(row.network, row.external_id): row for row in locked(Tweet, "external_id", ids)}
    changed = []
    for key, of_tweet in sorted(by_key.items()):
        tweet = known.setdefault(key, Tweet(network=key[0], external_id=key[1]))
        if _take_in(tweet, of_tweet, sample=sample):
            changed.append(tweet)
    _mark_by_verdict(changed)
    upsert(Tweet, changed, ["network", "external_id"])
    keys = {key: known[key].pk for key in by_key}
    _store_links([record for of_tweet in by_key.values() for record in of_tweet], keys, papers)
    return keys


def _take_in(tweet: Tweet, records: list[TweetRecord], *, sample: bool) -> bool:
    """Let records tell what they know better of a tweet; say whether that was anything. A row of
    the sample yields to all others."""
    if tweet.deleted_at or (tweet.pk and sample and not tweet.from_sample):
        return False
    if tweet.pk is None or tweet.from_sample != sample:
        tweet.fetched_at, tweet.told_at = NEVER, {}
    before = dict(vars(tweet))
    tweet.told_at = dict(tweet.told_at)
    for record in records:
        # The same moment again counts too: a post that was corrected keeps its times.
        if record.fetched_at >= tweet.fetched_at:
            _fill_tweet(tweet, record, sample=sample)
        _fill_rest(tweet, record)
    tweet.told_at = dict(sorted(tweet.told_at.items()))
    return vars(tweet) != before


def _mark_by_verdict(tweets: Collection[Tweet]) -> None:
    """Let tweets say what curators decided about their accounts."""
    kinds: dict[tuple[str, str], str] = {}
    for some in chunks({tweet.handle.lower() for tweet in tweets if tweet.handle}):
        verdicts = Verdict.objects.filter(handle__in=some)
        kinds |= {(verdict.network, verdict.handle): verdict.kind for verdict in verdicts}
    for tweet in tweets:
        kind = kinds.get((tweet.network, tweet.handle.lower()))
        tweet.by_blocked = kind == Verdict.Kind.BLOCKED
        tweet.by_bot = kind == Verdict.Kind.BOT


def _fill_tweet(tweet: Tweet, record: TweetRecord, *, sample: bool) -> None:
    tweet.url = record.url
    tweet.text = record.text
    tweet.text_is_ours = record.text_is_ours
    tweet.language = record.language
    tweet.direction = record.direction
    tweet.posted_at = record.posted_at
    tweet.fetched_at = record.fetched_at
    tweet.from_sample = sample


def _fill_rest(tweet: Tweet, record: TweetRecord) -> None:
    """Take what not every reading tells from the newest one that does, whatever came in between."""
    at = record.fetched_at.timestamp()
    for name in NOT_ALWAYS_TOLD:
        value = getattr(record, name)
        if value not in (None, "") and at >= tweet.told_at.get(name, at):
            setattr(tweet, name, value)
            tweet.told_at[name] = at


def _store_links(
    records: Iterable[TweetRecord], tweets: dict[tuple[str, str], int], papers: dict[str, int]
) -> None:
    links = {
        (tweets[record.network, record.external_id], papers[arxiv_id])
        for record in records
        for arxiv_id in record.arxiv_ids
    }
    rows = [TweetPaper(tweet_id=tweet_id, paper_id=paper_id) for tweet_id, paper_id in links]
    add_missing(TweetPaper, rows)
    authorship.mark("paper", papers.values())
    authorship.mark("tweet", tweets.values())


def forget_tweets(network: str, external_ids: Collection[str]) -> list[int]:
    """Take away the text of tweets deleted at their source; return the papers they linked.

    Their place in digests and their counts stay. On Bluesky the id of an account (a did) stands
    for all of its posts.
    """
    keys = _held_tweets(network, external_ids)
    DigestTweet.objects.filter(tweet__in=keys).update(html="")
    Tweet.objects.filter(pk__in=keys).update(deleted_at=clock.now(), text="", embed_html="")
    return list(TweetPaper.objects.filter(tweet__in=keys).values_list("paper", flat=True))


def lock_papers(arxiv_ids: Collection[str], network: str, gone: Collection[str]) -> None:
    """Lock these papers, and those that the tweets `gone` linked, until the transaction ends.

    All at once and before anything is written, or two runs might wait for each other.
    """
    links = TweetPaper.objects.filter(tweet__in=_held_tweets(network, gone))
    for _ in locked(
        Paper, "arxiv_id", {*arxiv_ids, *links.values_list("paper__arxiv_id", flat=True)}
    ):
        pass


def _held_tweets(network: str, external_ids: Collection[str]) -> list[int]:
    held = Tweet.objects.filter(network=network, deleted_at=None)
    keys: list[int] = []
    for chunk in chunks(sorted(external_ids)):
        query = Q(external_id__in=chunk)
        for account in (name for name in chunk if name.startswith("did:")):
            # All posts of an account: their ids are "at://did:…/…", and "0" is behind "/".
            query |= Q(external_id__gt=f"at://{account}/", external_id__lt=f"at://{account}0")
        keys += held.filter(query).values_list("pk", flat=True)
    return keys


# Announcements -----------------------------------------------------------------------------------


@transaction.atomic
def store_announcements(records: Iterable[AnnouncementRecord], papers: dict[str, int]) -> None:
    """Store where arXiv listed papers (arXiv id to key), and the version it named there."""
    rows: dict[tuple[int, date, str], Announcement] = {}
    for record in records:
        if (key := papers.get(record.arxiv_id)) is not None:
            named = Announcement(
                paper_id=key, listed_on=record.listed_on, kind=record.kind, version=record.version
            )
            row = rows.setdefault((key, record.listed_on, record.kind), named)
            row.version = max(row.version or 0, record.version or 0) or None
    for some in chunks({row.paper_id for row in rows.values()}):
        for known in Announcement.objects.filter(paper__in=some):
            named = rows.get((known.paper_id, known.listed_on, known.kind), known)
            named.version = max(named.version or 0, known.version or 0) or None
    upsert(Announcement, list(rows.values()), ["paper", "listed_on", "kind"])
    for chunk in chunks(rows.values()):
        for row in chunk:
            older = Q(version=None) | Q(version__lt=row.version or 0)
            Paper.objects.filter(older, pk=row.paper_id).update(version=row.version)
