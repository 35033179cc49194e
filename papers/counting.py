"""A paper's totals on a network at a moment: counted from its tweets, or told by a post."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, Sum

from papers.bulk import chunks, upsert
from papers.models import Sample, TweetPaper, is_counted
from papers.sources.base import SampleRecord


def count(paper_ids: Collection[int], network: str, observed_at: datetime) -> None:
    """Add up the tweets of these papers on a network, as the samples of a moment.

    Of no other network: another run may just be reading it, and half of its tweets be stored.
    Tweets whose counts nobody told add nothing; where none has counts there is no sample.
    """
    for chunk in chunks(sorted(set(paper_ids))):
        rows = [
            Sample(
                paper_id=paper_id,
                network=network,
                observed_at=observed_at,
                retweets=retweets,
                favorites=favorites,
                kind=Sample.Kind.COUNTED,
            )
            for paper_id, (retweets, favorites) in _totals(chunk, network).items()
        ]
        upsert(Sample, rows, ["paper", "network", "observed_at"])


def recount(paper_ids: Collection[int], network: str) -> None:
    """Count the newest samples of these papers on a network anew, after other tweets count.

    What came with a post is no count and stays; so does what a curator said, and the sample under
    it is counted, for when that is taken back.
    """
    for chunk in chunks(sorted(set(paper_ids))):
        told = Sample.objects.filter(paper__in=chunk, network=network)
        samples = told.exclude(kind=Sample.Kind.FIXED).order_by("observed_at")
        newest = {sample.paper_id: sample for sample in samples}
        totals = _totals(chunk, network)
        counted = [s for s in newest.values() if s.kind == Sample.Kind.COUNTED]
        for sample in counted:
            sample.retweets, sample.favorites = totals.get(sample.paper_id, (0, 0))
        Sample.objects.bulk_update(counted, ["retweets", "favorites"])


def recount_bots(paper_ids: Collection[int]) -> None:
    """Count those of these papers anew that bots link, after COUNT_BOTS changed."""
    for chunk in chunks(sorted(set(paper_ids))):
        links = TweetPaper.objects.filter(tweet__by_bot=True, paper__in=chunk)
        of_network = defaultdict(set)
        for network, paper_id in links.values_list("tweet__network", "paper"):
            of_network[network].add(paper_id)
        for network, papers in of_network.items():
            recount(papers, network)


def _totals(paper_ids: Collection[int], network: str) -> dict[int, tuple[int, int]]:
    """Return retweets and favorites of the papers that have a tweet with counts."""
    links = TweetPaper.objects.filter(
        is_counted("tweet__"), paper__in=paper_ids, tweet__network=network
    )
    sums = (
        links.filter(Q(tweet__retweets__isnull=False) | Q(tweet__favorites__isnull=False))
        .order_by()
        .values_list("paper")
        .annotate(Sum("tweet__retweets"), Sum("tweet__favorites"))
    )
    return {paper_id: (retweets or 0, favorites or 0) for paper_id, retweets, favorites in sums}


def store(records: Iterable[SampleRecord], papers: dict[str, int], kind: Sample.Kind) -> None:
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
    upsert(Sample, list(rows.values()), ["paper", "network", "observed_at"])
