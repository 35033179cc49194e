from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from papers.sources.arxiv import ArXiv, ExpiredToken
from papers.sources.base import AnnounceType, SourceError

PAYLOADS = Path(__file__).parent / "payloads" / "arxiv"
NOW = datetime(2026, 7, 24, 3, 0, tzinfo=UTC)
OAI, RSS, API = "https://oai.test/oai", "https://rss.test/rss", "https://api.test/query"
FIRST_PAGE = (PAYLOADS / "oai_first_page.xml").read_bytes()
LAST_PAGE = (PAYLOADS / "oai_last_page.xml").read_bytes()
FEED = (PAYLOADS / "feed.xml").read_bytes()
QUERY = (PAYLOADS / "query.xml").read_bytes()
TOKEN = "verb%3DListRecords%26from%3D2026-07-23%26skip%3D3"
NO_RECORDS = b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-07-24T02:41:07Z</responseDate><request/>
<error code="noRecordsMatch">nothing</error></OAI-PMH>"""
BAD_TOKEN = NO_RECORDS.replace(b"noRecordsMatch", b"badResumptionToken")


class Answers:
    """Serves the canned bytes of each URL in turn, and keeps what it was asked."""

    def __init__(self, **bodies_of: Sequence[bytes | SourceError]) -> None:
        urls = {"oai": OAI, "api": API}
        self.bodies = {urls.get(key, f"{RSS}/{key}"): list(of) for key, of in bodies_of.items()}
        self.calls: list[tuple[str, dict[str, str]]] = []

    def __call__(self, url, params=None, headers=None) -> bytes:
        self.calls.append((url, dict(params or {})))
        body = self.bodies[url].pop(0)
        if isinstance(body, SourceError):
            raise body
        return body


def arxiv(answers: Answers) -> ArXiv:
    return ArXiv(answers, OAI, RSS, API, now=lambda: NOW)


def test_it_works():
    answers = Answers(oai=[FIRST_PAGE, LAST_PAGE])
    pages = list(arxiv(answers).harvest(date(2026, 7, 22)))
    assert [paper.arxiv_id for page in pages for paper in page.papers] == [
        "2607.04001",
        "hep-th/0102003",
        "2607.04009",
    ]


# harvest ------------------------------------------------------------------------------------------


def test_a_harvest_asks_from_a_day_without_an_end():
    answers = Answers(oai=[NO_RECORDS])
    list(arxiv(answers).harvest(date(2026, 7, 22)))
    assert answers.calls == [
        (OAI, {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2026-07-22"})
    ]


def test_the_other_format_can_be_asked_for():
    answers = Answers(oai=[(PAYLOADS / "oai_raw.xml").read_bytes()])
    [page] = arxiv(answers).harvest(date(2026, 7, 22), metadata_format="arXivRaw")
    assert answers.calls[0][1]["metadataPrefix"] == "arXivRaw"
    assert [paper.version for paper in page.papers] == [2, 2]


def test_a_day_before_arxivs_first_datestamp_is_taken_as_that():
    answers = Answers(oai=[NO_RECORDS])
    list(arxiv(answers).harvest(date(1991, 8, 14)))
    assert answers.calls[0][1]["from"] == "2005-09-16"


def test_the_next_page_is_asked_for_by_verb_and_token_only():
    answers = Answers(oai=[FIRST_PAGE, LAST_PAGE])
    list(arxiv(answers).harvest(date(2026, 7, 22)))
    assert answers.calls[1:] == [(OAI, {"verb": "ListRecords", "resumptionToken": TOKEN})]


def test_a_harvest_goes_on_from_a_token():
    answers = Answers(oai=[LAST_PAGE])
    assert len(list(arxiv(answers).harvest(date(2026, 7, 22), TOKEN))) == 1
    assert answers.calls == [(OAI, {"verb": "ListRecords", "resumptionToken": TOKEN})]


def test_a_page_is_handed_out_before_the_next_is_asked_for():
    answers = Answers(oai=[FIRST_PAGE, SourceError("503")])
    pages = arxiv(answers).harvest(date(2026, 7, 22))
    assert next(pages).cursor == TOKEN
    assert len(answers.calls) == 1
    with pytest.raises(SourceError, match="503"):
        next(pages)


def test_an_expired_token_begins_the_list_again():
    answers = Answers(oai=[FIRST_PAGE, BAD_TOKEN, FIRST_PAGE, LAST_PAGE])
    assert len(list(arxiv(answers).harvest(date(2026, 7, 22)))) == 3
    assert answers.calls[2] == answers.calls[0]


def test_a_list_begins_again_only_once():
    answers = Answers(oai=[FIRST_PAGE, BAD_TOKEN, FIRST_PAGE, BAD_TOKEN])
    with pytest.raises(ExpiredToken):
        list(arxiv(answers).harvest(date(2026, 7, 22)))


def test_nothing_new_is_one_empty_page():
    [page] = arxiv(Answers(oai=[NO_RECORDS])).harvest(date(2026, 7, 22))
    assert (page.size, page.cursor) == (0, "")


def test_nothing_in_the_middle_of_a_list_is_no_end():
    answers = Answers(oai=[FIRST_PAGE, NO_RECORDS])
    with pytest.raises(SourceError, match="broke off"):
        list(arxiv(answers).harvest(date(2026, 7, 22)))


def test_a_last_page_that_does_not_say_so_is_no_end():
    cut = LAST_PAGE.replace(b"<resumptionToken/>", b"")
    with pytest.raises(SourceError, match="broke off"):
        list(arxiv(Answers(oai=[FIRST_PAGE, cut])).harvest(date(2026, 7, 22)))


def test_a_list_that_leads_in_a_circle_is_left():
    answers = Answers(oai=[FIRST_PAGE] * 9)
    with pytest.raises(SourceError, match="read before"):
        list(arxiv(answers).harvest(date(2026, 7, 22)))
    assert len(answers.calls) == 2


# announced ----------------------------------------------------------------------------------------


def test_the_feed_of_several_categories_is_one_request():
    answers = Answers(**{"cs.RO+cs.LG": [FEED]})
    assert len(arxiv(answers).announced(["cs.RO", "cs.LG"]).announcements) == 5
    assert answers.calls == [(f"{RSS}/cs.RO+cs.LG", {})]


def test_no_category_is_no_request():
    answers = Answers()
    assert arxiv(answers).announced([]).size == 0
    assert answers.calls == []


def test_a_feed_that_was_cut_is_asked_for_in_halves(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("papers.sources.arxiv.FEED_LIMIT", 5)
    quiet = FEED[: FEED.index(b"<item>")] + FEED[FEED.index(b"  </channel>") :]
    answers = Answers(**{"cs.RO+cs.LG": [FEED], "cs.RO": [FEED], "cs.LG": [quiet]})
    batch = arxiv(answers).announced(["cs.RO", "cs.LG"])
    assert [url for url, _ in answers.calls] == [
        f"{RSS}/{c}" for c in ("cs.RO+cs.LG", "cs.RO", "cs.LG")
    ]
    assert (len(batch.papers), len(batch.announcements)) == (5, 5)
    assert batch.stopped == "arXiv's feed of cs.RO is cut at 5 items"


def test_a_paper_of_both_halves_is_what_its_primary_category_says(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("papers.sources.arxiv.FEED_LIMIT", 5)
    crossed = FEED.replace(b"announce_type>new<", b"announce_type>cross<")
    crossed = crossed[: crossed.index(b"</item>") + 7] + crossed[crossed.index(b"  </channel>") :]
    for one, other in ((FEED, crossed), (crossed, FEED)):
        answers = Answers(**{"cs.LG+cs.RO": [FEED], "cs.LG": [one], "cs.RO": [other]})
        batch = arxiv(answers).announced(["cs.LG", "cs.RO"])
        kinds = {listed.arxiv_id: listed.kind for listed in batch.announcements}
        assert kinds["2607.05001"] is AnnounceType.NEW
        [paper] = [paper for paper in batch.papers if paper.arxiv_id == "2607.05001"]
        assert paper.announced_by_arxiv


# look_up ------------------------------------------------------------------------------------------


def test_papers_are_looked_up_by_id():
    answers = Answers(api=[QUERY])
    [found] = arxiv(answers).look_up(["math/0412006", "2607.06001"])
    assert [paper.arxiv_id for paper in found.papers] == ["2607.06001", "math/0412006"]
    assert answers.calls == [
        (API, {"id_list": "math/0412006,2607.06001", "start": "0", "max_results": "2"})
    ]


def test_a_hundred_ids_are_asked_for_at_a_time():
    nothing = QUERY[: QUERY.index(b"<entry>")] + b"</feed>"
    nothing = nothing.replace(b"totalResults>2<", b"totalResults>0<")
    answers = Answers(api=[nothing] * 3)
    ids = [f"2607.{number:05}" for number in range(1, 202)]
    found = list(arxiv(answers).look_up([*ids, ids[0]]))
    assert [len(params["id_list"].split(",")) for _, params in answers.calls] == [100, 100, 1]
    assert [params["max_results"] for _, params in answers.calls] == ["100", "100", "1"]
    assert [arxiv_id for answer in found for arxiv_id in answer.missing] == ids


def test_an_id_that_arxiv_leaves_out_is_missing():
    [found] = arxiv(Answers(api=[QUERY])).look_up(["2607.06001", "2607.06002", "math/0412006"])
    assert found.missing == ["2607.06002"]


def test_an_answer_that_is_not_understood_is_not_missing():
    answers = Answers(api=[QUERY.replace(b"<title>0</title>", b"<title/>")])
    [found] = arxiv(answers).look_up(["2607.06001", "math/0412006"])
    assert found.missing == []
    assert [rejected.item for rejected in found.rejects] == ["math/0412006"]


def test_a_paper_nobody_asked_for_is_refused():
    [found] = arxiv(Answers(api=[QUERY])).look_up(["2607.06001"])
    assert [paper.arxiv_id for paper in found.papers] == ["2607.06001"]
    assert [rejected.item for rejected in found.rejects] == ["math/0412006"]


def test_a_malformed_id_is_missing_and_never_asked_for():
    answers = Answers(api=[QUERY])
    found = list(arxiv(answers).look_up(["kettle", "2607.06001", "math/0412006"]))
    assert found[0].missing == ["kettle"]
    assert answers.calls[0][1]["id_list"] == "2607.06001,math/0412006"


def test_the_newest_list_it_expects_is_the_calendars():
    assert arxiv(Answers()).expected_listing(NOW) == date(2026, 7, 24)
