"""Which papers are in a feed: each rule by itself, and a reading of all of them over worlds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import interests
from accounts.interests import KINDS
from accounts.models import Mute, SavedPaper, Seen, Subscription, User
from papers import clock
from papers.models import Announcement, Paper
from papers.readers import Kind
from tests.accounts.conftest import MakeReader
from tests.factories import DAY, make_alike, make_paper
from tests.papers.trials import undone

pytestmark = pytest.mark.django_db

SINCE = DAY - timedelta(days=6)  # a week
WEEK = timedelta(days=7)


def follow(user: User, kind: Kind, *targets: str) -> None:
    for target in targets:
        Subscription.objects.create(user=user, kind=kind, target=target)


def save(user: User, *papers: Paper) -> None:
    for paper in papers:
        SavedPaper.objects.create(user=user, paper=paper)


def shown(user: User, kinds: Iterable[str] = KINDS) -> dict[int, interests.Candidate]:
    of = interests.of_account(user, SINCE)
    found = interests.touched(of, SINCE, set(kinds)).candidates
    assert len({each.paper_id for each in found}) == len(found)
    return {each.paper_id: each for each in found}


def ids(user: User, kinds: Iterable[str] = KINDS) -> set[str]:
    return set(Paper.objects.filter(pk__in=shown(user, kinds)).values_list("arxiv_id", flat=True))


def test_it_works(reader: User) -> None:
    mine = make_paper(categories=("cs.CL", "cs.LG"))
    make_paper(categories=("math.CT",))
    follow(reader, Kind.CATEGORY, "cs.LG")
    assert ids(reader) == {mine.arxiv_id}
    (reason,) = shown(reader)[mine.pk].reasons
    assert (reason.how, reason.kind, reason.target, reason.near) == ("new", "category", "cs.LG", 1)


def test_who_chose_nothing_is_shown_nothing(reader: User) -> None:
    make_paper()
    assert interests.of_account(reader, SINCE).is_empty
    assert shown(reader) == {}


def test_a_feed_goes_by_authors_and_words_too(reader: User) -> None:
    by_bo = make_paper(authors=("Ada Lark", "Bo Finch"))
    on_barns = make_paper(title="Quiet Barns", abstract="Of mice.")
    make_paper()
    follow(reader, Kind.AUTHOR, "bo-finch")
    follow(reader, Kind.SEARCH, "barns mice")
    assert ids(reader) == {by_bo.arxiv_id, on_barns.arxiv_id}
    of = interests.of_account(reader, SINCE)
    assert of.follows == {
        Kind.AUTHOR: {"bo-finch": "Bo Finch"},
        Kind.SEARCH: {"barns mice": "barns mice"},
    }


def test_what_is_close_to_a_saved_paper_names_it(reader: User) -> None:
    old, near = make_paper(announced_on=DAY - WEEK * 9), make_paper()
    make_alike(old, near, 0.4)
    save(reader, old)
    (reason,) = shown(reader)[near.pk].near
    assert (reason.near, reason.similarity) == (old.pk, 0.4)
    assert not shown(reader)[near.pk].is_followed


def test_a_paper_has_each_of_its_reasons_once(reader: User) -> None:
    paper = make_paper(categories=("cs.LG", "cs.CL"), authors=("Ada Lark",), title="Barns")
    follow(reader, Kind.CATEGORY, "cs.LG", "cs.CL")
    follow(reader, Kind.AUTHOR, "ada-lark")
    follow(reader, Kind.SEARCH, "barns")
    reasons = shown(reader)[paper.pk].reasons
    assert sorted((reason.kind, reason.target) for reason in reasons) == [
        ("author", "ada-lark"),
        ("category", "cs.CL"),
        ("category", "cs.LG"),
        ("search", "barns"),
    ]


def test_a_window_ends_behind_its_first_day(reader: User) -> None:
    first = make_paper(announced_on=SINCE)
    make_paper(announced_on=SINCE - timedelta(days=1))
    make_paper(announced_on=None)
    follow(reader, Kind.CATEGORY, "cs.LG")
    assert ids(reader) == {first.arxiv_id}


def test_hidden_papers_are_left_out_and_counted(reader: User) -> None:
    mine, curators = make_paper(), make_paper(hidden=True)
    left = make_paper()
    make_alike(curators, left)
    follow(reader, Kind.CATEGORY, "cs.LG")
    save(reader, curators)
    Seen.objects.note(reader, mine.pk, hidden_at=clock.now())
    found = interests.touched(interests.of_account(reader, SINCE), SINCE, KINDS)
    assert [each.paper_id for each in found.candidates] == [left.pk]
    assert found.hidden == 1


@pytest.mark.parametrize(
    ("kind", "target"), [("word", "Bárns"), ("author", "bo-finch"), ("category", "cs.RO")]
)
def test_muted_papers_are_left_out_and_counted(reader: User, kind: str, target: str) -> None:
    make_paper(title="On Barns", authors=("Bo Finch",), categories=("cs.LG", "cs.RO"))
    quiet = make_paper()
    follow(reader, Kind.CATEGORY, "cs.LG")
    Mute.objects.create(user=reader, kind=kind, target=target)
    found = interests.touched(interests.of_account(reader, SINCE), SINCE, KINDS)
    assert [each.paper_id for each in found.candidates] == [quiet.pk]
    assert found.muted == {(kind, target): 1}


def test_followed_searches_take_the_grammar(reader: User) -> None:
    mine = make_paper(title="On Barns", authors=("Bo Finch",))
    make_paper(title="On Barns of Mice")
    make_paper(title="Stars")
    follow(reader, Kind.SEARCH, "barn -mice", "author:finch OR title:moons", "cat:math.*")
    assert ids(reader) == {mine.arxiv_id}


def test_a_search_that_is_not_understood_leaves_the_rest_of_a_feed(reader: User) -> None:
    mine = make_paper()
    follow(reader, Kind.SEARCH, '"paper', "since:soon", "???")
    assert shown(reader) == {}
    follow(reader, Kind.CATEGORY, "cs.LG")
    assert ids(reader) == {mine.arxiv_id}


@pytest.mark.parametrize(
    ("muted", "left"), [("barn mouse", {"1", "2"}), ("mouse barns", {"2"}), ("mous*", set())]
)
def test_muted_words_stand_side_by_side(reader: User, muted: str, left: set[str]) -> None:
    make_paper(title="Mouse Barns")
    make_paper(title="Barns and a Mouse")
    follow(reader, Kind.CATEGORY, "cs.LG")
    Mute.objects.create(user=reader, kind="word", target=muted)
    assert ids(reader) == {f"2106.0000{number}" for number in left}


def test_a_mute_of_no_word_takes_nothing_away(reader: User) -> None:
    paper = make_paper()
    follow(reader, Kind.CATEGORY, "cs.LG")
    Mute.objects.create(user=reader, kind="word", target="???")
    assert ids(reader) == {paper.arxiv_id}


def test_a_mute_ends_with_its_last_day(reader: User) -> None:
    paper = make_paper()
    follow(reader, Kind.CATEGORY, "cs.LG")
    today = clock.now().date()
    mute = Mute.objects.create(user=reader, kind="category", target="cs.LG", until=today)
    assert ids(reader) == set()
    Mute.objects.filter(pk=mute.pk).update(until=today - timedelta(days=1))
    assert ids(reader) == {paper.arxiv_id}


def test_new_cross_listed_and_replaced_papers_are_told_apart(reader: User) -> None:
    new = make_paper()
    cross = make_paper(categories=("stat.ML", "cs.LG"))
    late = make_paper(categories=("stat.ML", "cs.LG"), announced_on=DAY - WEEK)
    old = make_paper(announced_on=DAY - WEEK * 2)
    Announcement.objects.create(paper=late, listed_on=DAY, kind="cross")
    Announcement.objects.create(paper=old, listed_on=DAY, kind="replace")
    follow(reader, Kind.CATEGORY, "cs.LG")
    kinds = {key: candidate.kind for key, candidate in shown(reader).items()}
    assert kinds == {new.pk: "new", cross.pk: "cross", late.pk: "cross", old.pk: "replaced"}
    assert ids(reader, ["new"]) == {new.arxiv_id}
    assert ids(reader, ["cross"]) == {cross.arxiv_id, late.arxiv_id}
    assert ids(reader, ["replaced"]) == {old.arxiv_id}
    assert shown(reader)[old.pk].listed_on == DAY


def test_nobody_elses_choices_count(make_reader: MakeReader) -> None:
    ada, eve = make_reader("ada"), make_reader("eve")
    paper = make_paper()
    follow(ada, Kind.CATEGORY, "cs.LG")
    Mute.objects.create(user=eve, kind="category", target="cs.LG")
    Seen.objects.note(eve, paper.pk, hidden_at=clock.now())
    assert ids(ada) == {paper.arxiv_id}
    assert ids(eve) == set()


@pytest.mark.parametrize(
    ("kind", "typed", "target"),
    [
        ("word", "  deep   learning ", "deep learning"),
        ("category", "CS.lg", "cs.LG"),
        ("author", "ada lark", "ada-lark"),
        ("author", "ada-lark", "ada-lark"),
    ],
)
def test_what_is_typed_names_something(kind: str, typed: str, target: str, db: None) -> None:
    make_paper()
    assert interests.named(kind, typed) == target


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        *(("word", "of"), ("category", "cs.Nothing"), ("author", "Nobody")),
        *(("search", '"paper'), ("search", "category:cs.LG")),
    ],
)
def test_what_is_not_there_cannot_be_named(kind: str, typed: str, db: None) -> None:
    with pytest.raises(LookupError):
        interests.named(kind, typed)


# Random worlds -----------------------------------------------------------------------------------

CODES = ["cs.LG", "cs.CL", "math.CT"]
NAMES = ["Ada Lark", "Bo Finch", "Cy Wren"]
SLUGS = ["ada-lark", "bo-finch", "cy-wren"]
WORDS = ["barns", "mice", "stars"]


@dataclass(frozen=True)
class PlannedPaper:
    codes: list[str]
    names: list[str]
    words: list[str]
    days: int  # before DAY
    is_hidden: bool
    again: tuple[str, int] | None  # how, and how many days before DAY
    near: list[int]  # numbers of other papers


@dataclass(frozen=True)
class World:
    papers: list[PlannedPaper]
    follows: list[tuple[Kind, str]]
    mutes: list[tuple[str, str]]
    saved: list[int]
    hidden: list[int]
    kinds: list[str] = field(default_factory=list)


def each_once(values: list[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=least)


PAPERS = st.builds(
    PlannedPaper,
    codes=each_once(CODES, least=1),
    names=each_once(NAMES, least=1),
    words=each_once(WORDS),
    days=st.integers(0, 12),
    is_hidden=st.sampled_from([False, False, False, True]),
    again=st.none()
    | st.tuples(st.sampled_from(["replace", "replace-cross", "cross"]), st.integers(0, 9)),
    near=st.lists(st.integers(0, 5), unique=True, max_size=2),
)
WORLDS = st.builds(
    World,
    papers=st.lists(PAPERS, min_size=1, max_size=6),
    follows=each_once(
        [(Kind.CATEGORY, code) for code in CODES]
        + [(Kind.AUTHOR, slug) for slug in SLUGS]
        + [(Kind.SEARCH, word) for word in WORDS]
    ),
    mutes=st.lists(
        st.sampled_from([("category", "cs.CL"), ("author", "cy-wren"), ("word", "stars")]),
        unique=True,
        max_size=1,
    ),
    saved=st.lists(st.integers(0, 5), unique=True, max_size=2),
    hidden=st.lists(st.integers(0, 5), unique=True, max_size=1),
    kinds=each_once(list(KINDS), least=1),
)


def pairs(world: World) -> set[tuple[int, int]]:
    """Return which papers of the world are alike, both ways."""
    count = len(world.papers)
    one_way = {
        (number, other)
        for number, paper in enumerate(world.papers)
        for other in paper.near
        if other < count and other != number
    }
    return one_way | {(other, number) for number, other in one_way}


def expected(world: World) -> dict[int, str]:
    """Read the rules one by one: who is in the feed, and as what."""
    feed = {}
    for number, paper in enumerate(world.papers):
        kind = kind_of(world, number, paper)
        mine = {("category", code) for code in paper.codes}
        mine |= {("author", SLUGS[NAMES.index(name)]) for name in paper.names}
        mine |= {("word", word) for word in paper.words}
        is_out = paper.is_hidden or number in world.hidden or mine & set(world.mutes)
        if kind in world.kinds and not is_out:
            feed[number] = kind
    return feed


def kind_of(world: World, number: int, paper: PlannedPaper) -> str:
    """Tell as what the reader's interests meet a paper, "" where they do not."""
    places = [at for at, code in enumerate(paper.codes) if (Kind.CATEGORY, code) in world.follows]
    slugs = [SLUGS[NAMES.index(name)] for name in paper.names]
    is_signed = any((Kind.AUTHOR, slug) in world.follows for slug in slugs)
    if paper.days < 7:
        is_found = any((Kind.SEARCH, word) in world.follows for word in paper.words)
        is_close = any(
            (saved, number) in pairs(world) for saved in world.saved if saved < len(world.papers)
        )
        if is_signed or is_found or is_close or 0 in places:
            return "new"
        return "cross" if places else ""
    if paper.again and paper.again[1] < 7 and (places or is_signed):
        return "cross" if paper.again[0] == "cross" else "replaced"
    return ""


