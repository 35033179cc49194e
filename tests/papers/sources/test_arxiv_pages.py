from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from papers.sources.arxiv import ExpiredToken, parse_oai, parse_query, parse_rss
from papers.sources.base import AnnounceType, PaperRecord, SourceError

PAYLOADS = Path(__file__).parent / "payloads" / "arxiv"
NOW = datetime(2026, 7, 24, 12, 0, tzinfo=UTC)
OAI = (PAYLOADS / "oai_first_page.xml").read_text()
RAW = (PAYLOADS / "oai_raw.xml").read_text()
RSS = (PAYLOADS / "feed.xml").read_text()
ATOM = (PAYLOADS / "feed_atom.xml").read_text()
QUERY = (PAYLOADS / "query.xml").read_text()


def oai(text: str = OAI):
    return parse_oai(text.encode(), NOW)


def rss(text: str = RSS):
    return parse_rss(text.encode(), NOW)


def query(text: str = QUERY):
    return parse_query(text.encode(), NOW)


def test_it_works():
    assert oai().papers[0] == PaperRecord(
        arxiv_id="2607.04001",
        title=r"Kettles that learn: a bound of $\mathcal{O}(\log n)$ boils",
        authors=("Zoë Müllerová", "Íñigo B. Orué Jr", "The Lantern Collaboration"),
        categories=("cs.LG", "stat.ML", "cs.XX"),
        abstract="We put a kettle on and wait. It boils, <on average>, sooner than naïve watching "
        "suggests.",
        recorded_at=NOW,
        comment="11 pages, 2 kettles",
        journal_ref="J. Imag. Kettles 7 (2026) 12",
        doi="10.99999/kettle.7.12",
        licence="http://creativecommons.org/licenses/by/4.0/",
        submitted_at=datetime(2026, 7, 3, tzinfo=UTC),
        revised_at=datetime(2026, 7, 22, tzinfo=UTC),
    )


# OAI-PMH ------------------------------------------------------------------------------------------


def test_the_clock_of_arxiv_is_kept_for_the_next_harvest():
    assert oai().response_date == datetime(2026, 7, 24, 2, 41, 7, tzinfo=UTC)


def test_the_token_is_kept_as_it_was_given():
    assert oai().cursor == "verb%3DListRecords%26from%3D2026-07-23%26skip%3D3"


def test_the_last_page_has_an_empty_token():
    page = parse_oai((PAYLOADS / "oai_last_page.xml").read_bytes(), NOW)
    assert (page.cursor, page.has_token) == ("", True)


def test_a_deleted_record_is_named_and_is_no_paper():
    page = oai()
    assert page.deleted == ["2607.04002"]
    assert [paper.arxiv_id for paper in page.papers] == ["2607.04001", "hep-th/0102003"]
    assert page.rejects == []


def test_a_paper_that_was_never_revised_has_no_such_date():
    assert oai().papers[1].revised_at is None


def test_a_withdrawal_is_in_the_comment():
    assert [paper.withdrawn for paper in oai().papers] == [False, True]


def test_created_is_the_newest_versions_date_where_it_is_later_than_the_id():
    [paper] = [
        paper
        for paper in oai(OAI.replace("<created>2001-02-01<", "<created>2014-12-12<")).papers
        if paper.arxiv_id == "hep-th/0102003"
    ]
    assert paper.submitted_at is None
    assert paper.revised_at == datetime(2014, 12, 12, tzinfo=UTC)


def test_a_submission_on_the_last_day_of_the_ids_month_is_the_first():
    page = oai(OAI.replace("<created>2001-02-01<", "<created>2001-02-28<"))
    assert page.papers[1].submitted_at == datetime(2001, 2, 28, tzinfo=UTC)


def test_no_record_is_an_empty_page():
    page = oai(error("noRecordsMatch"))
    assert (page.size, page.cursor, page.rejects) == (0, "", [])


def test_a_bad_token_asks_for_the_list_anew():
    with pytest.raises(ExpiredToken, match="some words"):
        oai(error("badResumptionToken"))


@pytest.mark.parametrize(
    "code", ["badArgument", "badVerb", "cannotDisseminateFormat", "idDoesNotExist"]
)
def test_other_errors_of_oai_are_ours_and_stay(code: str):
    with pytest.raises(SourceError, match=f"{code}: some words") as caught:
        oai(error(code))
    assert caught.value.permanent
    assert not isinstance(caught.value, ExpiredToken)


