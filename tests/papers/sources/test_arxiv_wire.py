"""Every recorded answer of arXiv's is read as its index says."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from papers.sources.arxiv import ExpiredToken, parse_oai, parse_query, parse_rss
from papers.sources.arxiv_xml import is_arxiv_code
from papers.sources.base import AnnounceType, Batch, SourceError

pytestmark = pytest.mark.data
NOW = datetime(2026, 7, 24, 12, 0, tzinfo=UTC)
PARSERS = {"atom": parse_query, "oai": parse_oai, "rss": parse_rss, "handmade": parse_oai}

# papers, rejects, whether another page follows
READ = {
    "atom/empty_result_unknown_id.xml": (0, 0, False),
    "atom/invalid_new_style_id_empty.xml": (0, 0, False),
    "atom/many_authors_new_style.xml": (1, 0, False),
    "atom/old_style_id_versioned.xml": (1, 0, False),
    "atom/search_page1_10.xml": (10, 0, False),
    "atom/search_page2_10.xml": (10, 0, False),
    "atom/single_versioned.xml": (1, 0, False),
    "atom/two_ids_one_invalid.xml": (1, 0, False),
    "oai/generic_deleted_and_token_sickle_1.xml": (0, 2, True),  # not arXiv's
    "oai/generic_last_page_sickle_4.xml": (0, 2, False),
    "oai/legacy_2016_record_arXiv_0.xml": (1, 0, False),
    "oai/legacy_2017_listrecords_arXiv_hep-th.xml": (3, 0, False),
    "oai/server_error_noRecordsMatch.xml": (0, 0, False),
    "oai/server_getrecord_arXivRaw_old_id.xml": (1, 0, False),
    "oai/server_getrecord_arXiv_old_id.xml": (1, 0, False),
    "oai/server_getrecord_oai_dc_old_id.xml": (0, 1, False),  # a format that is not read
    "oai/server_listrecords_arXivRaw.xml": (4, 0, False),
    "oai/server_listrecords_arXiv_page1_token.xml": (8, 0, True),
    "oai/server_listrecords_arXiv_page2_empty_token.xml": (3, 0, False),
    "rss/server_atom_cs.SE_all_announce_types.xml": (6, 0, False),
    "rss/server_rss_cs.SE_all_announce_types.xml": (6, 0, False),
    "rss/server_rss_empty_weekend.xml": (0, 0, False),
    "handmade/oai_listrecords_deleted_and_token.xml": (1, 0, True),
    "handmade/oai_withdrawn_record.xml": (1, 0, False),
}
REFUSED = {
    "atom/error_400_incorrect_id_format.xml": "incorrect id format for abc",
    "oai/server_error_badArgument.xml": "until date too late",
    "oai/server_error_badResumptionToken.xml": "invalid or expired",
    "oai/server_error_idDoesNotExist.xml": "Invalid arXiv_id structure",
    "oai/server_identify.xml": "neither records nor an error",
    "rss/server_rss_error_400.xml": "Feed error for query",
    "handmade/error_429_rate_exceeded.txt": "was not XML",
    "handmade/oai_503_retry_after.html": "was a <html>",
}


@pytest.fixture
def read(wire_dir: Path) -> Callable[[str], Batch]:
    def read(name: str) -> Batch:
        return PARSERS[name.partition("/")[0]]((wire_dir / "arxiv" / name).read_bytes(), NOW)

    return read


def test_it_works(read):
    [paper] = read("atom/single_versioned.xml").papers
    assert (paper.arxiv_id, paper.version, paper.title) == ("2104.12255", 1, "0")


def test_every_file_is_looked_at(wire_dir: Path):
    files = (wire_dir / "arxiv").rglob("*.*")
    names = {str(path.relative_to(wire_dir / "arxiv")) for path in files if path.suffix != ".json"}
    assert names == READ.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", READ)
def test_an_answer_is_read(read, name: str):
    batch = read(name)
    assert (len(batch.papers), len(batch.rejects), bool(batch.cursor)) == READ[name]


@pytest.mark.parametrize("name", REFUSED)
def test_an_error_is_refused(read, name: str):
    with pytest.raises(SourceError, match=REFUSED[name]):
        read(name)


def test_a_bad_token_is_an_expired_one(read):
    with pytest.raises(ExpiredToken):
        read("oai/server_error_badResumptionToken.xml")


def test_affiliations_and_collaborations_of_old_recordings(read):
    [paper] = read("oai/legacy_2016_record_arXiv_0.xml").papers
    assert paper.authors[:2] == ("Planck Collaboration", "Jieci Wang")
    assert paper.categories == ("quant-ph", "gr-qc", "hep-th", "chao-dyn", "nlin.CD")
    assert paper.doi == "10.1103/PhysRevD.93.016005"


def test_an_old_list_has_dates(read):
    paper = read("oai/legacy_2017_listrecords_arXiv_hep-th.xml").papers[0]
    assert paper.submitted_at == datetime(2014, 12, 29, tzinfo=UTC)
    assert paper.revised_at == datetime(2017, 12, 13, tzinfo=UTC)
    assert "\n" not in paper.abstract + paper.comment + paper.title


def test_the_deleted_and_the_withdrawn(read):
    assert read("handmade/oai_listrecords_deleted_and_token.xml").deleted == ["2607.09999"]
    [paper] = read("handmade/oai_withdrawn_record.xml").papers
    assert (paper.version, paper.withdrawn) == (2, True)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_the_feed_of_all_announce_types(read, kind: str):
    batch = read(f"rss/server_{kind}_cs.SE_all_announce_types.xml")
    assert [listed.kind for listed in batch.announcements] == [
        AnnounceType.NEW,
        AnnounceType.NEW,
        AnnounceType.CROSS,
        AnnounceType.REPLACE,
        AnnounceType.REPLACE_CROSS,
        AnnounceType.NEW,
    ]
    assert {listed.listed_on for listed in batch.announcements} == {date(2026, 7, 24)}
    assert batch.papers[2].authors[:2] == ("Yuqi Chen", "Bohan Xuan")


def test_accents_survive(read):
    names = [name for paper in read("atom/search_page1_10.xml").papers for name in paper.authors]
    assert "Aurora Ramírez" in names


def test_every_category_of_arxivs_is_known_as_one(wire_dir: Path):
    for name in ("categories.tsv", "categories_legacy.tsv"):
        lines = (wire_dir.parent / "arxiv" / name).read_text().splitlines()[1:]
        codes = [line.split("\t")[0] for line in lines]
        assert [code for code in codes if not is_arxiv_code(code)] == []
