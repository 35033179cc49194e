"""A digest's rows and the post that prints them: importing one, writing it out again."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from papers import counting, digest_markdown, ingest, likeness, ranking, search
from papers.bulk import BATCH
from papers.digest_markdown import DigestPost, PostEntry, TweetEmbed
from papers.models import (
    Author,
    Digest,
    DigestEntry,
    DigestRevision,
    DigestTweet,
    Network,
    Sample,
    Tweet,
    is_visible,
)
from papers.sources.base import PaperRecord, SampleRecord, TweetRecord

Change = tuple[Digest, DigestPost]
# The endings of a name that stand behind a comma of their own.
_SUFFIXES = {"Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"}


class Outcome(StrEnum):
    """What importing a post did."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"


# Importing ---------------------------------------------------------------------------------------


@transaction.atomic
def import_posts(posts: Sequence[DigestPost], *, sample: bool = False) -> list[Outcome]:
    """Store posts of different days and everything they say; return what each one did.

    A post whose bytes are those of its digest's newest revision changes nothing, nor does one that
    only editors corrected since; any other becomes a revision. Posts of the sample carry words of
    ours in place of abstracts and tweets, write no revision, give way to real posts and never
    replace one.
    """
    dates = [post.date for post in posts]
    digests = {d.date: d for d in Digest.objects.select_for_update().filter(date__in=dates)}
    printed = _newest_revisions(digests.values())
    came = _newest_revisions(digests.values(), reason="")  # editors give a reason
    outcomes: list[Outcome] = []
    changes: list[Change] = []
    revisions: list[DigestRevision] = []
    for post in posts:
        digest = digests.get(post.date)
        last = printed.get(digest.pk) if digest else None
        markdown = "" if sample else digest_markdown.render(post)
        known = {of[digest.pk].markdown for of in (printed, came) if digest and digest.pk in of}
        if digest and (sample or markdown in known):
            outcomes.append(Outcome.UNCHANGED)
            continue
        outcomes.append(Outcome.REVISED if last else Outcome.ADDED)
        digest = _store_head(digest or Digest(date=post.date), post, sample=sample)
        changes.append((digest, post))
        number = last.number + 1 if last else 1
        revisions.append(DigestRevision(digest=digest, number=number, markdown=markdown))
    if changes:
        _store_content(changes, sample=sample)
    if not sample:
        DigestRevision.objects.bulk_create(revisions)
    return outcomes


def _newest_revisions(digests: Iterable[Digest], **only: str) -> dict[int, DigestRevision]:
    newest: dict[int, DigestRevision] = {}
    revisions = DigestRevision.objects.filter(digest__in=list(digests), **only)
    for revision in revisions.order_by("number"):
        newest[revision.digest_id] = revision
    return newest


def _store_head(digest: Digest, post: DigestPost, *, sample: bool) -> Digest:
    digest.state = Digest.State.PUBLISHED
    digest.published_at = digest.stamp = post.stamp
    digest.head = "" if sample else post.head
    digest.introduction = post.introduction
    digest.from_sample = sample
    digest.sum_up(post.entries)
    digest.save()
    return digest


def _store_content(changes: Sequence[Change], *, sample: bool) -> None:
    entries = [(post, entry) for _, post in changes for entry in post.entries]
    papers = ingest.store_papers(
        (_paper_record(post, entry, sample=sample) for post, entry in entries), sample=sample
    )
    tweets = ingest.store_tweets(
        (
            _tweet_record(embed, entry, sample=sample)
            for _, entry in entries
            for embed in entry.tweets
        ),
        papers,
        sample=sample,
    )
    counting.store((_sample_record(entry) for _, entry in entries), papers, Sample.Kind.IMPORTED)
    _store_entries(changes, papers, tweets, sample=sample)
    ranking.rescore(papers.values())
    search.index(papers.values())
    likeness.mark_stale(papers.values())


def _store_entries(
    changes: Sequence[Change],
    papers: dict[str, int],
    tweets: dict[tuple[str, str], int],
    *,
    sample: bool,
) -> None:
    DigestEntry.objects.filter(digest__in=[digest for digest, _ in changes]).delete()
    rows, embeds = [], []
    for digest, post in changes:
        for entry in post.entries:
            rows.append(_entry_row(digest, entry, papers[entry.arxiv_id], sample=sample))
            embeds.append(entry.tweets)
    DigestEntry.objects.bulk_create(rows, batch_size=BATCH)
    DigestTweet.objects.bulk_create(
        [
            DigestTweet(
                entry=row,
                position=position,
                tweet_id=tweets[embed.network, embed.external_id],
                html=embed.html,
            )
            for row, of_entry in zip(rows, embeds, strict=True)
            for position, embed in enumerate(of_entry)
        ],
        batch_size=BATCH,
    )


def _entry_row(digest: Digest, entry: PostEntry, paper_id: int, *, sample: bool) -> DigestEntry:
    return DigestEntry(
        digest=digest,
        rank=entry.rank,
        paper_id=paper_id,
        title=entry.title,
        author_line=entry.author_line,
        abstract=entry.abstract,
        abstract_is_summary=sample and bool(entry.abstract),
        title_html=ingest.to_html(entry.title),
        abstract_html=ingest.to_html(entry.abstract, block=True) if entry.abstract else "",
        category_codes=list(entry.categories),
        version=entry.version,
        retweets=entry.retweets,
        favorites=entry.favorites,
        observed_at=entry.observed_at,
        note=entry.note,
        spacing=list(entry.spacing),
    )


