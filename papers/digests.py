"""A day's digest: building it from what is known, publishing it, printing it anew."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from papers import arrangement, clock, posts, ranking
from papers.arrangement import Arrangement
from papers.models import (
    Digest,
    DigestEdit,
    DigestEntry,
    DigestRevision,
    DigestTweet,
    Paper,
    Tweet,
    is_counted,
    is_visible,
)


@transaction.atomic
def build(day: date) -> Digest | None:
    """Build the draft of a day from what is known now; None when no paper of it was noticed.

    A draft is built anew each time, and may lose all it printed; a published digest stays as it is.
    A new draft has no hour: it waits for whoever built it, who may still have embeds to fetch.
    """
    digest = Digest.objects.select_for_update().filter(date=day).first()
    if digest and digest.state == Digest.State.PUBLISHED:
        return digest
    papers = Paper.objects.visible().filter(score__gt=0)
    elsewhere = DigestEntry.objects.filter(paper=OuterRef("pk")).exclude(digest__date=day)
    late = papers.filter(
        ~Exists(elsewhere),
        announced_on__lt=day,
        announced_on__gte=_listing_days_before(day, settings.LATE_DAYS),
        score__gte=settings.PAPER_THRESHOLD,
    )
    choices = ranking.choose_papers(papers.filter(announced_on=day), late)
    if not choices and not digest:
        return None
    digest = digest or Digest(date=day)
    digest.stamp = clock.now()
    digest.sum_up([choice.paper for choice in choices])
    digest.save()
    digest.entries.all().delete()
    rows = [_built_row(digest, rank, choice) for rank, choice in enumerate(choices, start=1)]
    DigestEntry.objects.bulk_create(rows)
    DigestTweet.objects.bulk_create(printed for row in rows for printed in _chosen_tweets(row))
    return digest if choices else None


def _listing_days_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _built_row(digest: Digest, rank: int, choice: ranking.Choice[Paper]) -> DigestEntry:
    paper = choice.paper
    return DigestEntry(
        digest=digest,
        rank=rank,
        paper=paper,
        title=" ".join(paper.title.split()),
        author_line=", ".join(paper.author_names),
        abstract=paper.abstract.strip(),
        abstract_is_summary=paper.abstract_is_summary,
        title_html=paper.title_html,
        abstract_html=paper.abstract_html,
        category_codes=paper.category_codes,
        version=None,
        retweets=paper.retweets,
        favorites=paper.favorites,
        # The blog prints seconds; what is printed must read back as what is stored.
        observed_at=(paper.observed_at or digest.stamp).replace(microsecond=0),
        listed_on=paper.announced_on if choice.late else None,
        below_threshold=choice.below,
    )


def _chosen_tweets(row: DigestEntry) -> list[DigestTweet]:
    tweets = row.paper.tweets.filter(is_counted(), deleted_at=None).order_by("posted_at", "pk")
    chosen = ranking.choose_tweets(list(tweets))
    return [
        DigestTweet(entry=row, position=position, tweet=tweet, html=tweet.embed_html)
        for position, tweet in enumerate(chosen)
    ]


def store_embed(tweet: Tweet, html: str) -> None:
    """Keep the embed of a tweet, for itself and for the drafts that show it."""
    Tweet.objects.filter(pk=tweet.pk).update(embed_html=html)
    drafts = DigestTweet.objects.filter(tweet=tweet, entry__digest__state=Digest.State.DRAFT)
    drafts.filter(html="").update(html=html)


# Publishing --------------------------------------------------------------------------------------


def publish(
    digest: Digest, reason: str = "", by: Any = None, wanted: Arrangement | None = None
) -> bool:
    """Publish a draft and keep its bytes as a revision; False when another process did it.

    What editors `wanted` is taken in first. Raises ValueError where the day cannot be written out.
    """
    now = clock.now()
    with transaction.atomic():
        stamp = {} if digest.head else {"stamp": now}
        claimed = Digest.objects.filter(pk=digest.pk, state=Digest.State.DRAFT).update(
            state=Digest.State.PUBLISHED, published_at=now, edition=F("edition") + 1, **stamp
        )
        if not claimed:
            return False
        if wanted is not None:
            _take_in(digest, wanted)
        keep_revision(digest, reason, by)
    return True


@transaction.atomic
def revise(digest: Digest, wanted: Arrangement, reason: str, by: Any) -> None:
    """Print a published day anew, as editors want it; raise ValueError where it cannot be written.

    A day that was never printed to a revision, as those of the sample, keeps what it says as one.
    """
    Digest.objects.filter(pk=digest.pk).update(edition=F("edition") + 1)
    if not digest.revisions.exists():
        keep_revision(digest, at=digest.published_at)
    _take_in(digest, wanted)
    keep_revision(digest, reason, by)


def keep_revision(
    digest: Digest, reason: str = "", by: Any = None, at: datetime | None = None
) -> None:
    """Keep the bytes of a day as its next revision, printed `at` a moment, or now."""
    last = digest.revisions.first()
    DigestRevision.objects.create(
        digest=digest,
        number=last.number + 1 if last else 1,
        markdown=posts.export(digest.date),
        reason=reason,
        created_by=by,
        created_at=at or clock.now(),
    )


def _take_in(digest: Digest, wanted: Arrangement) -> None:
    """Let the entries stand as `wanted`, without the tweets that were hidden since."""
    entries = list(digest.entries.all())
    printed = arrangement.arrange(entries, wanted)
    if not printed:
        raise ValueError("a digest prints one paper at least")
    for row in entries:
        row.spacing = []  # what was unusual was so between other blocks
    digest.entries.update(left_out=True)  # so that ranks can be exchanged: no two share one
    DigestEntry.objects.bulk_update(
        entries, ["rank", "computed_rank", "pinned", "left_out", "note", "spacing"]
    )
    DigestTweet.objects.filter(~is_visible("tweet__"), entry__digest=digest).delete()
    DigestEdit.objects.filter(digest=digest).delete()
    digest.refresh_from_db()
    digest.introduction = wanted.introduction
    digest.sum_up(printed)
    digest.save()
