"""Sitemaps, and what else crawlers and browsers ask of a site."""

from datetime import date
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.models import Category, Paper
from papers.views import crawling
from tests.factories import DAY, MORNING, make_digest, make_paper

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "http://127.0.0.1:8000"


def xml(client: Client, path: str) -> Element:
    response: Any = client.get(path)
    assert response.status_code == 200, path
    root: Element = fromstring(b"".join(response))
    return root


def addresses(root: Element) -> list[str]:
    return [(found.text or "").removeprefix(SITE) for found in root.iter(f"{SPACE}loc")]


def small_world() -> None:
    """Two months with papers, one with a digest alone, and what belongs on no map."""
    make_digest(make_paper(score=60), state="published", published_at=MORNING)
    make_paper(arxiv_id="hep-th/9901001", announced_on=date(1999, 1, 4), withdrawn=True)
    make_digest(date=date(2021, 4, 1), state="published", published_at=MORNING)
    make_digest(date=date(2021, 6, 11))
    make_paper(hidden=True)
    make_paper(hidden=True, announced_on=date(2020, 1, 6))


def test_it_works(client: Client) -> None:
    small_world()
    maps = addresses(xml(client, "/sitemap.xml"))
    months = ["1999-01", "2021-04", "2021-06"]
    assert maps == ["/sitemaps/pages.xml", *(f"/sitemaps/{month}.xml" for month in months)]
    found = [address for path in maps[1:] for address in addresses(xml(client, path))]
    assert found == [
        "/papers/hep-th/9901001/",
        "/digests/2021-04-01/",
        "/digests/2021-06-10/",
        "/papers/2106.00001/",
    ]
    pages = addresses(xml(client, "/sitemaps/pages.xml"))
    assert len(set(pages)) == len(pages)
    assert {"/", "/hot/", "/digests/", "/categories/cs.LG/"} <= set(pages)
    assert len(pages) > Category.objects.filter(is_active=True).count()
    for address in [*found, *(page for page in pages if page.count("/") < 3)]:
        page = client.get(address).content.decode()
        assert f'<link rel="canonical" href="{SITE}{address}">' in page, address


def test_changes_are_dated(client: Client) -> None:
    digest = make_digest(make_paper(score=60), state="published", published_at=MORNING)
    digest.revisions.create(number=1, markdown="", created_at=MORNING.replace(day=20))
    root = xml(client, "/sitemaps/2021-06.xml")
    dates = [found.text for found in root.iter(f"{SPACE}lastmod")]
    assert dates == ["2021-06-20", "2021-06-11"]


def test_a_map_holds_no_more_than_it_may(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawling, "MOST", 33)
    for score in (10, 30, 20):
        make_paper(score=score)
    assert addresses(xml(client, "/sitemaps/2021-06.xml")) == [
        "/papers/2106.00002/",
        "/papers/2106.00003/",
    ]


def test_no_map_counts_papers_or_asks_for_each(client: Client) -> None:
    small_world()
    Paper.objects.filter(hidden=True).delete()
    for _ in range(20):
        make_paper()
    with CaptureQueriesContext(connection) as captured:
        xml(client, "/sitemaps/2021-06.xml")
    assert len(captured) <= 3
    with CaptureQueriesContext(connection) as captured:
        xml(client, "/sitemap.xml")
    assert len(captured) == 2 * (3 + 1), "two looks a month, and two that find nothing more"
    assert not any("COUNT(*)" in query["sql"].upper() for query in captured)


@pytest.mark.parametrize(
    "month", ["2021-05", "2021-13", "2021-00", "9999-12", "0000-01", "2021-6", "٢٠٢١-٠٦", "%00"]
)
def test_other_months_are_not_there(client: Client, month: str) -> None:
    make_paper(announced_on=DAY)
    assert client.get(f"/sitemaps/{month}.xml").status_code == 404


def test_an_empty_site_has_an_index(client: Client) -> None:
    assert addresses(xml(client, "/sitemap.xml")) == ["/sitemaps/pages.xml"]


def test_robots_keep_away_from_what_is_personal(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
    for path in ("/search/?q=x", "/settings/data/", "/accounts/login/", "/api/v1/", "/saved.bib"):
        assert not rules.can_fetch("anybody", path), path
    for path in (
        "/",
        "/hot/",
        "/papers/2106.00001/",
        "/digests/2021-06-10/",
        "/sitemap.xml",
        "/feeds/",
    ):
        assert rules.can_fetch("anybody", path), path


def test_browsers_learn_to_search(client: Client) -> None:
    make_paper()
    root = xml(client, "/opensearch.xml")
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    address = url.attrib["template"].removeprefix(SITE).replace("{searchTerms}", "weight")
    assert "On the Weight of Paper" in client.get(address).content.decode()
    link = '<link rel="search" type="application/opensearchdescription+xml"'
    assert link in client.get("/about/").content.decode()
