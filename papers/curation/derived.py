"""What follows from the rows that an act changed: samples, scores, what is found, drafts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import F

from papers import counting, digests, ingest, ranking, search
from papers.bulk import chunks, locked
from papers.models import Act, Digest, Paper, Tweet, TweetPaper, Verdict

Named = Mapping[str, Mapping[str, Mapping[str, Any] | None]]
OF_PAPERS = ("papers.sample", "papers.papercategory")


def renew(before: Named, after: Named) -> None:
    """Make anew what is derived from these rows, the same way for an act and its undoing."""
    lock(before, after)
    _mark_tweets(_accounts(before, after))
    _recount(tweets_of(before, after))
    if recategorised := _recategorised(after):
        ingest.repeat_categories(recategorised)
    if papers := papers_of(before, after):
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


def lock(*rows: Named) -> None:
    """Lock the papers that these rows lead to, in the order in which the ingest does."""
    names: list[str] = []
    for some in chunks(papers_of(*rows)):
        names += Paper.objects.filter(pk__in=some).values_list("arxiv_id", flat=True)
    for _ in locked(Paper, "arxiv_id", names):
        pass


def papers_of(*rows: Named) -> set[int]:
    """Return the papers that these rows are, or are of, or that their tweets link."""
    papers = {int(key) for key in _keys("papers.paper", rows)}
    for label in OF_PAPERS:
        held = apps.get_model(label)._default_manager.filter(pk__in=_keys(label, rows))
        papers |= set(held.values_list("paper", flat=True))
        papers |= {row["paper_id"] for row in _whole(label, rows, "paper_id")}
    for some in chunks(tweets_of(*rows)):
        papers |= set(TweetPaper.objects.filter(tweet__in=some).values_list("paper", flat=True))
    return papers


def _keys(label: str, rows: Iterable[Named]) -> set[str]:
    return {key for named in rows for key in named.get(label, {})}


def _whole(label: str, rows: Iterable[Named], column: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows that came or went, of which all columns are named."""
    for named in rows:
        yield from (row for row in named.get(label, {}).values() if row and column in row)


def tweets_of(*rows: Named) -> set[int]:
    """Return the tweets among these rows, and those of the accounts among them."""
    found = {int(key) for key in _keys("papers.tweet", rows)}
    for account in _accounts(*rows):
        found |= set(Tweet.objects.of_account(*account).values_list("pk", flat=True))
    return found


def _accounts(*rows: Named) -> set[tuple[str, str]]:
    """Return network and handle of the accounts whose verdicts are among these rows."""
    held = Verdict.objects.filter(pk__in=_keys("papers.verdict", rows))
    accounts = set(held.values_list("network", "handle"))
    gone = _whole("papers.verdict", rows, "handle")
    return accounts | {(row["network"], row["handle"]) for row in gone}


def _mark_tweets(accounts: Collection[tuple[str, str]]) -> None:
    """Repeat on the tweets of these accounts what is decided about them."""
    for network, handle in sorted(accounts):
        verdict = Verdict.objects.filter(network=network, handle=handle).first()
        kind = verdict.kind if verdict else None
        Tweet.objects.of_account(network, handle).update(
            by_blocked=kind == Verdict.Kind.BLOCKED, by_bot=kind == Verdict.Kind.BOT
        )


def _recount(tweets: Collection[int]) -> None:
    """Count the newest samples of the papers of these tweets anew.

    A total that came with a post has no counts of tweets in it, and stays.
    """
    of_network = defaultdict(set)
    for some in chunks(tweets):
        links = TweetPaper.objects.filter(tweet__in=some)
        for network, paper_id in links.values_list("tweet__network", "paper"):
            of_network[network].add(paper_id)
    for network, papers in of_network.items():
        counting.recount(papers, network)


def _recategorised(after: Named) -> list[int]:
    papers = after.get("papers.paper", {}).items()
    return [int(key) for key, columns in papers if columns and "category_codes" in columns]


def _rebuild_drafts(papers: Collection[int]) -> None:
    """Build the drafts anew that print these papers, or would; what is published stays."""
    listed = Paper.objects.filter(pk__in=papers, announced_on__isnull=False)
    first = listed.order_by("announced_on").values_list("announced_on", flat=True).first()
    for draft in Digest.objects.filter(state=Digest.State.DRAFT).order_by("date"):
        # Later ones too: a paper may come late into them.
        if (first and draft.date >= first) or draft.entries.filter(paper__in=papers).exists():
            digests.build(draft.date)
