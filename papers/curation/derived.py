"""What follows from the rows that an act changed: samples, scores, what is found, drafts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.db.models import F

from papers import counting, digests, ranking, search
from papers.models import Act, Digest, Paper, TweetPaper

Named = Mapping[str, Mapping[str, Mapping[str, Any] | None]]


def renew(before: Named, after: Named) -> None:
    """Make anew what is derived from these rows, the same way for an act and its undoing."""
    papers = {int(key) for key in after.get("papers.paper", {})}
    for label in ("papers.sample", "papers.papercategory"):
        papers |= _owners(label, before, after)
    papers |= _recount(list(after.get("papers.tweet", {})))
    if papers:
        ranking.rescore(papers)
        search.index(papers)
        _rebuild_drafts(papers)


def reprint(undoing: Act) -> None:
    """Let a day follow from its rows that were given back.

    One that is published says so in a further revision; one that is a draft again waits without an
    hour. Whoever has it open in the editor is told.
    """
    if undoing.digest_id is None:
        return
    day = Digest.objects.filter(pk=undoing.digest_id)
    day.update(edition=F("edition") + 1)
    day.filter(state=Digest.State.DRAFT).update(publish_at=None)
    for digest in day.published():
        digests.keep_revision(digest, undoing.reason, undoing.by)


def _owners(label: str, before: Named, after: Named) -> set[int]:
    """Return whose rows these are, those that came or went included."""
    rows = apps.get_model(label)._default_manager.filter(pk__in=list(after.get(label, {})))
    gone = [row for row in before.get(label, {}).values() if row]
    return set(rows.values_list("paper", flat=True)) | {
        row["paper_id"] for row in gone if "paper_id" in row
    }


def _recount(tweets: Collection[str]) -> set[int]:
    """Count the newest samples of the papers of these tweets anew; return those papers.

    A total that came with a post has no counts of tweets in it, and stays.
    """
    of_network = defaultdict(set)
    links = TweetPaper.objects.filter(tweet__in=map(int, tweets))
    for network, paper_id in links.values_list("tweet__network", "paper"):
        of_network[network].add(paper_id)
    for network, papers in of_network.items():
        counting.recount(papers, network)
    return {paper_id for papers in of_network.values() for paper_id in papers}


def _rebuild_drafts(papers: Collection[int]) -> None:
    """Build the drafts anew that print these papers, or would; what is published stays."""
    listed = set(Paper.objects.filter(pk__in=papers).values_list("announced_on", flat=True))
    for draft in Digest.objects.filter(state=Digest.State.DRAFT):
        if draft.date in listed or draft.entries.filter(paper__in=papers).exists():
            digests.build(draft.date)
