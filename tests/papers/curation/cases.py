"""A small world, and for every kind of act what a curator sends to do it there.

A kind without a case fails `test_it_works` of tests/papers/admin/test_acts.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from taggit.models import Tag, TaggedItem

from papers import counting, digests, ledger, ranking
from papers.curation import tweets as of_tweets
from papers.models import (
    Act,
    Category,
    Digest,
    IngestRun,
    Neighbour,
    Paper,
    PaperCategory,
    Quarantine,
    Tweet,
    Verdict,
)
from papers.sources.base import Reject
from tests.factories import DAY, MORNING, contents, make_alike, make_digest, make_paper, make_tweet

Kind = Act.Kind
COUNTED, IMPORTED, QUIET = "2106.00001", "2106.00002", "2106.00003"
SPAM = "1402900000000000099"


def make_world() -> None:
    """Make three papers: one counted from tweets of @ada and @SpamFactory; one whose total came
    with a post, linked by the same spammer; one hidden, by a tweet of a blocked account."""
    counted = make_paper(arxiv_id=COUNTED, title="Counted", categories=("cs.LG", "stat.ML"))
    imported = make_paper(arxiv_id=IMPORTED, title="Imported", score=90)
    quiet = make_paper(arxiv_id=QUIET, title="Quiet", categories=("math.CO",), hidden=True)
    make_tweet(counted, retweets=10, favorites=20)
    make_tweet(
        counted, imported, external_id=SPAM, handle="SpamFactory", retweets=400, favorites=100
    )
    make_tweet(imported, handle="bo")
    make_tweet(quiet, handle="carla", retweets=70, favorites=1, hidden=True)
    counting.count([counted.pk], "x", MORNING + timedelta(hours=1))
    ranking.rescore([counted.pk, imported.pk, quiet.pk])
    make_alike(counted, quiet)
    for paper in (imported, quiet):
        paper.tags.add("weighing", "scales")
    imported.tags.remove("scales")
    Category.objects.ensure(["math.CO"])
    make_runs()
    digests.build(DAY)
    day_before = DAY - timedelta(days=1)
    make_digest(counted, imported, date=day_before, state=Digest.State.PUBLISHED)


def make_runs() -> None:
    ledger.plan("arxiv", "papers", [MORNING, MORNING + timedelta(days=1)])
    failed = IngestRun.objects.earliest("due_at")
    ledger.give_up(failed, "arXiv was away")
    ledger.quarantine(failed, [Reject("2106.00077", "it has no title")])


def world() -> dict[str, list[str]]:
    """What the tables of papers hold but for the log and the moment at which a draft was built."""
    tables = contents()
    del tables["Act"]
    tables["Digest"] = sorted(map(repr, Digest.objects.values_list("date", "state", "score")))
    for model in (Tag, TaggedItem):
        tables[model.__name__] = sorted(map(repr, model.objects.values_list()))
    return tables


def score_of(arxiv_id: str) -> int:
    return Paper.objects.get(arxiv_id=arxiv_id).score


def draft() -> list[str]:
    """What the draft of DAY prints."""
    found = Digest.objects.get(date=DAY).entries.printed()
    return list(found.values_list("paper__arxiv_id", flat=True))


@dataclass(frozen=True)
class Case:
    """`key` names the subject in the address, `form` is sent beside the reason; `effect` is false
    before and true after."""

    key: Callable[[], str]
    effect: Callable[[], bool]
    form: dict[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None  # makes what the act needs


def spam() -> Tweet:
    return Tweet.objects.get(external_id=SPAM)


def hidden_tweet() -> Tweet:
    return Tweet.objects.get(handle="carla")


def tags_of(arxiv_id: str) -> set[str]:
    return set(Paper.objects.get(arxiv_id=arxiv_id).tags.names())


def listings(arxiv_id: str) -> list[str]:
    rows = PaperCategory.objects.filter(paper__arxiv_id=arxiv_id).order_by("position")
    return list(rows.values_list("category", flat=True))


def days_of(arxiv_id: str) -> set[date | None]:
    """Every day stored of a paper: its own, of its listings, of pairs it is the other of."""
    listed = PaperCategory.objects.filter(paper__arxiv_id=arxiv_id)
    pairs = Neighbour.objects.filter(other__arxiv_id=arxiv_id)
    return {
        Paper.objects.get(arxiv_id=arxiv_id).announced_on,
        *listed.values_list("announced_on", flat=True),
        *pairs.values_list("listed_on", flat=True),
    }


def runs(state: str) -> int:
    return IngestRun.objects.filter(state=state, kind="papers").count()


def pk_of(state: str) -> str:
    return str(IngestRun.objects.get(state=state, kind="papers").pk)


def decide(kind: Verdict.Kind) -> Act:
    decide = {Verdict.Kind.BOT: of_tweets.mark_bot, Verdict.Kind.BLOCKED: of_tweets.block}[kind]
    return decide(of_tweets.account("x", "spamfactory"), None, "Posts all day long.")


def is_in_lists(arxiv_id: str) -> bool:
    return Paper.objects.visible().filter(arxiv_id=arxiv_id).exists()


CASES: dict[str, Case] = {
    Kind.HIDE_PAPER: Case(lambda: COUNTED, lambda: draft() == [IMPORTED]),
    Kind.SHOW_PAPER: Case(lambda: QUIET, lambda: is_in_lists(QUIET)),
    Kind.HIDE_TWEET: Case(lambda: str(spam().pk), lambda: score_of(COUNTED) == 30),
    Kind.SHOW_TWEET: Case(lambda: str(hidden_tweet().pk), lambda: not hidden_tweet().hidden),
    Kind.BLOCK: Case(
        lambda: "x:@spamFACTORY", lambda: spam().by_blocked and score_of(COUNTED) == 30
    ),
    Kind.MARK_BOT: Case(lambda: "x:SpamFactory", lambda: spam().by_bot and score_of(COUNTED) == 30),
    Kind.TAG: Case(
        lambda: COUNTED,
        lambda: tags_of(COUNTED) == {"weighing", "barns"},
        {"names": "Weighing, barns"},
    ),
    Kind.RENAME_TAG: Case(
        lambda: "weighing",
        lambda: tags_of(IMPORTED) == {"paper in scales"},
        {"name": "paper in scales"},
    ),
    Kind.MERGE_TAG: Case(
        lambda: "weighing",
        lambda: (
            tags_of(IMPORTED) == {"scales"} and not Tag.objects.filter(name="weighing").exists()
        ),
        {"into": "scales"},
    ),
    Kind.CATEGORIES: Case(
        lambda: COUNTED,
        lambda: listings(COUNTED) == ["math.CO", "cs.LG"],
        {"codes": "math.CO, cs.LG"},
    ),
    Kind.LISTING_DAY: Case(
        lambda: COUNTED,
        lambda: draft() == [IMPORTED] and days_of(COUNTED) == {date(2021, 6, 14)},
        {"day": "2021-06-14"},
    ),
    Kind.TOTALS: Case(
        lambda: IMPORTED,
        lambda: score_of(IMPORTED) == 12,
        {"network": "x", "retweets": "7", "favorites": "5"},
    ),
    Kind.REFETCH: Case(
        lambda: COUNTED,
        lambda: IngestRun.objects.open().filter(kind="refetch", cursor=COUNTED).exists(),
    ),
    Kind.RERUN: Case(lambda: pk_of("failed"), lambda: runs("planned") == 2),
    Kind.GIVE_UP: Case(lambda: pk_of("planned"), lambda: runs("failed") == 2),
    Kind.RESOLVE: Case(
        lambda: str(Quarantine.objects.get().pk),
        lambda: Quarantine.objects.get().resolved_at is not None,
    ),
    Kind.CLEAR: Case(
        lambda: "x:spamfactory",
        lambda: score_of(COUNTED) == 530,
        before=lambda: decide(Verdict.Kind.BLOCKED),
    ),
}