def error(code: str) -> str:
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2026-07-24T02:41:07Z</responseDate><request/>"
        f"<error code='{code}'>some words</error></OAI-PMH>"
    )


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("<created>2001-02-01<", "<created>1 Feb 2001<", "is no date"),
        ("<created>2001-02-01<", "<created>2001-02-30<", "is no date"),
        ("<id>hep-th/0102003<", "<id>hep-th/0102004<", "two ids"),
        ("oai:arXiv.org:hep-th/0102003", "oai:arXiv.org:hep-th/kettle", "is no arXiv id"),
        ("oai:arXiv.org:hep-th/0102003", "oai:arXiv.org:hep-th/0102003v2", "canonical"),
        ("<categories>hep-th<", "<categories>{hep-th}<", "is no category"),
        ("<keyname>Ågren<", "<keyname><", "is empty"),
        ("<title>A string with both ends tied<", "<title><", "<title> is empty"),
    ],
)
def test_a_record_that_is_not_understood_is_refused_and_the_rest_lands(good, bad, reason):
    page = oai(OAI.replace(good, bad))
    assert [paper.arxiv_id for paper in page.papers] == ["2607.04001"]
    [rejected] = page.rejects
    assert rejected.item.startswith("hep-th/")
    assert reason in rejected.reason


def test_raw_records_know_their_versions():
    first = oai(RAW).papers[0]
    assert first.version == 2
    assert first.submitted_at == datetime(2026, 7, 2, 16, 11, 45, tzinfo=UTC)
    assert first.revised_at == datetime(2026, 7, 20, 8, 15, 48, tzinfo=UTC)
    assert first.authors == ("Ólafía Sæunn", "Émile Noé", "Åse Bø")


@pytest.mark.parametrize("source", ["<source_type>I</source_type>", "", "<source_type/>"])
def test_a_last_version_without_files_is_a_withdrawal(source: str):
    first, second = oai(RAW.replace("<source_type>I</source_type>", source)).papers
    assert (first.withdrawn, second.withdrawn) == (False, True)


def test_a_small_last_version_with_files_is_no_withdrawal():
    page = oai(RAW.replace("<source_type>I<", "<source_type>D<"))
    assert not page.papers[1].withdrawn


def test_an_earlier_version_without_files_is_no_withdrawal():
    page = oai(RAW.replace("<size>901kb</size>", "<size>0kb</size>"))
    assert not page.papers[0].withdrawn


def test_versions_may_come_in_any_order():
    text = RAW.replace('"v1"', '"v9"', 1)
    assert oai(text).papers[0].version == 9


def test_a_format_of_others_is_refused():
    page = oai(RAW.replace("arXivRaw>", "dc>").replace("<arXivRaw ", "<dc "))
    assert page.papers == []
    assert len(page.rejects) == 2


@pytest.mark.parametrize("element", ["ListRecords", "OAI-PMH", "record"])
def test_a_renamed_frame_is_no_empty_page(element: str):
    text = OAI.replace(f"<{element}", "<renamed").replace(f"</{element}", "</renamed")
    with pytest.raises(SourceError):
        oai(text)


def test_a_list_of_nothing_is_no_empty_page():
    start, end = OAI.index("<record>"), OAI.index("<resumptionToken")
    with pytest.raises(SourceError, match="neither records nor an error"):
        oai(OAI[:start] + OAI[end:])


# The feed -----------------------------------------------------------------------------------------


def test_the_feed_lists_papers_by_announcement():
    assert [(listed.arxiv_id, listed.version, listed.kind) for listed in rss().announcements] == [
        ("2607.05001", 1, AnnounceType.NEW),
        ("2607.05002", 1, AnnounceType.CROSS),
        ("2606.05003", 3, AnnounceType.REPLACE),
        ("2606.05004", 2, AnnounceType.REPLACE_CROSS),
        ("cs/0502005", 4, AnnounceType.REPLACE),  # "absonly": only the abstract changed
    ]


def test_the_listing_day_is_the_pub_dates_in_new_york():
    assert {listed.listed_on for listed in rss().announcements} == {date(2026, 7, 24)}
    text = RSS.replace("Fri, 24 Jul 2026 00:00:00 -0400", "Thu, 23 Jul 2026 20:00:00 -0400")
    assert {listed.listed_on for listed in rss(text).announcements} == {date(2026, 7, 24)}


def test_the_feed_tells_what_it_knows_of_a_paper():
    assert rss().papers[0] == PaperRecord(
        arxiv_id="2607.05001",
        title="Moss grows on rolling stones",
        authors=("Zoë Müllerová", "Íñigo Orué Jr."),
        categories=("cs.RO", "cs.LG"),
        abstract="Against the proverb, we roll stones and find moss.",
        recorded_at=NOW,
        announced_on=date(2026, 7, 24),
        announced_by_arxiv=True,
        version=1,
        journal_ref="Rolling Lett. 1, 2 (2026)",
        doi="10.99999/moss.1",
        licence="http://creativecommons.org/licenses/by/4.0/",
    )


