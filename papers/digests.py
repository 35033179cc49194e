"""A day's digest: building it from what is known, publishing it in time."""

import logging
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from papers import clock, posts, ranking
from papers.models import (
    Digest,
    DigestEntry,
    DigestRevision,
    DigestTweet,
    Paper,
    Tweet,
    is_counted,
)

logger = logging.getLogger(__name__)


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


def publish(digest: Digest, reason: str = "") -> bool:
    """Publish a draft and keep its bytes as a revision; False when another process did it."""
    now = clock.now()
    with transaction.atomic():
        stamp = {} if digest.head else {"stamp": now}
        claimed = Digest.objects.filter(pk=digest.pk, state=Digest.State.DRAFT).update(
            state=Digest.State.PUBLISHED, published_at=now, **stamp
        )
        if not claimed:
            return False
        last = digest.revisions.first()
        DigestRevision.objects.create(
            digest=digest,
            number=last.number + 1 if last else 1,
            markdown=posts.export(digest.date),
            reason=reason,
        )
    return True


def publish_due() -> list[date]:
    """Publish the drafts whose hour has come, the oldest day first; return their days.

    A draft that cannot be written out stays a draft, and the others do not wait for it.
    """
    published = []
    for digest in Digest.objects.due(clock.now()).order_by("date"):
        try:
            if publish(digest):
                published.append(digest.date)
        except ValueError:
            logger.exception("the digest of %s cannot be published", digest.date)
    return published
