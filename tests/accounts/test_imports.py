"""Many papers saved at once: what is said is what is done, or nothing is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from accounts import imports
from accounts.models import PendingSave, SavedPaper, User
from accounts.tasks import save_arrived
from papers import clock, wanted
from papers.models import Paper, WantedPaper
from papers.models.wanted import WantedQuerySet
from papers.references import MOST_PAPERS, Unreadable
from papers.tasks import look_up_wanted
from tests.accounts.conftest import MakeReader
from tests.factories import make_paper
from tests.papers.seeded import MORNING, sky
from tests.upstream.world import World

pytestmark = pytest.mark.django_db

HERE, SAVED, HIDDEN, LACKING, AWAITED = (f"2106.0000{number}" for number in range(1, 6))
ALL = dict.fromkeys([HERE, SAVED, HIDDEN, LACKING, AWAITED], "")


@pytest.fixture
def reader(make_reader: MakeReader) -> User:
    user = make_reader()
    for arxiv_id in (HERE, SAVED, HIDDEN):
        make_paper(arxiv_id=arxiv_id, hidden=arxiv_id == HIDDEN)
    SavedPaper.objects.create(user=user, paper=Paper.objects.get(arxiv_id=SAVED), note="Mine.")
    PendingSave.objects.create(user=user, arxiv_id=AWAITED)
    WantedPaper.objects.want([AWAITED])
    return user


def agreement(user: User, states: dict[str, str]) -> str:
    return imports.agree(user, states, imports.plan(user, states))


def saved(user: User) -> dict[str, str]:
    return dict(user.saved_papers.values_list("paper__arxiv_id", "state"))


def test_it_works(reader: User) -> None:
    found = imports.plan(reader, ALL)
    assert found == imports.Plan([SAVED], [HERE], [LACKING], [AWAITED], [HIDDEN])
    assert imports.carry_out(reader, agreement(reader, ALL)) == found
    assert saved(reader) == {SAVED: "later", HERE: "later"}
    assert reader.saved_papers.get(paper__arxiv_id=SAVED).note == "Mine."
    assert reader.saved_papers.get(paper__arxiv_id=HERE).known["title"]
    waiting = set(reader.pending_saves.values_list("arxiv_id", flat=True))
    assert waiting == set(WantedPaper.objects.values_list("arxiv_id", flat=True))
    assert waiting == {LACKING, AWAITED}


def test_a_state_is_kept_also_of_what_comes_later(reader: User) -> None:
    states = {HERE: "done", LACKING: "reading", SAVED: "done"}
    imports.carry_out(reader, agreement(reader, states))
    make_paper(arxiv_id=LACKING)
    save_arrived()
    assert saved(reader) == {HERE: "done", SAVED: "later", LACKING: "reading"}
    assert set(reader.pending_saves.values_list("arxiv_id", flat=True)) == {AWAITED}


def test_a_state_of_another_program_is_none(reader: User) -> None:
    imports.carry_out(reader, agreement(reader, {HERE: "unread"}))
    assert saved(reader)[HERE] == "later"


def test_what_changed_meanwhile_stops_it(reader: User) -> None:
    agreed = agreement(reader, ALL)
    make_paper(arxiv_id=LACKING)
    with pytest.raises(imports.Changed):
        imports.carry_out(reader, agreed)
    assert saved(reader) == {SAVED: "later"}
    assert not reader.pending_saves.exclude(arxiv_id=AWAITED).exists()


def test_done_twice_is_done_once(reader: User) -> None:
    agreed = agreement(reader, ALL)
    imports.carry_out(reader, agreed)
    with pytest.raises(imports.Changed):
        imports.carry_out(reader, agreed)


def test_one_reader_cannot_do_what_another_agreed_to(reader: User, make_reader: MakeReader) -> None:
    other = make_reader("ben")
    for made_up in (agreement(reader, ALL), "", "x" * 100, agreement(other, ALL)[:-1]):
        with pytest.raises(imports.Forged):
            imports.carry_out(other, made_up)
    assert not other.saved_papers.exists()


def test_it_is_all_or_nothing(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise IntegrityError

    agreed = agreement(reader, ALL)
    monkeypatch.setattr(WantedQuerySet, "want", die)
    with pytest.raises(IntegrityError):
        imports.carry_out(reader, agreed)
    assert saved(reader) == {SAVED: "later"}
    assert not reader.pending_saves.exclude(arxiv_id=AWAITED).exists()


def test_the_many_a_list_may_name_are_saved(reader: User) -> None:
    ids = [f"2107.{number:05}" for number in range(1, MOST_PAPERS + 1)]
    states = dict.fromkeys(ids, "")
    reader.pending_saves.all().delete()
    imports.carry_out(reader, agreement(reader, states))
    assert reader.pending_saves.count() == MOST_PAPERS
    with pytest.raises(Unreadable, match="5,000 papers already"):
        imports.plan(reader, {LACKING: ""})


# What comes, and what does not --------------------------------------------------------------------


def test_who_waits_is_served_and_nobody_else(reader: User, make_reader: MakeReader) -> None:
    ben, eve = make_reader("ben"), make_reader("eve")
    PendingSave.objects.create(user=ben, arxiv_id=AWAITED, state="done")
    make_paper(arxiv_id=AWAITED)
    for _ in range(2):
        save_arrived()
    assert saved(reader) == {SAVED: "later", AWAITED: "later"}
    assert saved(ben) == {AWAITED: "done"}
    assert saved(eve) == {}
    assert not PendingSave.objects.exists()


def test_what_was_saved_by_hand_meanwhile_stays_as_it_is(reader: User) -> None:
    paper = make_paper(arxiv_id=AWAITED)
    SavedPaper.objects.create(user=reader, paper=paper, state="done", note="Mine.")
    save_arrived()
    assert reader.saved_papers.get(paper=paper).note == "Mine."
    assert not reader.pending_saves.exists()


def test_what_arxiv_does_not_know_is_told_and_may_be_asked_for_again(reader: User) -> None:
    WantedPaper.objects.update(is_missing=True)
    save_arrived()
    assert reader.pending_saves.get().is_missing
    assert not WantedPaper.objects.exists()
    states = {AWAITED: ""}
    imports.carry_out(reader, agreement(reader, states))
    assert not reader.pending_saves.get().is_missing
    assert WantedPaper.objects.get().arxiv_id == AWAITED


def test_nobody_waits_for_what_nobody_asks_for(reader: User) -> None:
    WantedPaper.objects.all().delete()
    save_arrived()
    assert WantedPaper.objects.get().arxiv_id == AWAITED


def test_it_comes_from_arxiv(
    reader: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """From a list to the shelf, with an arXiv that is played and answers by id."""
    world = World(seed=3, start=date(2026, 11, 9), days=1, papers_per_day=4)
    ids = [paper.arxiv_id for paper in world.papers_announced(MORNING)][:3]
    states = dict.fromkeys([*ids, "2611.99999"], "reading")
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(MORNING)
        imports.carry_out(reader, agreement(reader, states))
        for _ in range(2):
            found.move_to(clock.now() + wanted.PATIENCE)
            look_up_wanted()
            save_arrived()
    assert saved(reader) == dict.fromkeys(ids, "reading") | {SAVED: "later"}
    assert reader.pending_saves.get(is_missing=True).arxiv_id == "2611.99999"