def test_only_a_new_paper_is_given_its_listing_day():
    assert [paper.announced_on for paper in rss().papers[1:]] == [None] * 4
    assert not any(paper.announced_by_arxiv for paper in rss().papers[1:])


def test_tex_in_the_feed_stays_as_it_is():
    assert rss().papers[2].authors == (r"M\'elodie Quill", "Bø Ågren")


def test_the_atom_twin_says_the_same():
    assert rss(ATOM) == rss()


def test_an_empty_feed_is_a_day_without_a_list():
    text = RSS[: RSS.index("<item>")] + RSS[RSS.index("  </channel>") :]
    assert rss(text).size == 0


def test_an_error_feed_is_an_error():
    text = RSS[: RSS.index("<item>")] + RSS[RSS.index("  </channel>") :]
    text = text.replace("cs.RO updates on arXiv.org<", "Feed error for query: cs.NO<")
    with pytest.raises(SourceError, match="Feed error for query: cs.NO"):
        rss(text)


def test_an_unknown_announce_type_is_refused():
    batch = rss(RSS.replace("announce_type>cross<", "announce_type>sideways<"))
    assert len(batch.announcements) == len(batch.papers) == 4
    [rejected] = batch.rejects
    assert rejected.item == "2607.05002"
    assert "sideways" in rejected.reason


def test_a_guid_without_its_version_is_refused():
    batch = rss(RSS.replace("oai:arXiv.org:2607.05002v1", "oai:arXiv.org:2607.05002"))
    assert "no id with its version" in batch.rejects[0].reason


def test_a_place_in_the_list_outlives_metadata_that_are_not_understood():
    batch = rss(RSS.replace("Room 4)", "Room 4"))
    assert (len(batch.announcements), len(batch.papers)) == (5, 4)
    assert [rejected.item for rejected in batch.rejects] == ["2607.05001"]


def test_a_withdrawal_may_be_in_the_abstract():
    text = RSS.replace("Against the proverb", "This paper has been withdrawn by the author")
    assert [paper.withdrawn for paper in rss(text).papers] == [True] + [False] * 4


# The query API ------------------------------------------------------------------------------------


def test_a_query_tells_all_of_a_paper():
    assert query().papers[0] == PaperRecord(
        arxiv_id="2607.06001",
        title="Doors that know who knocks",
        authors=("The Hinge Collaboration", "Zoë Müllerová", "Íñigo Orué"),
        categories=("cs.LG", "cs.HC"),
        abstract="A door is asked to tell friends from the wind. It is right nine times in ten.",
        recorded_at=NOW,
        version=2,
        comment="9 pages, one door",
        journal_ref="Proc. Imaginary Doors 2026, pp. 1-9",
        doi="10.99999/door.9",
        submitted_at=datetime(2026, 7, 6, 17, 42, 32, tzinfo=UTC),
        revised_at=datetime(2026, 7, 21, 5, 50, 33, tzinfo=UTC),
    )


def test_an_old_id_and_a_title_of_one_zero_are_fine():
    paper = query().papers[1]
    assert (paper.arxiv_id, paper.version, paper.title) == ("math/0412006", 1, "0")
    assert paper.withdrawn


def test_an_entry_may_name_no_version():
    assert query(QUERY.replace("2607.06001v2<", "2607.06001<")).papers[0].version is None


def test_an_error_entry_is_an_error():
    text = QUERY.replace("http://arxiv.org/abs/2607.06001v2", "https://arxiv.org/api/errors#bad_id")
    with pytest.raises(SourceError, match="A door is asked") as caught:
        query(text)
    assert caught.value.permanent


def test_an_unknown_id_is_an_empty_answer():
    text = QUERY[: QUERY.index("<entry>")] + "</feed>"
    assert query(text.replace("totalResults>2<", "totalResults>0<")).size == 0


@pytest.mark.parametrize("kept", [0, 1])
def test_a_page_shorter_than_it_says_is_an_error_and_can_be_asked_for_again(kept: int):
    text = QUERY[: QUERY.index("<entry>")] + "</feed>"
    if kept:
        text = QUERY[: QUERY.index("</entry>")] + "</entry></feed>"
    with pytest.raises(SourceError, match=f"held {kept} papers from 0 of 2") as caught:
        query(text)
    assert not caught.value.permanent


def test_the_last_page_of_a_search_is_shorter_than_a_page():
    text = QUERY.replace("itemsPerPage>2<", "itemsPerPage>100<")
    text = text.replace("totalResults>2<", "totalResults>302<")
    assert len(query(text.replace("startIndex>0<", "startIndex>300<")).papers) == 2
