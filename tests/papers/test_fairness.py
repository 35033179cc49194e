"""Places in fields: the arithmetic by hand, and that they follow whatever comes, in any order."""

import math
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from papers import counting, fairness, ingest, ranking
from papers.fairness import PEERS, Listed, places, rarity, top_share
from papers.models import FieldChange, Paper, PaperCategory, Sample
from papers.ranking import start_of
from papers.selection import Selection, Sort
from papers.sources.base import PaperRecord, SampleRecord
from tests.factories import DAY, MORNING, make_paper, raw_tables
from tests.papers.trials import undone


def order(**params: str) -> list[str]:
    """The titles of the field-fair list."""
    page = Selection.from_params(Sort.HOT, {"fair": "1", **params}).page(DAY)
    return [paper.title for paper in page.papers]


@pytest.mark.django_db
def test_it_works():
    """Of 8 in mathematics one has 12 posts; of 8 in machine learning all have hundreds."""
    for number in range(8):
        make_paper(categories=("cs.LG",), score=300 + 100 * number, title=f"Learning {number}")
        make_paper(categories=("math.CT",), score=12 * (number == 5), title=f"Categories {number}")
    fairness.refresh()
    assert order()[:2] == ["Learning 7", "Categories 5"]
    assert order(category="math.CT")[0] == "Categories 5"
    make_paper(categories=("math.CT",))
    fairness.refresh()
    assert order()[:3] == ["Categories 5", "Learning 7", "Learning 6"]


# Arithmetic --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "peers"), [(1, 63), (2, 127), (100, 6399)])
def test_one_in_64_counts_6_in_every_field(rank: int, peers: int):
    assert rarity(rank, peers) == 6


def listed(*scores: int, day: date = DAY, first: int = 1) -> list[Listed]:
    return [Listed(day, score, key, 0.0) for key, score in enumerate(scores, start=first)]


def rare(papers: list[Listed]) -> list[float]:
    """2 to the power of each paper's rarity: of how many one is as good."""
    found = places(papers)
    return [2 ** (found[paper.paper_id] - start_of(paper.announced_on)) for paper in papers]


def test_a_rank_by_hand():
    assert rare(listed(5, 12, 0, 1)) == pytest.approx([5 / 2, 5, 1, 5 / 3])


def test_what_stands_level_has_the_rank_of_the_last():
    assert rare(listed(7, 7, 7, 1)) == pytest.approx([5 / 3] * 3 + [5 / 4])


def test_what_nobody_noticed_has_its_day_alone():
    assert places(listed(0, 0, 0))[2] == start_of(DAY)


def test_peers_are_those_of_90_days_and_none_of_later():
    before, oldest = DAY - PEERS, DAY - PEERS + timedelta(1)
    papers = listed(9, day=before) + listed(8, day=oldest, first=2) + listed(5, first=3)
    assert rare(papers)[2] == pytest.approx(3 / 2)  # the second of two
    assert rare(papers)[0] == pytest.approx(2)  # the first of one


def test_a_listing_day_later_needs_half_the_rarity():
    friday = DAY + timedelta(1)
    papers = listed(5, 4, 3, 2, 1, 0, 0) + listed(1, day=friday, first=8)
    found = places(papers)
    assert found[8] - found[1] == pytest.approx(1 + math.log2((9 / 6) / 8))


def test_the_part_of_the_field_is_read_from_what_is_stored(db):
    for score in (0, 12, 5):
        make_paper(score=score)
    fairness.refresh()
    shares = [top_share(paper) for paper in Paper.objects.order_by("arxiv_id")]
    assert shares == [None, pytest.approx(1 / 4), pytest.approx(2 / 4)]


def test_before_it_is_placed_a_paper_has_no_part(db):
    assert top_share(make_paper(score=5)) is None
    assert top_share(make_paper(score=5, announced_on=None)) is None


scores = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 10**9))
fields = st.lists(st.tuples(st.integers(0, 200), scores), max_size=60)


@given(fields)
def test_any_field_is_placed_as_the_rule_says(rows: list[tuple[int, int]]):
    days = sorted((DAY + timedelta(offset), score) for offset, score in rows)
    papers = [Listed(day, score, key, 0.0) for key, (day, score) in enumerate(days)]
    found = places(papers)
    assert found == {paper.paper_id: by_rule(paper, papers) for paper in papers}


def by_rule(paper: Listed, field: list[Listed]) -> float:
    """The rule as docs/ranking.md says it, looking at every pair."""
    day = paper.announced_on
    peers = [p for p in field if day - timedelta(90) < p.announced_on <= day]
    level = sum(peer.score >= paper.score for peer in peers)
    rare = math.log2((len(peers) + 1) / level) if paper.score else 0
    return rare + start_of(day)