def _paper_record(post: DigestPost, entry: PostEntry, *, sample: bool) -> PaperRecord:
    return PaperRecord(
        arxiv_id=entry.arxiv_id,
        version=entry.version,
        title=" ".join(entry.title.split()),
        authors=author_names(entry.author_line),
        categories=entry.categories,
        abstract=entry.abstract,
        abstract_is_summary=sample and bool(entry.abstract),
        recorded_at=entry.observed_at,
        announced_on=post.date,
    )


def _tweet_record(embed: TweetEmbed, entry: PostEntry, *, sample: bool) -> TweetRecord:
    return TweetRecord(
        network=embed.network,
        external_id=embed.external_id,
        url=embed.url,
        handle=embed.handle[: Tweet.NAME_LENGTH],
        author_name=embed.author_name[: Tweet.NAME_LENGTH],
        text=embed.text,
        text_is_ours=sample and bool(embed.text),
        language=embed.language[: Tweet.LANGUAGE_LENGTH],
        direction=embed.direction,
        posted_at=embed.posted_at,
        fetched_at=entry.observed_at,
        arxiv_ids=(entry.arxiv_id,),
    )


def _sample_record(entry: PostEntry) -> SampleRecord:
    return SampleRecord(
        arxiv_id=entry.arxiv_id,
        network=Network.X,  # the blog counted on Twitter alone
        observed_at=entry.observed_at,
        retweets=entry.retweets,
        favorites=entry.favorites,
    )


def author_names(line: str) -> tuple[str, ...]:
    """Return the names of a printed author line, in NFC; "Jr." stays with its name."""
    names: list[str] = []
    for part in unicodedata.normalize("NFC", line).split(","):
        name = " ".join(part.split())[: Author.NAME_LENGTH]
        if name in _SUFFIXES and names:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return tuple(names)


# Writing out -------------------------------------------------------------------------------------


def export(day: date) -> str:
    """Return the digest of `day` as the blog's Markdown; raise Digest.DoesNotExist."""
    return digest_markdown.render(_post_of(Digest.objects.get(date=day)))


def export_for_all(digest: Digest) -> str:
    """Return the digest as anybody may have it: of a post on X the handle, the date and the link.

    What was hidden since is not in it, and the ranks are those printed.
    """
    seen = DigestTweet.objects.filter(is_visible("tweet__"))
    post = _post_of(digest, digest.entries.printed().filter(paper__hidden=False), seen)
    entries = tuple(
        replace(entry, tweets=tuple(map(_public, entry.tweets)), spacing=())
        for entry in post.entries
    )
    introduction = post.introduction if entries else ""  # it stands before an entry
    return digest_markdown.render(replace(post, entries=entries, introduction=introduction))


def _public(embed: TweetEmbed) -> TweetEmbed:
    """Return a tweet without what its network gave; what was said on X, and by whom, is X's."""
    if embed.network != Network.X:
        return replace(embed, html="")
    return replace(embed, html="", text="", author_name="", language="", direction="")


def _post_of(
    digest: Digest,
    printed: QuerySet[DigestEntry] | None = None,
    tweets: QuerySet[DigestTweet] | None = None,
) -> DigestPost:
    """Return all that a digest prints, or these of its entries with these of their tweets."""
    shown = DigestTweet.objects.all() if tweets is None else tweets
    entries = digest.entries.printed() if printed is None else printed
    entries = entries.select_related("paper").prefetch_related(
        Prefetch("tweets", shown.select_related("tweet"))
    )
    return DigestPost(
        date=digest.date,
        stamp=digest.stamp,
        head=digest.head or digest_markdown.default_head(digest.date, digest.stamp),
        entries=tuple(_post_entry(entry) for entry in entries),
        introduction=digest.introduction,
    )


def _post_entry(entry: DigestEntry) -> PostEntry:
    return PostEntry(
        rank=entry.rank,
        title=entry.title,
        author_line=entry.author_line,
        retweets=entry.retweets,
        favorites=entry.favorites,
        observed_at=entry.observed_at,
        arxiv_id=entry.paper.arxiv_id,
        version=entry.version,
        categories=tuple(entry.category_codes),
        # A summary of ours is no abstract: read back from the post it would pass for one.
        abstract="" if entry.abstract_is_summary else entry.abstract,
        tweets=tuple(_embed(printed) for printed in entry.tweets.all()),
        spacing=tuple(entry.spacing),
        note=entry.note,
    )


def _embed(printed: DigestTweet) -> TweetEmbed:
    tweet = printed.tweet
    return TweetEmbed(
        network=tweet.network,
        external_id=tweet.external_id,
        url=tweet.url,
        handle=tweet.handle,
        author_name=tweet.author_name,
        text="" if tweet.text_is_ours else tweet.text,
        language=tweet.language,
        direction=tweet.direction,
        posted_at=tweet.posted_at,
        html=printed.html,
    )
