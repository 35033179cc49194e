"""Which papers are alike: the arithmetic by hand, and that neighbours follow what papers say."""

import math
from datetime import timedelta
from itertools import permutations
from unittest import mock

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
    """Of 3 papers "cat" stands in 2 and "owl" in 2: their idf is ln(4/3); "dog" is of one alone.

    A word of the title counts twice: tf of "cat" is 1 + ln 4, of "owl" 1 + ln 2.
    """
    one = make_paper(title="Cat cat owl")
    two = make_paper(title="Cat dog")
    make_paper(title="Owl")
    all_done()
    cat, owl = 1 + math.log(4), 1 + math.log(2)  # by the same idf, which the length takes out
    length = math.hypot(cat, owl)
    weights = dict(PaperWord.objects.filter(paper=one).values_list("word", "weight"))
    assert weights == pytest.approx({"cat": cat / length, "owl": owl / length})
    assert dict(PaperWord.objects.filter(paper=two).values_list("word", "weight")) == {"cat": 1.0}
    pair = Neighbour.objects.get(paper=one, other=two)
    assert pair.similarity == pytest.approx(cat / length, abs=0.0001)


def test_a_rare_word_weighs_more_than_a_common_one():
    frequencies = {"rare": 2, "common": 90}
    weights = likeness.weigh({"rare": 1, "common": 1}, frequencies, papers=100)
    ratio = math.log(101 / 3) / math.log(101 / 91)
    assert weights["rare"] / weights["common"] == pytest.approx(ratio)


def test_words_are_folded_and_names_of_tex_commands_are_none():
    counts = likeness.words_of(
        "Schrödinger's Cats", r"A cat, $\mathcal{H}$; glass of 42nd virus\foo"
    )
    assert counts == {"schrodinger": 2, "cat": 3, "glass": 1, "virus": 1}


def test_others_are_found_by_the_words_that_tell_most():
    frequencies = {f"word{number:02}": number + 2 for number in range(60)}
    weights = likeness.weigh(dict.fromkeys(frequencies, 1), frequencies, papers=2000)
    assert weights.keys() == frequencies.keys()
    assert math.hypot(*weights.values()) == pytest.approx(1)
    told = likeness.telling(weights, frequencies, papers=2000)
    assert sorted(told) == sorted(frequencies)[: likeness.WORDS]


@pytest.mark.parametrize(("papers", "told"), [(100, {"few"}), (1000, {"few", "many"})])
def test_by_a_word_of_very_many_papers_none_are_found(papers: int, told: set[str]):
    frequencies = {"few": 20, "many": 21}
    weights = likeness.weigh({"few": 1, "many": 9}, frequencies, papers)
    assert likeness.telling(weights, frequencies, papers).keys() == told


def test_a_word_of_one_paper_alone_is_not_known():
    for title in ("Cats sing", "Cats dream", "Owls sing"):
        make_titled(title)
    assert likeness.renew_vocabulary().frequencies == {"cat": 2, "sing": 2}


TEXTS = st.lists(st.sampled_from(["cat", "owl", "dog", "star", "dust", "moon"]), max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=8))
def test_who_shares_a_telling_word_is_compared_by_all_words(texts: list[list[str]]):
    """Symmetric, within 0 and 1, and what a reading of the rules gives; with two telling words."""
    Paper.objects.all().delete()
    Vocabulary.objects.all().delete()
    with mock.patch.object(likeness, "WORDS", 2):
        papers = [make_paper(title=" ".join(text) or "None") for text in texts]
        all_done()
        known = Vocabulary.objects.get()
        vectors = {}
        for paper in papers:
            words = likeness.words_of(paper.title, paper.abstract)
            vectors[paper.pk] = likeness.weigh(words, known.frequencies, known.papers)
        rules = known.frequencies, known.papers
        told = {key: set(likeness.telling(vector, *rules)) for key, vector in vectors.items()}
    expected = {}
    for one, other in permutations(vectors, 2):
        mine, theirs = vectors[one], vectors[other]
        cosine = sum(weight * theirs.get(word, 0) for word, weight in mine.items())
        if told[one] & told[other] and cosine >= likeness.LEAST:
            expected[one, other] = cosine
    rows = {(n.paper_id, n.other_id): n.similarity for n in Neighbour.objects.all()}
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


def test_neighbours_of_an_older_vocabulary_are_found_anew():
    cats, stars = make_titled(CATS), make_titled(STARS)
    all_done()
    assert near(cats) == []
    make_titled(MORE_CATS)
    likeness.renew_vocabulary()
    all_done()
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


@pytest.mark.parametrize(("found", "pairs"), [(1, 2), (3, 6)])
def test_those_that_share_most_of_what_tells_are_compared(
    monkeypatch: pytest.MonkeyPatch, found: int, pairs: int
):
    monkeypatch.setattr(likeness, "FOUND", found)
    for title in ("Mice and owls", "Mice, owls", "Mice, cats, barns", "Cats in barns; mice"):
        make_titled(title)
    for number in range(6):
        make_titled(f"Star{number}ling")
    all_done()
    assert Neighbour.objects.count() == 2 * pairs


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