def build(world: World, user: User) -> list[Paper]:
    made = [
        make_paper(
            arxiv_id=f"2106.{number + 1:05}",
            categories=tuple(plan.codes),
            authors=tuple(plan.names),
            title=" ".join(["On", *plan.words]),
            announced_on=DAY - timedelta(days=plan.days),
            hidden=plan.is_hidden,
        )
        for number, plan in enumerate(world.papers)
    ]
    for plan, paper in zip(world.papers, made, strict=True):
        if plan.again:
            how, days = plan.again
            day = DAY - timedelta(days=days)
            Announcement.objects.create(paper=paper, listed_on=day, kind=how)
    for one, other in pairs(world):
        if one < other:
            make_alike(made[one], made[other])
    for kind, target in world.follows:
        follow(user, kind, target)
    for mute, target in world.mutes:
        Mute.objects.create(user=user, kind=mute, target=target)
    save(user, *(made[number] for number in world.saved if number < len(made)))
    for number in world.hidden:
        if number < len(made):
            Seen.objects.note(user, made[number].pk, hidden_at=clock.now())
    return made


@settings(max_examples=60, deadline=None)
@given(WORLDS)
def test_the_rules_read_one_by_one_give_the_same_feed(world: World) -> None:
    with undone():
        user = User.objects.create_user("ada")
        made = build(world, user)
        number_of = {paper.pk: number for number, paper in enumerate(made)}
        found = shown(user, world.kinds)
        assert {number_of[key]: each.kind for key, each in found.items()} == expected(world)
