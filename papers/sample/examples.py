"""What a first start leaves a curator to try: a draft day, a case of spam, an item set aside.

The day is a real one of the sample, held back; the spam and the item are invented, say so, and
belong to nobody. `remove` takes all of it away again and publishes the day.
"""

from datetime import UTC, date, datetime

from django.db import transaction

from papers import counting, ingest, ranking
from papers.models import (
    Act,
    Digest,
    IngestRun,
    Network,
    Paper,
    Quarantine,
    Sample,
    Tweet,
    TweetPaper,
    Verdict,
)
from papers.posts import import_posts
from papers.sample import archive
from papers.sources.base import TweetRecord

HELD_BACK = date(2021, 5, 28)
SPAMMED = "2106.04876"  # among the last of its day
HANDLE = "barns.invented.example"
MOMENT = datetime(2021, 6, 11, 12, tzinfo=UTC)
SPAM = TweetRecord(
    network=Network.BLUESKY,
    external_id=f"at://{HANDLE}/1",
    url=f"https://{HANDLE}/1",
    handle=HANDLE,
    author_name="Invented example",
    text="Cheap barns, painted red! (Invented, for curators to try things on: nobody posted this.)",
    text_is_ours=True,
    language="en",
    posted_at=MOMENT,
    fetched_at=MOMENT,
    retweets=1_400,
    favorites=2_300,
    arxiv_ids=(SPAMMED,),
)
REPORT = "The same under every paper. (Invented, too.)"
SOURCE, KIND = "site", "example"  # of a run that no job has, so that nothing waits for it
ITEM = "2106.99999"
REASON = "it has no title (invented, for curators to try things on)"


@transaction.atomic
def add() -> Tweet | None:
    """Leave what of it this site has the papers for; return the tweet, if it is there."""
    drafted = Digest.objects.filter(date=HELD_BACK, from_sample=True)
    drafted.update(state=Digest.State.DRAFT, published_at=None, publish_at=None)
    run, _ = IngestRun.objects.get_or_create(
        source=SOURCE,
        kind=KIND,
        due_at=MOMENT,
        defaults={"state": IngestRun.State.PARTIAL, "started_at": MOMENT, "ended_at": MOMENT},
    )
    Quarantine.objects.get_or_create(
        run=run, item=ITEM, defaults={"reason": REASON, "seen_at": MOMENT}
    )
    papers = ingest.keys_of([SPAMMED])
    if not papers:
        return None
    (key,) = ingest.store_tweets([SPAM], papers, sample=True).values()
    counting.count(papers.values(), SPAM.network, MOMENT)
    ranking.rescore(papers.values())
    return Tweet.objects.get(pk=key)


@transaction.atomic
def remove() -> None:
    """Take away what was invented, with what curators did to it, and publish the day again."""
    IngestRun.objects.filter(source=SOURCE, kind=KIND).delete()
    Verdict.objects.filter(network=SPAM.network, handle=HANDLE).delete()
    about = Act.objects.filter(subject__contains=HANDLE)
    about.exclude(undoes=None).delete()
    about.delete()
    _forget_tweet()
    drafts = Digest.objects.filter(date=HELD_BACK, from_sample=True, state=Digest.State.DRAFT)
    if drafts.exists():
        drafts.delete()
        import_posts([post for post in archive.read() if post.date == HELD_BACK], sample=True)


def _forget_tweet() -> None:
    """Delete the tweet, and the totals of its paper that nothing but it adds up to."""
    found = Tweet.objects.filter(network=SPAM.network, external_id=SPAM.external_id)
    papers = set(Paper.objects.filter(tweets__in=found).values_list("pk", flat=True))
    found.delete()
    others = TweetPaper.objects.filter(paper__in=papers, tweet__network=SPAM.network)
    alone = papers - set(others.values_list("paper", flat=True))
    Sample.objects.filter(paper__in=alone, network=SPAM.network).delete()
    counting.recount(papers, SPAM.network)
    ranking.rescore(papers)
