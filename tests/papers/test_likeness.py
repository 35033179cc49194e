"""Which papers are alike: the arithmetic by hand, and that neighbours follow what papers say."""

import math
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers import intake, likeness, ranking
from papers.models import Neighbour, Paper, PaperWord, Vector, Vocabulary
from papers.sources.base import Batch, PaperRecord
from tests.factories import DAY, MORNING, make_paper, raw_tables

pytestmark = pytest.mark.django_db

CATS = "Cats chase mice in quiet barns"
MORE_CATS = "Quiet cats dream of mice"
STARS = "Spectra of dwarf stars"
MORE_STARS = "Dwarf stars and their spectra"


def make_titled(title: str) -> Paper:
    return make_paper(title=title)


def all_done() -> None:
    likeness.refresh(60)
    assert not Vector.objects.filter(compared=False).exists()


def near(paper: Paper) -> list[str]:
    return [neighbour.other.title for neighbour in likeness.neighbours_of(paper)]


def told(paper: Paper, title: str, hours: int = 1) -> None:
    """Let a source say later that the paper has another title."""
    later = MORNING + timedelta(hours=hours)
    record = PaperRecord(
        arxiv_id=paper.arxiv_id,
        title=title,
        authors=("Ada Lark",),
        categories=("cs.LG",),
        abstract="",
        recorded_at=later,
    )
    intake.store_papers(Batch(papers=[record]))


def test_it_works():
    cats, more_cats, stars, more_stars = map(make_titled, (CATS, MORE_CATS, STARS, MORE_STARS))
    all_done()
    assert near(cats) == [MORE_CATS]
    assert near(more_cats) == [CATS]
    assert near(stars) == [MORE_STARS]
    assert near(more_stars) == [STARS]


# Arithmetic --------------------------------------------------------------------------------------


def test_weights_and_similarity_by_hand():
    """Of 3 papers "cat" stands in 2 and "owl" in 2: their idf is ln(4/3); "dog" is of one alone."""
    one = make_paper(title="Cat cat owl")
    two = make_paper(title="Cat dog")
    make_paper(title="Owl")
    all_done()
    # tf of "cat" is 1 + ln 2, of "owl" 1; both by the same idf, which the length takes out.
    often = 1 + math.log(2)
    length = math.sqrt(often**2 + 1)
    weights = dict(PaperWord.objects.filter(paper=one).values_list("word", "weight"))
    assert weights == pytest.approx({"cat": often / length, "owl": 1 / length})
    assert dict(PaperWord.objects.filter(paper=two).values_list("word", "weight")) == {"cat": 1.0}
    pair = Neighbour.objects.get(paper=one, other=two)
    assert pair.similarity == pytest.approx(often / length, abs=0.0001)


def test_a_rare_word_weighs_more_than_a_common_one():
    frequencies = {"rare": 2, "common": 90}
    weights = likeness.weigh({"rare": 1, "common": 1}, frequencies, papers=100)
    ratio = math.log(101 / 3) / math.log(101 / 91)
    assert weights["rare"] / weights["common"] == pytest.approx(ratio)


def test_words_are_folded_and_names_of_tex_commands_are_none():
    counts = likeness.words_of(
        "Schrödinger's Cats", r"A cat, $\mathcal{H}$; glass of 42nd virus\foo"
    )
    assert counts == {"schrodinger": 1, "cat": 2, "glass": 1, "virus": 1}


def test_only_the_words_that_tell_most_are_kept():
    frequencies = {f"word{number:02}": number + 2 for number in range(60)}
    weights = likeness.weigh(dict.fromkeys(frequencies, 1), frequencies, papers=1000)
    assert sorted(weights) == sorted(frequencies)[: likeness.WORDS]


def test_words_of_very_many_papers_are_left_out():
    titles = [f"Paper about thing{number % 10}x" for number in range(50)]
    for title in titles:
        make_paper(title=title)
    known = likeness.renew_vocabulary().frequencies
    assert known == {f"thing{number}x": 5 for number in range(10)}


TEXTS = st.lists(st.sampled_from(["cat", "owl", "dog", "star", "dust", "moon"]), max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=8))
def test_similarity_is_symmetric_and_within_0_and_1(texts: list[list[str]]):
    Paper.objects.all().delete()
    Vocabulary.objects.all().delete()
    papers = [make_paper(title=" ".join(text) or "None") for text in texts]
    all_done()
    rows = {(n.paper_id, n.other_id): n.similarity for n in Neighbour.objects.all()}
    vectors = {
        paper.pk: dict(PaperWord.objects.filter(paper=paper).values_list("word", "weight"))
        for paper in papers
    }
    expected = {}
    for one, mine in vectors.items():
        for other, theirs in vectors.items():
            cosine = sum(weight * theirs.get(word, 0) for word, weight in mine.items())
            if one != other and cosine >= likeness.LEAST:
                expected[one, other] = cosine
    assert rows == pytest.approx(expected, abs=0.0001)
    assert all(rows[other, one] == similarity for (one, other), similarity in rows.items())
    assert all(likeness.LEAST <= similarity <= 1 for similarity in rows.values())


