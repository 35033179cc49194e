"""Where papers stand: what was computed and what editors want, put together."""

from hypothesis import given
from hypothesis import strategies as st

from papers.arrangement import Arrangement, differences, places
from papers.models import DigestEntry

KEYS = st.integers(1, 8)
SOME = st.frozensets(KEYS)


def day(*papers: int) -> list[DigestEntry]:
    """The entries of a day as computed."""
    return [DigestEntry(paper_id=paper, rank=rank) for rank, paper in enumerate(papers, start=1)]


def ranks(entries: list[DigestEntry], wanted: Arrangement) -> dict[int, int | None]:
    return {place.entry.paper_id: place.rank for place in places(entries, wanted)}


def test_it_works() -> None:
    wanted = Arrangement(order=(3, 1, 2), pinned=frozenset({3}), left_out=frozenset({1}))
    found = places(day(1, 2, 3), wanted)
    assert [(p.entry.paper_id, p.rank, p.computed) for p in found] == [
        (3, 1, 3),
        (1, None, 1),
        (2, 2, 2),
    ]


@given(st.lists(KEYS, unique=True), st.lists(KEYS, unique=True), SOME, SOME)
def test_every_paper_has_one_place(
    there: list[int], order: list[int], pinned: frozenset[int], left_out: frozenset[int]
) -> None:
    entries = day(*there)
    wanted = Arrangement(order=tuple(order), pinned=pinned, left_out=left_out)
    found = ranks(entries, wanted)
    assert sorted(found) == sorted(there)
    printed = [rank for rank in found.values() if rank is not None]
    assert printed == list(range(1, len(printed) + 1))
    assert {key for key, rank in found.items() if rank is None} == left_out.intersection(there)
    # What neither came since nor is pinned keeps its order.
    given_order = [key for key in order if key in found and key not in left_out | pinned]
    assert [key for key in found if key in given_order] == given_order
    # What is pinned keeps its rank, as far as there are so many.
    was = [key for key in order if key not in left_out]
    for key in pinned.intersection(was, there):
        at = was.index(key) + 1
        assert found[key] == at or len(printed) < max(at, len(was))
    # The same wishes are the same, however they came to be written.
    assert ranks(entries, wanted.among(entries)) == found
    assert wanted.among(entries).among(entries) == wanted.among(entries)


def test_an_order_that_is_the_computed_one_is_none() -> None:
    entries = day(1, 2, 3)
    assert Arrangement(order=(1, 2, 3)).among(entries).order == ()
    assert Arrangement(order=(1, 3), left_out=frozenset({2})).among(entries).order == ()
    assert Arrangement(order=(1, 2, 3), pinned=frozenset({1})).among(entries).order == (1, 2, 3)


def test_what_differs_is_told_once() -> None:
    entries = day(1, 2, 3, 4)
    before = Arrangement(pinned=frozenset({1}), order=(1, 2, 3, 4), notes={2: "Old."})
    after = Arrangement("Words.", (1, 3, 2, 4), left_out=frozenset({1}), notes={2: "New."})
    found = differences(entries, before, after)
    assert [(each.what, each.entry and each.entry.paper_id) for each in found] == [
        ("introduction", None),
        ("order", None),
        ("left out", 1),
        ("note", 2),
    ]
    assert [entry.paper_id for entry in found[1].before] == [2, 3]  # type: ignore[union-attr]
    assert differences(entries, before, before) == []
