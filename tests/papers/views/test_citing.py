"""What programs read of a paper's page, above all Zotero."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import bibtexparser
import pytest
from django.test import Client

from papers.models import Paper
from tests.factories import make_paper
from tests.papers.exports.readers import READERS
from tests.papers.views.conftest import make_entry

pytestmark = pytest.mark.django_db
ImportDay = Callable[..., None]


class Head(HTMLParser):
    """The tags of a page's head, and its data of schema.org."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.metas: dict[str, list[str]] = {}
        self.links: list[dict[str, str | None]] = []
        self.data: list[Any] = []
        self._is_data = False
        self.feed(html.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta":
            name = found.get("name") or found.get("property") or ""
            self.metas.setdefault(name, []).append(found.get("content") or "")
        if tag == "link":
            self.links.append(found)
        self._is_data = tag == "script" and found.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(json.loads(data))
            self._is_data = False

    def canonical(self) -> list[str | None]:
        return [link["href"] for link in self.links if link["rel"] == "canonical"]


def head(client: Client, address: str) -> Head:
    return Head(client.get(address).content.decode())


def zotero_creators(values: list[str]) -> list[tuple[str, str]]:
    """Return first and last names as Zotero takes them from citation_author: a semicolon parts
    authors, and a comma with blanks on both sides does; else it stands behind the last name."""
    creators = []
    for value in values:
        people = re.split(r"\s*;\s*", value)
        by_comma = re.split(r"\s*,\s*", people[0])
        if len(people) == 1 and len(by_comma) > 1 and " " in by_comma[0] and " " in by_comma[1]:
            people = by_comma
        for person in people:
            last, _, first = person.partition(", ") if "," in person else _plain_order(person)
            creators.append((first, last))
    return creators


def _plain_order(person: str) -> tuple[str, str, str]:
    first, _, last = person.rpartition(" ")
    return last, "", first


def full_paper() -> Paper:
    return make_paper(
        arxiv_id="2106.05237",
        title=r'Costs of $O(n^{2})$ & \"Uber-<b>bold</b> "claims"',
        authors=("Amélie Royer", "Laurens van der Maaten", "山田 太郎", "ATLAS Collaboration"),
        categories=("cs.CV", "cs.LG"),
        abstract='Ends </script> with "quotes" & $x < y$.',
        submitted_at=datetime(2021, 6, 8, 17, 59, tzinfo=UTC),
        doi="10.1000/a_b",
    )


def test_it_works(client: Client) -> None:
    """Zotero's view, as a BibTeX record, is the one that the site itself gives."""
    paper = full_paper()
    found = head(client, "/papers/2106.05237/").metas
    creators = zotero_creators(found["citation_author"])
    record = {
        "title": found["citation_title"][0],
        "author": " and ".join(f"{last}, {first}" if first else last for first, last in creators),
        "year": found["citation_publication_date"][0][:4],
        "doi": found["citation_doi"][0],
        "eprint": found["citation_arxiv_id"][0],
        "url": found["citation_public_url"][0],
        "primaryclass": found["citation_keywords"][0],
    }
    (ours,) = bibtexparser.loads(client.get("/papers/2106.05237.bib").content.decode()).entries
    assert record["title"] == paper.title_text
    assert READERS["bib"](client.get("/papers/2106.05237.bib").content.decode()) == {
        record["eprint"]: (record["title"], paper.author_names)
    }
    assert record["author"] == (
        "Royer, Amélie and van der Maaten, Laurens and 太郎, 山田 and Collaboration, ATLAS"
    )
    for name in ("year", "doi", "eprint", "url", "primaryclass"):
        assert record[name] == ours[name], name
    assert found["citation_publication_date"] == ["2021/06/08"]
    assert found["citation_online_date"] == ["2021/06/10"]
    assert found["citation_pdf_url"] == ["https://arxiv.org/pdf/2106.05237"]
    assert found["citation_abstract"] == ['Ends </script> with "quotes" & x < y.']
    assert found["citation_language"] == ["en"]


def test_no_author_is_taken_for_two(client: Client) -> None:
    names = ("Laurens J. van der Maaten", "Martin Luther King, Jr.", "Xu, the Elder", "Ana Lark")
    make_paper(authors=names)
    found = head(client, "/papers/2106.00001/").metas["citation_author"]
    assert len(zotero_creators(found)) == len(names)


def test_a_summary_of_ours_is_no_abstract(client: Client) -> None:
    make_paper(abstract="In words of ours.", abstract_is_summary=True)
    found = head(client, "/papers/2106.00001/")
    assert "citation_abstract" not in found.metas
    assert "abstract" not in found.data[0]


def test_links_show_what_they_lead_to(client: Client) -> None:
    full_paper()
    found = head(client, "/papers/2106.05237/").metas
    assert found["og:title"] == found["citation_title"]
    assert found["og:url"] == ["http://127.0.0.1:8000/papers/2106.05237/"]
    assert found["og:description"] == found["description"]
    assert (found["og:type"], found["twitter:card"]) == (["article"], ["summary"])


def test_data_of_schema_org_ends_no_element(client: Client) -> None:
    paper = full_paper()
    page = client.get("/papers/2106.05237/").content.decode()
    (data,) = Head(page).data
    assert data["headline"] == paper.title_text
    assert data["abstract"] == 'Ends </script> with "quotes" & x < y.'
    assert [author["name"] for author in data["author"]] == paper.author_names
    assert data["sameAs"] == ["https://arxiv.org/abs/2106.05237", "https://doi.org/10.1000/a_b"]
    raw = page.partition("ld+json")[2].partition("</script>")[0]
    assert not re.search(r"[<&]|</", raw)


def test_bibtex_stands_on_the_page(client: Client) -> None:
    full_paper()
    page = client.get("/papers/2106.05237/").content.decode()
    shown = re.search(r'<pre class="cite"[^>]*><code>(.*?)</code>', page, re.S)
    assert shown
    assert "@misc{royer2021costs," in shown[1]
    assert "<b>" not in shown[1]


# Where pages are known ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/", "/"),
        ("/digests/2021-06-10/?view=list", "/digests/2021-06-10/"),
        ("/papers/2106.00001/?utm_source=x", "/papers/2106.00001/"),
        ("/hot/?fbclid=x&category=cs.LG", "/hot/?category=cs.LG"),
        ("/top/?window=week&after=10~1", "/top/"),
        ("/categories/cs.LG/?window=all", "/categories/cs.LG/"),
        ("/about/", "/about/"),
    ],
)
def test_public_pages_name_their_address(
    client: Client, import_day: ImportDay, address: str, canonical: str
) -> None:
    import_day(make_entry(1))
    found = head(client, address)
    assert found.canonical() == [f"http://127.0.0.1:8000{canonical}"]
    assert "robots" not in found.metas


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=paper",
        "/search/",
        "/feed/",
        "/welcome/",
        "/accounts/login/",
        "/nothing/",
        "/hot/?window=x",
        "/papers/2106.99999/",
    ],
)
def test_all_others_ask_to_be_left_out(client: Client, import_day: ImportDay, address: str) -> None:
    import_day(make_entry(1))
    found = head(client, address)
    assert found.canonical() == []
    assert found.metas["robots"] == ["noindex"]


def test_home_says_how_it_is_searched(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    (data,) = head(client, "/").data
    target = data["potentialAction"]["target"].replace("{search_term_string}", "paper")
    assert client.get(target.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert head(client, "/digests/2021-06-10/").data == []
