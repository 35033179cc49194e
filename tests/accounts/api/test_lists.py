"""A reader's lists, and what others see of one that is shared."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import ReadingList, SavedPaper
from papers.models import Paper
from tests.accounts.api.conftest import Program
from tests.factories import make_paper

pytestmark = pytest.mark.django_db
GROUP = "lists/group/"


@pytest.fixture
def group(ada: Program) -> list[str]:
    """A list of three papers, by id in its order."""
    ada.do("POST", "lists/", {"name": "Group"})
    for _ in range(3):
        paper = make_paper().arxiv_id
        ada.do("POST", "saved/", {"paper": paper, "note": "hush", "tags": ["hush"]})
        ada.do("PUT", f"{GROUP}entries/{paper}/")
    return order(ada)


def order(program: Program) -> list[str]:
    return [each["id"] for each in program.get(f"{GROUP}entries/")["results"]]


def test_it_works(ada: Program) -> None:
    made = ada.do("POST", "lists/", {"name": "  Reading  group "})
    assert made == {
        "slug": "reading-group",
        "name": "Reading group",
        "paper_count": 0,
        "is_shared": False,
    }
    assert ada.get("lists/reading-group/") == made
    renamed = ada.do("PATCH", "lists/reading-group/", {"name": "Group"})
    assert renamed["slug"] == "group"
    assert ada.get("lists/")["results"] == [renamed]
    ada.do("DELETE", GROUP)
    assert ada.get("lists/")["results"] == []
    assert ada.refused("GET", GROUP) == (404, "You have no such list.")


def test_papers_come_in_and_go_and_stay_saved(ada: Program, group: list[str]) -> None:
    assert group == ["2106.00001", "2106.00002", "2106.00003"]
    ada.do("PUT", f"{GROUP}entries/2106.00001/")  # it stays where it is
    assert order(ada) == group
    ada.do("DELETE", f"{GROUP}entries/2106.00002/")
    assert order(ada) == ["2106.00001", "2106.00003"]
    assert ada.get("saved/2106.00002/")["lists"] == []
    assert ada.refused("DELETE", f"{GROUP}entries/2106.00002/")[0] == 404
    assert ada.refused("PUT", f"{GROUP}entries/2106.00099/")[0] == 404
    ada.do("DELETE", GROUP)
    assert SavedPaper.objects.count() == 3


def test_a_list_is_put_in_order(ada: Program, group: list[str]) -> None:
    ada.do("PUT", f"{GROUP}order/", {"papers": group[::-1]})
    assert order(ada) == group[::-1]
    ada.do("PUT", f"{GROUP}order/", {"papers": [group[0], group[2]]})
    assert order(ada) == group
    for wrong in ([group[0]] * 2, ["2106.00099"], ["barn"]):
        assert ada.refused("PUT", f"{GROUP}order/", {"papers": wrong})[0] == 400
    assert order(ada) == group
    page = ada.get(f"{GROUP}entries/?size=2")
    rest = ada.get(page["next"].removeprefix("http://127.0.0.1:8000/api/v1/"))
    assert [each["id"] for each in rest["results"]] == [group[2]]


def test_a_name_is_given_once(ada: Program, group: list[str]) -> None:
    assert ada.refused("POST", "lists/", {"name": "GROUP"})[0] == 400
    ada.do("POST", "lists/", {"name": "Other"})
    assert ada.refused("PATCH", "lists/other/", {"name": "group"})[0] == 400
    for wrong in ({}, {"name": ""}, {"name": "x" * 61}, {"name": "x", "slug": "y"}):
        assert ada.refused("POST", "lists/", wrong)[0] == 400
    assert ReadingList.objects.count() == 2


def test_of_anothers_list_nothing_is_told_or_changed(
    ada: Program, eve: Program, group: list[str]
) -> None:
    asked: list[tuple[str, str, object]] = [
        ("GET", GROUP, None),
        ("PATCH", GROUP, {"name": "Mine"}),
        ("DELETE", GROUP, None),
        ("GET", f"{GROUP}entries/", None),
        ("PUT", f"{GROUP}entries/{group[0]}/", None),
        ("DELETE", f"{GROUP}entries/{group[0]}/", None),
        ("PUT", f"{GROUP}order/", {"papers": group[::-1]}),
        ("POST", f"{GROUP}share/", None),
        ("DELETE", f"{GROUP}share/", None),
    ]
    for method, path, sent in asked:
        assert (method, path, eve.refused(method, path, sent)[0]) == (method, path, 404)
    assert order(ada) == group
    # Nor does a list of one's own take in what another saved.
    eve.do("POST", "lists/", {"name": "Group"})
    assert eve.refused("PUT", f"{GROUP}entries/{group[0]}/")[0] == 404


def test_a_shared_list_is_read_by_whoever_has_its_link(ada: Program, group: list[str]) -> None:
    links = ada.do("POST", f"{GROUP}share/")
    assert ada.get(GROUP)["is_shared"]
    path = links["api_url"].removeprefix("http://127.0.0.1:8000")
    visitor = Client()
    found: Any = visitor.get(path)
    assert found.json()["name"] == "Group"
    entries = visitor.get(f"{path}entries/")
    assert [each["id"] for each in entries.json()["results"]] == group
    for answer in (found, entries):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "hush" not in answer.content.decode()
        assert "ada" not in answer.content.decode()
    assert visitor.get(links["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    Paper.objects.filter(arxiv_id=group[0]).update(hidden=True)
    assert len(visitor.get(f"{path}entries/").json()["results"]) == 2
    again = ada.do("POST", f"{GROUP}share/")
    assert again["api_url"] != links["api_url"]
    assert visitor.get(path).status_code == 404
    ada.do("DELETE", f"{GROUP}share/")
    assert visitor.get(again["api_url"].removeprefix("http://127.0.0.1:8000")).status_code == 404
