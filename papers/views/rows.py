"""A paper as a row of a list, whether a digest printed it or it stands there as it is today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from papers import fairness, ingest, latex, markdown, posts
from papers.digest_markdown import DigestPost, TweetEmbed
from papers.models import (
    DigestEntry,
    DigestTweet,
    Paper,
    PaperAuthor,
    Tweet,
    TweetPaper,
    is_visible,
)
from papers.search.highlight import Highlight, Piece
from papers.views import standing
from papers.views.standing import NOWHERE, Standing

TWEETS_SHOWN = 10
NAMES_FOUND = 3  # of the authors left out, those that a search found
NAMES_SHOWN = 4  # of the authors, in a list
NAMES_LEFT_OUT = 2  # fewer are not worth "and 1 more"


@dataclass(slots=True)
class TweetView:
    """A tweet under a paper; other posts of the same feed account fold under its first."""

    tweet: Tweet
    by_author: bool
    folded: list["TweetView"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found in a row: names and a stretch of the abstract, cut into pieces."""

    names: list[list[Piece]]
    snippet: list[Piece]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row shows. `share` is its part of the highest score on the page, in percent;
    `top_share` in which part of its field it stands, from 0 to 1, where that ordered the list."""

    rank: int
    paper: Paper
    title_html: str
    names: Sequence[str]
    codes: Sequence[str]
    retweets: int
    favorites: int
    observed_at: datetime | None
    share: float
    abstract_html: str
    abstract_is_summary: bool
    tweets: list[TweetView]
    tweet_count: int
    standing: Standing
    listed_on: date | None = None
    is_below: bool = False
    is_pinned: bool = False
    note_html: str = ""
    top_share: float | None = None
    found: Found | None = None  # where it was searched

    @property
    def score(self) -> int:
        return self.retweets + self.favorites

    @property
    def gap(self) -> float:
        """Where the bar starts: it grows out of the rule, from the right."""
        return round(100 - self.share, 1)

    @property
    def names_shown(self) -> Sequence[str]:
        return self.names if len(self.names) <= NAMES_SHOWN + NAMES_LEFT_OUT else self.names[:4]

    @property
    def names_left_out(self) -> int:
        shown = self.found.names if self.found else self.names_shown
        return len(self.names) - len(shown)

    @property
    def is_uncounted(self) -> bool:
        """Tell whether the total is known and no tweet's part of it: it came with a post."""
        return bool(self.tweets) and all(view.tweet.score is None for view in self.tweets)

    @property
    def is_in_our_words(self) -> bool:
        return any(view.tweet.text_is_ours for view in self.tweets)


def of_entries(entries: Iterable[DigestEntry]) -> list[Row]:
    """Return the rows of a digest, as printed; `entries` come from `entries_with_tweets`."""
    entries = list(entries)
    highest = max((entry.score for entry in entries), default=0)
    standings = standing.of_papers([entry.paper_id for entry in entries])
    return [
        Row(
            rank=entry.rank,
            paper=entry.paper,
            title_html=entry.title_html,
            names=entry.paper.author_names,
            codes=entry.category_codes,
            retweets=entry.retweets,
            favorites=entry.favorites,
            observed_at=entry.observed_at,
            share=_share(entry.score, highest),
            abstract_html=abstract_of(entry).abstract_html,
            abstract_is_summary=abstract_of(entry).abstract_is_summary,
            tweets=_printed_tweets(entry),
            tweet_count=len(entry.tweets.all()),
            standing=standings.get(entry.paper_id, NOWHERE),
            listed_on=entry.listed_on,
            is_below=entry.below_threshold,
            is_pinned=entry.pinned,
            note_html=markdown.to_html(entry.note) if entry.note else "",
        )
        for entry in entries
    ]


def of_post(post: DigestPost) -> list[Row]:
    """Return the rows of a day as a post printed them, in three queries, without hidden tweets.

    Titles and abstracts are rendered anew: old posts are seldom read.
    """
    authors = Prefetch("authorships", PaperAuthor.objects.select_related("author"))
    ids = [entry.arxiv_id for entry in post.entries]
    found = Paper.objects.filter(arxiv_id__in=ids).prefetch_related(authors)
    papers = {paper.arxiv_id: paper for paper in found}
    tweets = _tweets_of(post)
    highest = max((entry.retweets + entry.favorites for entry in post.entries), default=0)
    return [
        Row(
            rank=entry.rank,
            paper=papers[entry.arxiv_id],
            title_html=ingest.to_html(entry.title),
            names=posts.author_names(entry.author_line),
            codes=entry.categories,
            retweets=entry.retweets,
            favorites=entry.favorites,
            observed_at=entry.observed_at,
            share=_share(entry.retweets + entry.favorites, highest),
            abstract_html=ingest.to_html(entry.abstract, block=True) if entry.abstract else "",
            abstract_is_summary=False,
            tweets=fold(tweets[key] for key in map(_key, entry.tweets) if key in tweets),
            tweet_count=len(entry.tweets),
            standing=NOWHERE,
            note_html=markdown.to_html(entry.note) if entry.note else "",
        )
        for entry in post.entries
        if entry.arxiv_id in papers
    ]


