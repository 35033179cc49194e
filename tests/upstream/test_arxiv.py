"""arXiv as it is played: harvesting, the daily feed, queries."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from tests.upstream.client import ARXIV, ATOM, OAI, START, Clock, ask, records, text
from tests.upstream.server import Upstream
from tests.upstream.world import World


def test_harvesting_yields_every_record_once(upstream: Upstream, world: World, now: Clock) -> None:
    found = list(records(upstream, **{"from": "2026-11-09"}))
    ids = [text(one, f".//{ARXIV}id") for one in found]
    wanted = [state for state in world.states(now()) if state.datestamp >= START]
    assert ids == [state.paper.arxiv_id for state in wanted]
    assert len(ids) > 100
    assert [text(one, f".//{ARXIV}title") for one in found] == [s.version.title for s in wanted]
    assert [text(one, f".//{ARXIV}abstract").strip() for one in found] == [
        state.version.abstract for state in wanted
    ]
    everything = [text(one, f".//{ARXIV}id") for one in records(upstream)]
    assert sorted(everything) == sorted(state.paper.arxiv_id for state in world.states(now()))
    assert upstream.overlaps("arxiv") == 0


def test_records_appear_at_half_past_ten(upstream: Upstream, now: Clock) -> None:
    now.moment = datetime(2026, 11, 10, 3, 29, 59, tzinfo=UTC)
    url = upstream.environment["ARXIV_OAI_URL"]
    asked = {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2026-11-10"}
    assert ask(url, asked).xml.find(f"{OAI}error[@code='noRecordsMatch']") is not None
    now.moment += timedelta(seconds=1)
    assert ask(url, asked).xml.find(f".//{OAI}record") is not None


def test_a_second_version_has_a_new_datestamp(upstream: Upstream, world: World, now: Clock) -> None:
    event = next(event for event in world.events if event.kind == "replace" and event.paper.listing)
    url = upstream.environment["ARXIV_OAI_URL"]
    name = f"oai:arXiv.org:{event.paper.arxiv_id}"
    asked = {"verb": "GetRecord", "identifier": name, "metadataPrefix": "arXiv"}
    now.moment = event.visible_at - timedelta(seconds=1)
    first = ask(url, asked).xml
    now.moment = event.visible_at
    second = ask(url, asked).xml
    stamps = [text(root, f".//{OAI}datestamp") for root in (first, second)]
    assert stamps[0] < stamps[1] == f"{event.visible_at:%Y-%m-%d}"
    assert text(second, f".//{ARXIV}updated")
    assert not text(first, f".//{ARXIV}updated")
    raw = ask(url, {**asked, "metadataPrefix": "arXivRaw"}).body.decode()
    assert 'version="v2"' in raw


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("verb=Nonsense", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2005-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&until=2026-11-20", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=9.11.2026", "badArgument"),
        ("verb=ListRecords&metadataPrefix=arXiv&from=2026-11-12&until=2026-11-10", "badArgument"),
        ("verb=ListRecords&resumptionToken=abc", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=arXiv&identifier=oai:arXiv.org:1", "idDoesNotExist"),
    ],
)
def test_errors_of_oai_come_with_200(upstream: Upstream, query: str, code: str) -> None:
    params = {name: values[0] for name, values in parse_qs(query).items()}
    reply = ask(upstream.environment["ARXIV_OAI_URL"], params)
    found = reply.xml.find(f"{OAI}error")
    assert reply.status == 200
    assert found is not None
    assert found.get("code") == code


def test_a_token_expires_at_midnight(upstream: Upstream, now: Clock) -> None:
    url = upstream.environment["ARXIV_OAI_URL"]
    root = ask(url, {"verb": "ListRecords", "metadataPrefix": "arXiv"}).xml
    token = root.find(f".//{OAI}resumptionToken")
    assert token is not None
    assert token.get("expirationDate") == "2026-11-14T00:00:00Z"
    now.moment = datetime(2026, 11, 14, tzinfo=UTC)
    late = ask(url, {"verb": "ListRecords", "resumptionToken": token.text}).xml
    assert late.find(f"{OAI}error[@code='badResumptionToken']") is not None


def test_sets_choose_categories(upstream: Upstream, world: World, now: Clock) -> None:
    found = {text(one, f".//{ARXIV}id") for one in records(upstream, set="cs:cs:LG")}
    assert found == {s.paper.arxiv_id for s in world.states(now()) if "cs.LG" in s.categories}


def test_the_feed_holds_one_day(upstream: Upstream, world: World, now: Clock) -> None:
    url = f"{upstream.environment['ARXIV_RSS_URL']}/cs.LG+math"
    root = ask(url).xml
    kinds = {one.text for one in root.iter("{http://arxiv.org/schemas/atom}announce_type")}
    assert {"new", "cross"} <= kinds <= {"new", "cross", "replace", "replace-cross"}
    names = [text(item, "guid") for item in root.iter("item")]
    wanted = [
        f"oai:arXiv.org:{event.paper.arxiv_id}v{event.version}"
        for event in world.listing(now().date())
        if event.kind != "cross"
        and any(code == "cs.LG" or code.startswith("math.") for code in event.paper.categories)
    ]
    assert set(wanted) <= set(names)
    assert len(names) == len(set(names))
    now.moment = datetime(2026, 11, 14, 12, tzinfo=UTC)
    assert list(ask(url).xml.iter("item")) == []


def test_the_feed_changes_at_midnight_eastern(upstream: Upstream, now: Clock) -> None:
    url = f"{upstream.environment['ARXIV_RSS_URL']}/cs.LG"
    now.moment = datetime(2026, 11, 13, 4, 59, 59, tzinfo=UTC)
    before = ask(url)
    assert ask(url, headers={"If-None-Match": before.headers["etag"]}).status == 304
    now.moment += timedelta(seconds=1)
    after = ask(url, headers={"If-None-Match": before.headers["etag"]})
    assert after.status == 200
    assert text(after.xml, "channel/pubDate") == "Fri, 13 Nov 2026 00:00:00 -0500"
    assert ask(f"{upstream.environment['ARXIV_RSS_URL']}/cs.NOPE").status == 400
    atom = ask(url.replace("/rss/", "/atom/")).xml
    assert len(list(atom.iter(f"{ATOM}entry"))) == len(list(after.xml.iter("item")))


def test_the_query_api_answers_by_id_and_drops_what_it_does_not_know(
    upstream: Upstream, world: World
) -> None:
    known = world.papers[12].arxiv_id
    url = upstream.environment["ARXIV_API_URL"]
    root = ask(url, {"id_list": f"{known}v1,0000.0000,hep-th/9901001,2611.99999"}).xml
    ids = [text(entry, f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert ids == [f"http://arxiv.org/abs/{known}v1", "http://arxiv.org/abs/hep-th/9901001v1"]
    wrong = ask(url, {"id_list": "abc"})
    assert wrong.status == 400
    assert "/api/errors#" in text(wrong.xml, f".//{ATOM}entry/{ATOM}id")


def test_the_query_api_pages_a_search(upstream: Upstream, world: World, now: Clock) -> None:
    url, found = upstream.environment["ARXIV_API_URL"], []
    query = (
        "(cat:cs.LG OR cat:math.NT) ANDNOT ti:zzz AND submittedDate:[202611010000 TO 202701010000]"
    )
    for start in range(0, 1000, 20):
        asked = {
            "search_query": query,
            "start": start,
            "max_results": 20,
            "sortBy": "submittedDate",
        }
        page = [text(e, f"{ATOM}id") for e in ask(url, asked).xml.iter(f"{ATOM}entry")]
        found += page
        if not page:
            break
    wanted = {
        f"http://arxiv.org/abs/{state.paper.arxiv_id}v{state.version.number}"
        for state in world.states(now())
        if {"cs.LG", "math.NT"} & set(state.categories) and state.paper.listing
    }
    assert len(found) == len(set(found))
    assert set(found) == wanted
