"""Saved papers, notes and tags, as programs keep them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ReaderTag, ReadingList, SavedPaper
from papers.models import Paper
from tests.accounts.api.conftest import Program
from tests.factories import make_paper

pytestmark = pytest.mark.django_db
ONE = "saved/2106.00001/"


@pytest.fixture(autouse=True)
def papers() -> list[Paper]:
    return [make_paper(score=score) for score in (60, 10, 30)]


def ids(found: Any) -> list[str]:
    return [each["id"] for each in found["results"]]


def test_it_works(ada: Program) -> None:
    made = ada.do("POST", "saved/", {"paper": "https://arxiv.org/abs/2106.00001v2"})
    assert (made["id"], made["state"], made["note"], made["tags"]) == (
        "2106.00001",
        "later",
        "",
        [],
    )
    ada.do("POST", "lists/", {"name": "Reading group"})
    changed = ada.do(
        "PATCH",
        ONE,
        {"state": "done", "note": " *Hm*.\n", "tags": ["Barns", "b"], "lists": ["reading-group"]},
    )
    assert (changed["state"], changed["note"]) == ("done", " *Hm*.\n")
    assert (changed["tags"], changed["lists"]) == (["b", "Barns"], ["reading-group"])
    assert ada.get(ONE) == changed
    assert ada.get("saved/")["results"] == [changed]
    assert changed["title_text"] == "On the Weight of Paper"
    ada.do("DELETE", ONE)
    assert ada.refused("GET", ONE) == (404, "You have not saved this paper.")
    assert ada.get("saved/")["results"] == []


def test_what_is_not_sent_stays(ada: Program) -> None:
    sent = {"paper": "2106.00001", "state": "reading", "note": "n", "tags": ["t"]}
    before = ada.do("POST", "saved/", sent)
    assert ada.do("PATCH", ONE, {}) == before
    assert ada.do("POST", "saved/", {"paper": "2106.00001"}) == before
    after = ada.do("PATCH", ONE, {"note": ""})
    assert {key for key in before if before[key] != after[key]} == {"note"}
    assert ada.do("PATCH", ONE, {"tags": []})["tags"] == []


def test_filters_and_orders_are_those_of_the_page(ada: Program) -> None:
    for number, state in ((1, "later"), (2, "done"), (3, "done")):
        sent = {"paper": f"2106.0000{number}", "state": state, "tags": [state]}
        ada.do("POST", "saved/", sent)
    assert ids(ada.get("saved/")) == ["2106.00003", "2106.00002", "2106.00001"]
    assert ids(ada.get("saved/?sort=score")) == ["2106.00001", "2106.00003", "2106.00002"]
    assert ids(ada.get("saved/?state=done&size=1")) == ["2106.00003"]
    assert ids(ada.get("saved/?tag=later")) == ["2106.00001"]
    assert ada.get("saved/?fields=id,tags&state=later")["results"] == [
        {"id": "2106.00001", "tags": ["later"]}
    ]
    found = ada.get("saved/?size=2")
    rest = found["next"].removeprefix("http://127.0.0.1:8000/api/v1/")
    assert ids(ada.get(rest)) == ["2106.00001"]
    for wrong in ("state=lost", "sort=x", "after=x", "size=0", "barn=1"):
        assert ada.refused("GET", f"saved/?{wrong}")[0] == 400
    assert ada.refused("GET", "saved/?tag=none") == (404, "You have no such tag.")
    assert ada.refused("GET", "saved/?list=none") == (404, "You have no such list.")


WRONG: list[tuple[object, str]] = [
    ({}, "paper: This field is required."),
    ({"paper": "barn"}, "paper: This is no arXiv id."),
    ({"paper": "2106.00001", "state": "lost"}, 'state: "lost" is not a valid choice.'),
    ({"paper": "2106.00001", "tags": ["a,b"]}, "tags/0: A tag’s name holds no comma."),
    ({"paper": "2106.00001", "tags": [" "]}, "tags/0: This field may not be blank."),
    ({"paper": "2106.00001", "lists": ["none"]}, "You have no list “none”."),
    ({"paper": "2106.00001", "note": "\x00"}, "note: Null characters are not allowed."),
    ({"paper": "2106.00001", "user": 1, "id": 7}, "There is no such field."),
    ([], "Invalid data. Expected a dictionary, but got list."),
    ("x", "Invalid data. Expected a dictionary, but got str."),
]


@pytest.mark.parametrize(("sent", "why"), WRONG)
def test_what_cannot_be_is_named_and_stores_nothing(ada: Program, sent: object, why: str) -> None:
    status, told = ada.refused("POST", "saved/", sent)
    assert status == 400
    assert why in told
    assert not SavedPaper.objects.exists()
    assert not ReaderTag.objects.exists()


def test_fields_that_are_not_of_a_shelf_are_refused_by_name(ada: Program, eve: Program) -> None:
    ada.do("POST", "saved/", {"paper": "2106.00001"})
    for name in ("user", "user_id", "paper", "saved_at", "known", "score", "is_staff"):
        status, told = ada.refused("PATCH", ONE, {"note": "x", name: eve.user.pk})
        assert (status, told) == (400, f"{name}: There is no such field.")
    assert SavedPaper.objects.get().note == ""


def test_of_what_is_anothers_nothing_is_told(ada: Program, eve: Program) -> None:
    sent = {"paper": "2106.00001", "tags": ["hush"], "note": "hush"}
    ada.do("POST", "saved/", sent)
    ada.do("POST", "lists/", {"name": "hush"})
    for path in ("saved/", "saved/tags/", "lists/", "feed/", "hidden/", "subscriptions/"):
        assert "hush" not in str(eve.get(path))
    assert eve.refused("GET", ONE)[0] == 404
    assert eve.refused("PATCH", ONE, {"note": "mine"})[0] == 404
    assert eve.refused("DELETE", ONE)[0] == 404
    assert eve.refused("DELETE", "saved/tags/hush/")[0] == 404
    assert eve.refused("PATCH", "saved/tags/hush/", {"name": "mine"})[0] == 404
    assert eve.refused("GET", "saved/?tag=hush") == eve.refused("GET", "saved/?tag=no-one-has")
    # The same tag of another reader is another one, of the same slug.
    assert eve.do("POST", "saved/", sent)["tags"] == ["hush"]
    assert [each["slug"] for each in eve.get("saved/tags/")["results"]] == ["hush"]
    assert ada.get(ONE)["note"] == "hush"


def test_what_a_curator_hid_is_not_there(ada: Program) -> None:
    ada.do("POST", "saved/", {"paper": "2106.00001"})
    Paper.objects.filter(arxiv_id="2106.00001").update(hidden=True)
    assert ada.get("saved/")["results"] == []
    assert ada.refused("GET", ONE)[0] == 404
    assert ada.refused("POST", "saved/", {"paper": "2106.00001"})[0] == 404


def test_tags_are_renamed_merged_and_deleted(ada: Program) -> None:
    ada.do("POST", "saved/", {"paper": "2106.00001", "tags": ["barns", "weight"]})
    assert ada.do("PATCH", "saved/tags/barns/", {"name": "Ships"}) == {
        "slug": "ships",
        "name": "Ships",
        "paper_count": 1,
    }
    assert ada.do("PATCH", "saved/tags/ships/", {"name": "WEIGHT"})["slug"] == "weight"
    assert ada.get(ONE)["tags"] == ["weight"]
    ada.do("DELETE", "saved/tags/weight/")
    assert ada.get("saved/tags/")["results"] == []
    assert ada.refused("PATCH", "saved/tags/weight/", {"name": "x"})[0] == 404


def test_a_paper_of_the_old_ids_has_a_slash(ada: Program) -> None:
    make_paper(arxiv_id="hep-th/9901001")
    ada.do("POST", "saved/", {"paper": "hep-th/9901001"})
    assert ada.get("saved/hep-th/9901001/")["id"] == "hep-th/9901001"
    ada.do("DELETE", "saved/hep-th/9901001/")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"paper": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"paper": NaN}', 400),
        (b'{"paper": ' + b"9" * 5000 + b"}", 400),
        (b" " * 3_000_000, 413),
    ],
    ids=["cut", "no UTF-8", "deep", "no number", "a huge number", "big"],
)
def test_hostile_bodies_are_refused(ada: Program, client: Any, body: bytes, status: int) -> None:
    response = client.post(
        "/api/v1/saved/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {ada.token}"},
    )
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    form = client.post(
        "/api/v1/saved/", {"paper": "x"}, headers={"Authorization": f"Bearer {ada.token}"}
    )
    assert form.status_code == 415


def test_a_page_costs_the_same_whatever_its_length(ada: Program) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            ada.get("saved/?size=100")
        return len(asked)

    ada.do("POST", "saved/", {"paper": "2106.00001", "tags": ["a"]})
    few = count()
    for _ in range(20):
        SavedPaper.objects.create(user=ada.user, paper=make_paper())
    ReadingList.objects.create(user=ada.user, name="x", slug="x")
    assert count() == few <= 9