# Neighbours --------------------------------------------------------------------------------------


def test_hidden_and_withdrawn_papers_are_no_neighbours():
    cats = make_titled(CATS)
    make_paper(title=MORE_CATS, hidden=True)
    make_paper(title="Mice fear quiet cats", withdrawn=True)
    make_titled("Cats and mice")
    make_titled(STARS)
    all_done()
    assert near(cats) == ["Cats and mice"]


def test_a_changed_title_changes_neighbours():
    cats, more_cats, stars, _ = map(make_titled, (CATS, MORE_CATS, STARS, MORE_STARS))
    all_done()
    told(more_cats, "Spectra of dwarf galaxies")
    all_done()
    assert near(cats) == []
    assert near(stars) == [MORE_STARS, "Spectra of dwarf galaxies"]


def test_a_new_paper_is_a_neighbour_of_those_before():
    cats, _, _, _ = map(make_titled, (CATS, MORE_CATS, STARS, MORE_STARS))
    all_done()
    told(Paper(arxiv_id="2106.00009"), "Mice in quiet barns chase cats")
    all_done()
    assert near(cats) == ["Mice in quiet barns chase cats", MORE_CATS]


def test_what_is_no_news_is_not_compared_again():
    cats, _, _ = map(make_titled, (CATS, MORE_CATS, STARS))
    all_done()
    assert near(cats) == [MORE_CATS]
    before = raw_tables()
    likeness.mark_stale([cats.pk])
    assert raw_tables() != before
    likeness.refresh(60)
    assert raw_tables() == before


def test_ensure_compares_what_was_not_and_nothing_twice():
    cats, more_cats, _ = map(make_titled, (CATS, MORE_CATS, STARS))
    likeness.renew_vocabulary()
    likeness.ensure([cats.pk, more_cats.pk])
    assert near(cats) == [MORE_CATS]
    before = raw_tables()
    likeness.ensure([cats.pk, more_cats.pk])
    assert raw_tables() == before


def test_ensure_takes_neighbours_of_an_older_vocabulary_for_none():
    cats, stars = make_titled(CATS), make_titled(STARS)
    all_done()
    assert near(cats) == []
    make_titled(MORE_CATS)
    likeness.renew_vocabulary()
    likeness.ensure(Paper.objects.values_list("pk", flat=True))
    assert near(cats) == [MORE_CATS]
    assert near(stars) == []
    assert set(Vector.objects.values_list("version", flat=True)) == {2}
    assert Vocabulary.objects.count() == 1


def test_a_pair_stays_while_one_of_them_looks_for_it(monkeypatch: pytest.MonkeyPatch):
    """The paper about all things has nearer ones than this; this one has it alone."""
    monkeypatch.setattr(likeness, "NEAREST", 1)
    hub = make_titled("cats mice")
    make_titled("cats mice")
    lone = make_titled("mice owls sing")
    make_titled("owls owls sing")
    all_done()
    Vector.objects.filter(paper=lone).update(compared=False)
    before = set(Neighbour.objects.values_list("paper", "other", "similarity"))
    for paper in Paper.objects.all():
        Vector.objects.filter(paper=paper).update(compared=False)
        all_done()
    assert set(Neighbour.objects.values_list("paper", "other", "similarity")) == before
    assert Neighbour.objects.filter(paper=hub).exists()


def test_a_pair_repeats_the_listing_day_of_the_other():
    cats = make_paper(title=CATS, announced_on=None)
    more_cats = make_paper(title=MORE_CATS, announced_on=DAY)
    make_titled(STARS)
    make_titled(MORE_STARS)
    all_done()

    def days() -> dict[int, object]:
        pairs = Neighbour.objects.filter(other__in=[cats, more_cats])
        return dict(pairs.values_list("other", "listed_on"))

    assert days() == {cats.pk: None, more_cats.pk: DAY}
    later = DAY + timedelta(days=1)
    Paper.objects.update(announced_on=later)
    ranking.rescore([cats.pk, more_cats.pk])
    assert days() == {cats.pk: later, more_cats.pk: later}


# The vocabulary ----------------------------------------------------------------------------------


def test_it_is_made_anew_when_the_texts_have_changed():
    for title in (CATS, MORE_CATS, STARS, MORE_STARS):
        make_titled(title)
    all_done()
    assert Vocabulary.objects.get().version == 1
    for number in range(4):
        make_titled(f"Owls sing of the moon {number}")
    all_done()
    newest = Vocabulary.objects.get()
    assert (newest.version, newest.papers) == (2, 8)
    assert "owl" in newest.frequencies
    assert set(Vector.objects.values_list("version", flat=True)) == {2}


def test_an_empty_site_has_nothing_to_compare():
    all_done()
    assert Vocabulary.objects.get().frequencies == {}