def _tweets_of(post: DigestPost) -> dict[tuple[str, str], TweetView]:
    """Return the tweets that a post printed and that are seen, with the words that it has."""
    embeds = {_key(embed): embed for entry in post.entries for embed in entry.tweets}
    ids = {external_id for _, external_id in embeds}
    views = {}
    for tweet in Tweet.objects.visible().filter(external_id__in=ids).defer("embed_html"):
        if embed := embeds.get(_key(tweet)):
            tweet.text, tweet.text_is_ours = embed.text, False
            views[_key(tweet)] = TweetView(tweet, by_author=False)
    return views


def _key(tweet: TweetEmbed | Tweet) -> tuple[str, str]:
    return tweet.network, tweet.external_id


def abstract_of(entry: DigestEntry) -> DigestEntry | Paper:
    """Return whose abstract to show: what was printed, but arXiv's in place of words of ours."""
    is_known = entry.abstract_is_summary and not entry.paper.abstract_is_summary
    return entry.paper if is_known else entry


def of_papers(papers: Sequence[Paper], first_rank: int = 1, *, fair: bool = False) -> list[Row]:
    """Return the rows of a list; a query for the tweets of all of them, one for their samples.

    Where the list is `fair` to all fields, they say how high they stand in theirs.
    """
    highest = max((paper.score for paper in papers), default=0)
    tweets = best_tweets(papers)
    standings = standing.of_papers([paper.pk for paper in papers])
    return [
        Row(
            rank=rank,
            paper=paper,
            title_html=paper.title_html,
            names=paper.author_names,
            codes=paper.category_codes,
            retweets=paper.retweets,
            favorites=paper.favorites,
            observed_at=paper.observed_at,
            share=_share(paper.score, highest),
            abstract_html=paper.abstract_html,
            abstract_is_summary=paper.abstract_is_summary,
            tweets=tweets[paper.pk],
            tweet_count=paper.tweet_count,
            standing=standings.get(paper.pk, NOWHERE),
            top_share=fairness.top_share(paper) if fair else None,
        )
        for rank, paper in enumerate(papers, start=first_rank)
    ]


def of_search(papers: Sequence[Paper], highlight: Highlight) -> list[Row]:
    """Return the rows of what was searched, the words that were found marked."""
    return [_highlighted(row, highlight) for row in of_papers(papers)]


def _highlighted(row: Row, highlight: Highlight) -> Row:
    shown = len(row.names_shown)
    names = [highlight.pieces(name, "author") for name in row.names]
    left_out = [name for name in names[shown:] if any(is_found for _, is_found in name)]
    return replace(
        row,
        title_html=highlight.in_html(row.title_html, "title"),
        abstract_html=highlight.in_html(row.abstract_html, "abstract"),
        found=Found(
            names=[*names[:shown], *left_out[:NAMES_FOUND]],
            snippet=highlight.snippet(latex.to_text(row.paper.abstract), "abstract"),
        ),
    )


def entries_with_tweets(
    entries: QuerySet[DigestEntry],
    tweets: QuerySet[DigestTweet] | None = None,
    *,
    authors: bool,
) -> QuerySet[DigestEntry]:
    """Read what `of_entries` needs in three queries, four with the authors' addresses.

    Of their `tweets` all, unless it says which.
    """
    printed = DigestTweet.objects.all() if tweets is None else tweets
    printed = printed.select_related("tweet").defer("html", "tweet__embed_html")
    by_authors = TweetPaper.objects.filter(by_author=True)
    wanted: list[Any] = [Prefetch("tweets", printed), Prefetch("paper__tweet_links", by_authors)]
    if authors:
        wanted.append(Prefetch("paper__authorships", PaperAuthor.objects.select_related("author")))
    return (
        entries.select_related("paper")
        .defer("title", "abstract", "paper__abstract", "paper__title")
        .prefetch_related(*wanted)
    )


def best_tweets(papers: Sequence[Paper]) -> dict[int, list[TweetView]]:
    """Return up to TWEETS_SHOWN visible tweets of each paper, the highest score first."""
    score = Coalesce("tweet__retweets", 0) + Coalesce("tweet__favorites", 0)
    order = [score.desc(), F("tweet__posted_at").asc(nulls_last=True), F("pk").asc()]
    place = Window(RowNumber(), partition_by="paper", order_by=order)
    links = (
        TweetPaper.objects.filter(is_visible("tweet__"), paper__in=[paper.pk for paper in papers])
        .annotate(place=place)
        .filter(place__lte=TWEETS_SHOWN)
        .select_related("tweet")
        .defer("tweet__embed_html")
        .order_by("place")
    )
    views: dict[int, list[TweetView]] = {paper.pk: [] for paper in papers}
    for link in links:
        views[link.paper_id].append(TweetView(link.tweet, link.by_author))
    return {paper_id: fold(of_paper) for paper_id, of_paper in views.items()}


def fold(views: Iterable[TweetView]) -> list[TweetView]:
    """Put the further posts of one account under its first; authors' threads stay open."""
    first: dict[tuple[str, str], TweetView] = {}
    shown = []
    for view in views:
        account = (view.tweet.network, view.tweet.handle)
        if account in first and not view.by_author:
            first[account].folded.append(view)
        else:
            first.setdefault(account, view)
            shown.append(view)
    return shown


def _printed_tweets(entry: DigestEntry) -> list[TweetView]:
    by_authors = {link.tweet_id for link in entry.paper.tweet_links.all()}
    return fold(
        TweetView(printed.tweet, printed.tweet_id in by_authors) for printed in entry.tweets.all()
    )


def _share(score: int, highest: int) -> float:
    return round(100 * score / highest, 1) if highest else 0.0