# What is stored ----------------------------------------------------------------------------------


def stored() -> dict[str, float]:
    return dict(Paper.objects.values_list("arxiv_id", "fair"))


def expected() -> dict[str, float]:
    rows = list(Paper.objects.values_list("primary_category", "announced_on", "score", "arxiv_id"))
    found = {}
    for code, day, score, arxiv_id in rows:
        found[arxiv_id] = 0.0
        if code and day:
            field = [Listed(d, s, 0, 0.0) for c, d, s, _ in rows if d and c == code]
            found[arxiv_id] = by_rule(Listed(day, score, 0, 0.0), field)
    return found


def repeated() -> bool:
    """Tell whether every listing says what its paper says."""
    rows = PaperCategory.objects.values_list("fair", "paper__fair")
    return all(one == other for one, other in rows)


def told(arxiv_id: str, code: str, day: date | None, score: int, hour: int) -> None:
    """Let a source tell of a paper, and a network of its score."""
    moment = MORNING + timedelta(hours=hour)
    record = PaperRecord(
        arxiv_id=arxiv_id,
        title="Weight",
        authors=("Ada Lark",),
        categories=(code, "stat.ML") if code else (),
        abstract="",
        recorded_at=moment,
        announced_on=day,
    )
    keys = ingest.store_papers([record])
    sample = SampleRecord(
        arxiv_id=arxiv_id, network="x", observed_at=moment, retweets=0, favorites=score
    )
    counting.store([sample], keys, Sample.Kind.COUNTED)
    ranking.rescore(keys.values())


Event = tuple[str, str, date | None, int]
events = st.tuples(
    st.sampled_from([f"2106.0000{n}" for n in range(1, 7)]),
    st.sampled_from(["cs.LG", "cs.LG", "math.CT", ""]),
    st.sampled_from([DAY, DAY + timedelta(1), DAY + timedelta(90), None]),
    st.sampled_from([0, 1, 1, 5, 9]),
)


@pytest.mark.django_db
@given(st.lists(events, max_size=12), st.data())
@settings(deadline=None, max_examples=40)
def test_any_order_of_arrival_and_of_placing_ends_in_the_same(
    world: list[Event], data: st.DataObject
):
    hours = {event: hour for hour, event in enumerate(world)}  # of two the newer wins
    ends = []
    for events in (world, data.draw(st.permutations(world))):
        with undone():
            for event in events:
                told(*event, hour=hours[event])
                if data.draw(st.booleans()):
                    fairness.refresh()
            fairness.refresh()
            assert not FieldChange.objects.exists()
            assert repeated()
            assert stored() == expected()
            ends.append(stored())
    assert ends[0] == ends[1]


@pytest.fixture
def placed(db) -> list[Paper]:
    papers = [make_paper(score=score) for score in (0, 3, 9)]
    fairness.refresh()
    return papers


def test_placing_again_changes_nothing(placed: list[Paper]):
    before = raw_tables()
    fairness.mark()
    fairness.refresh()
    assert raw_tables() == before


def test_scoring_again_leaves_nothing_to_do(placed: list[Paper]):
    ranking.rescore([paper.pk for paper in placed])
    assert not FieldChange.objects.exists()


def test_a_paper_that_leaves_a_field_makes_room(placed: list[Paper]):
    told(placed[2].arxiv_id, "math.CT", DAY, 9, hour=1)
    fairness.refresh()
    assert stored() == expected()
    assert top_share(Paper.objects.get(pk=placed[1].pk)) == pytest.approx(1 / 3)


def test_a_paper_without_a_field_or_a_day_is_as_cold_as_can_be(placed: list[Paper]):
    told(placed[2].arxiv_id, "", DAY, 9, hour=1)
    Paper.objects.filter(pk=placed[1].pk).update(announced_on=None)
    ranking.rescore([placed[1].pk])
    fairness.refresh()
    assert stored() == expected()
    assert sorted(stored().values())[:2] == [0, 0]
    assert repeated()


def test_other_fields_are_not_read(placed: list[Paper], django_assert_num_queries):
    make_paper(categories=("math.CT",), score=5)
    with django_assert_num_queries(11):
        fairness.refresh()
    with django_assert_num_queries(1):
        fairness.refresh()


def test_rerank_places_every_paper(placed: list[Paper]):
    before = stored()
    Paper.objects.update(fair=7)
    call_command("rerank", day=DAY)
    assert stored() == before
    Paper.objects.update(fair=7)
    call_command("rerank")
    assert stored() == before
