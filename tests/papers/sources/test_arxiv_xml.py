import pytest

from papers.sources import arxiv_xml
from papers.sources.arxiv_xml import (
    Unclear,
    codes,
    day,
    doi,
    identified,
    is_arxiv_code,
    is_withdrawn,
    licence,
    moment,
    names,
    split_names,
)
from papers.sources.base import SourceError


def test_it_works():
    assert split_names("Zoë Müllerová (Here, There), Íñigo Orué") == ("Zoë Müllerová", "Íñigo Orué")


def test_a_page_of_too_many_tags_is_refused_unread():
    half = arxiv_xml.MAX_MARKS // 2 - 2
    arxiv_xml.read(b"<r>" + b"<a/>" * half + b"</r>", "A page")
    for item in (b"<a/>" * 2, b"<a b='1'/>"):
        with pytest.raises(SourceError, match="over 600,000 tags and attributes"):
            arxiv_xml.read(b"<r>" + item * (half + 2) + b"</r>", "A page")


@pytest.mark.parametrize(
    "words",
    [
        "This paper has been withdrawn by the author due to an error in Lemma 2",
        "This paper has been withdrawn",
        "this submission is withdrawn because it duplicates another",
        "This article was withdrawn by the authors.",
        "Withdrawn",
        "withdrawn due to a sign error",
        "(Withdrawn by the author)",
        "Paper withdrawn",
        "Paper withdrawn by arXiv admin for inappropriate reuse",
        "8 pages, withdrawn due to a gap in the proof",
        "12 pages; 3 figures. Withdrawn.",
        "The authors have withdrawn this paper",
        "I am withdrawing this manuscript until it is mended",
        "We withdraw our paper",
        "arXiv admin note: This submission has been withdrawn by arXiv administrators",
        "arXiv admin note: withdrawn for disputed authorship",
        "This version withdrawn by arXiv administrators",
        "The paper has been withdrawn from arXiv",
        "This paper has been temporarily withdrawn",
    ],
)
def test_these_words_say_withdrawn(words: str):
    assert is_withdrawn(words, "")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "12 pages",
        "Withdrawn from ICLR, now at a workshop",
        "The paper was withdrawn from a conference",
        "An earlier version of this paper has been withdrawn",
        "Replaces the withdrawn arXiv:2607.00001",
        "This paper replaces a paper that was withdrawn",
        "We study how savings are withdrawn",
        "Section 3 withdrawn",
        "Supersedes our paper; the previous version of our paper was withdrawn",
    ],
)
def test_these_words_do_not(words: str):
    assert not is_withdrawn(words, "")


def test_an_abstract_about_withdrawals_is_not_withdrawn():
    assert not is_withdrawn("", "We ask why papers are withdrawn, and count those that were.")
    late = "Words. " * 40 + "This paper has been withdrawn."
    assert not is_withdrawn("", late)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("A. Name", ("A. Name",)),
        ("A. Name (Here, There), B. Name", ("A. Name", "B. Name")),
        ("A. Name (Here (and, there), too), B. Name (X)", ("A. Name", "B. Name")),
        ("A. Name, Jr., B. Name, III", ("A. Name Jr.", "B. Name III")),
        (" A.  Name ,, B. Name,", ("A. Name", "B. Name")),
        ("Sand and Sea Team, B. Name", ("Sand and Sea Team", "B. Name")),
    ],
)
def test_authors_are_split_at_commas_outside_parentheses(line: str, names: tuple[str, ...]):
    assert split_names(line) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("A. Name and B. Name", ("A. Name", "B. Name")),
        ("A. Name, B. Name, and C. Sandand", ("A. Name", "B. Name", "C. Sandand")),
        ("The X Collaboration: A. Name", ("The X Collaboration", "A. Name")),
        ("A. Name (1), B. Name (2) ((1) Here and there, (2) Away)", ("A. Name", "B. Name")),
    ],
)
def test_a_raw_line_of_authors_has_conjunctions(line: str, names: tuple[str, ...]):
    assert split_names(line, conjunctions=True) == names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("10.1000/x", "10.1000/x"),
        ("https://doi.org/10.1000/x", "10.1000/x"),
        ("doi:10.1000/x", "10.1000/x"),
        ("10.1000/x, 10.1000/y;10.1000/z", "10.1000/x"),
        ("10.1000/x 10.1000/y", "10.1000/x"),
        (
            "10.1002/(SICI)1(1998)17:15<16::AID>3.0.CO;2-2",
            "10.1002/(SICI)1(1998)17:15<16::AID>3.0.CO;2-2",
        ),
        ("to appear", ""),
        ("10.1000/" + "x" * 300, ""),
        ("", ""),
    ],
)
def test_a_doi_is_one_and_bare(given: str, kept: str):
    assert doi(given) == kept


@pytest.mark.parametrize(
    "term", ["68T05", "I.2.6", "H.5.2; I.2.7", "03C35, 03C45", "F.2", "", "learning"]
)
def test_classes_of_others_are_no_categories(term: str):
    assert not is_arxiv_code(term)


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-07-24T04:00:00Z", "2026-07-24T04:00:00+00:00"),
        ("2026-07-24T00:00:00-04:00", "2026-07-24T04:00:00+00:00"),
        ("Fri, 24 Jul 2026 00:00:00 -0400", "2026-07-24T04:00:00+00:00"),
        ("Fri, 24 Jul 2026 04:00:00 GMT", "2026-07-24T04:00:00+00:00"),
    ],
)
def test_times_are_read_with_their_zone(given: str, utc: str):
    assert moment(given).isoformat() == utc


@pytest.mark.parametrize(
    "given",
    [
        "",
        "yesterday",
        "2026-07-24",
        "2026-07-24T04:00:00",
        "Fri, 24 Jul 2026 00:00:00",
        "Fri, 24 Jul 2026 00:00:00 -0000",
        "Fri, 99 Jul 2026 00:00:00 GMT",
        "0001-01-01T00:00:00+14:00",
        "99999999999999",
    ],
)
def test_a_time_without_its_zone_is_none(given: str):
    with pytest.raises(Unclear):
        moment(given)


@pytest.mark.parametrize("given", ["", "20260724", "2026-W30-5", "2026-02-29", "24/07/2026"])
def test_a_day_has_one_form(given: str):
    with pytest.raises(Unclear):
        day(given)


@pytest.mark.parametrize("given", ["", "kettle", "2607.1", "2607.00001 2607.00002", "x" * 5000])
def test_an_id_stands_alone(given: str):
    with pytest.raises(Unclear):
        identified(given)


def test_codes_are_kept_once_and_in_order():
    assert codes(["cs.LG", "zz.ZZ", "cs.LG"]) == ("cs.LG", "zz.ZZ")


def test_a_lone_colon_is_no_author():
    assert names(["The X Collaboration", ":", "A. Name"]) == ("The X Collaboration", "A. Name")


def test_a_paper_has_an_author():
    with pytest.raises(Unclear, match="no author"):
        names([":"])


@pytest.mark.parametrize("given", ["javascript:alert(1)", "none", "", "http://x.test/" + "y" * 300])
def test_a_licence_is_an_address(given: str):
    assert licence(given) == ""
