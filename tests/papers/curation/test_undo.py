"""Whatever curators do in whatever order: undone in reverse, every row is as it was."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers import counting, digests, ranking
from papers.curation import log, runs, tags, tweets
from papers.curation import papers as of_papers
from papers.models import Act, Digest, Paper, Quarantine, Sample, Tweet
from tests.factories import DAY, MORNING, make_alike, make_digest, make_paper, make_tweet
from tests.papers.curation.cases import make_runs, world
from tests.papers.trials import undone

pytestmark = pytest.mark.django_db

NETWORKS = ("x", "bluesky")
HANDLES = ("ada", "Bo", "CARLA")
TAGS = ("weight", "scales", "barns")
DAYS = tuple(DAY - timedelta(days=n) for n in range(4))  # Thursday to Monday
WHY = "For a test."

counts = st.none() | st.integers(0, 90)
a_tweet = st.tuples(
    st.sampled_from(NETWORKS),
    st.sampled_from(HANDLES),
    st.sets(st.integers(0, 2), min_size=1),  # the papers it links
    counts,
    st.booleans(),  # hidden
)
a_paper = st.fixed_dictionaries(
    {
        "announced_on": st.sampled_from(DAYS),
        "categories": st.sampled_from([("cs.LG",), ("math.CO", "cs.LG"), ("stat.ML",)]),
        "hidden": st.booleans(),
        "score": st.sampled_from([0, 0, 70]),  # imported
    }
)


def make(papers: list[dict[str, Any]], of_papers: list[tuple[Any, ...]]) -> None:
    made = [make_paper(**values) for values in papers]
    for network, handle, links, favorites, hidden in of_papers:
        linked = [made[link] for link in sorted(links)]
        make_tweet(*linked, network=network, handle=handle, favorites=favorites, hidden=hidden)
    for network in NETWORKS:
        counting.count([paper.pk for paper in made], network, MORNING + timedelta(hours=1))
    ranking.rescore([paper.pk for paper in made])
    make_alike(made[0], made[1])
    made[0].tags.add("weight", "scales")
    made[1].tags.add("weight")
    make_runs()
    make_digest(made[0], made[2], date=DAYS[-1], state=Digest.State.PUBLISHED)
    digests.build(DAYS[1])
    digests.build(DAYS[0])


def paper(draw: Callable[[Any], Any]) -> Paper:
    return list(Paper.objects.order_by("arxiv_id"))[draw(st.integers(0, 2))]


def account(draw: Callable[[Any], Any]) -> tweets.Account:
    return tweets.account(draw(st.sampled_from(NETWORKS)), draw(st.sampled_from(HANDLES)))


def one_of(draw: Callable[[Any], Any], rows: Any) -> Any:
    """Return one of the rows; refuse where there is none."""
    found = list(rows.order_by("pk"))
    if not found:
        raise log.Refused("There is none.")
    return found[draw(st.integers(0, len(found) - 1))]


def day(draw: Callable[[Any], Any]) -> date:
    return draw(st.sampled_from((*DAYS, DAY + timedelta(days=1))))


DONE: dict[str, Callable[[Callable[[Any], Any]], Act]] = {
    "hide-paper": lambda draw: of_papers.hide(paper(draw), None, WHY),
    "show-paper": lambda draw: of_papers.show(paper(draw), None, WHY),
    "hide-tweet": lambda draw: tweets.hide(one_of(draw, Tweet.objects.all()), None, WHY),
    "show-tweet": lambda draw: tweets.show(one_of(draw, Tweet.objects.all()), None, WHY),
    "block": lambda draw: tweets.block(account(draw), None, WHY),
    "mark-bot": lambda draw: tweets.mark_bot(account(draw), None, WHY),
    "clear": lambda draw: tweets.clear(account(draw), None, WHY),
    "tag": lambda draw: tags.set_tags(
        paper(draw), None, WHY, draw(st.lists(st.sampled_from(TAGS), max_size=3))
    ),
    "rename-tag": lambda draw: tags.rename(
        one_of(draw, tags.Tag.objects.all()), None, WHY, draw(st.sampled_from((*TAGS, "Weight")))
    ),
    "merge-tag": lambda draw: tags.merge(
        one_of(draw, tags.Tag.objects.all()), None, WHY, one_of(draw, tags.Tag.objects.all())
    ),
    "categories": lambda draw: of_papers.correct_categories(
        paper(draw), None, WHY, draw(st.sampled_from([("stat.ML", "cs.LG"), ("math.CO",)]))
    ),
    "listing-day": lambda draw: of_papers.correct_listing_day(paper(draw), None, WHY, day(draw)),
    "totals": lambda draw: of_papers.correct_totals(
        paper(draw), None, WHY, draw(st.sampled_from(NETWORKS)), draw(st.integers(0, 200)), 3
    ),
    "refetch": lambda draw: runs.refetch(paper(draw), None, WHY),
    "rerun": lambda draw: runs.rerun(one_of(draw, runs.IngestRun.objects.all()), None, WHY),
    "give-up": lambda draw: runs.give_up(one_of(draw, runs.IngestRun.objects.all()), None, WHY),
    "resolve": lambda draw: runs.resolve(one_of(draw, Quarantine.objects.all()), None, WHY),
}


def read_scores() -> dict[str, int]:
    """Return the score of every paper by the rules, read one by one, where tweets are counted."""
    found = {}
    for each in Paper.objects.order_by("arxiv_id"):
        total = 0
        for network in NETWORKS:
            samples = list(each.samples.filter(network=network).order_by("observed_at"))
            kinds = {sample.kind for sample in samples}
            if fixed := [sample for sample in samples if sample.kind == Sample.Kind.FIXED]:
                total += fixed[-1].score
            elif Sample.Kind.IMPORTED in kinds:
                break
            elif samples:
                of_network = each.tweets.filter(network=network, hidden=False)
                counted = of_network.filter(by_blocked=False, by_bot=False)
                total += sum(tweet.score or 0 for tweet in counted)
        else:
            found[each.arxiv_id] = total
    return found


def test_it_works() -> None:
    assert set(Act.Kind.values) - DONE.keys() == {"publish", "revise", "settle"}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    papers=st.lists(a_paper, min_size=3, max_size=3),
    of_papers=st.lists(a_tweet, max_size=6),
    kinds=st.lists(st.sampled_from(sorted(DONE)), min_size=3, max_size=9),
    data=st.data(),
)
def test_undone_in_reverse_all_is_as_it_was(
    papers: list[dict[str, Any]],
    of_papers: list[tuple[Any, ...]],
    kinds: list[str],
    data: st.DataObject,
) -> None:
    with undone():
        make(papers, of_papers)
        done: list[tuple[Act, dict[str, list[str]]]] = []
        for kind in kinds:
            before = world()
            try:
                done.append((DONE[kind](data.draw), before))
            except log.Refused:
                assert world() == before
        scores = dict(Paper.objects.values_list("arxiv_id", "score"))
        assert {name: scores[name] for name in read_scores()} == read_scores()
        for act, before in reversed(done):
            log.undo(act, None, "It was a test.")
            assert world() == before
