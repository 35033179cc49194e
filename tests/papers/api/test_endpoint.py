"""What every address of the API does alike, seen at the list of papers."""

from typing import Any
from unittest.mock import ANY

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from accounts.models import User
from papers import urls as pages
from papers.models import Paper
from tests.factories import make_paper

pytestmark = pytest.mark.django_db
LIST = "/api/v1/papers/"


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    caches["default"].clear()


def problem(response: Any) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["type"] == "about:blank"
    assert found["status"] == response.status_code
    return found


def test_it_works(client: Client) -> None:
    make_paper(score=60, abstract="We weigh $x^2$ papers.")
    response = client.get(LIST)
    assert response["Content-Type"] == "application/json"
    (found,) = response.json()["results"]
    assert found["id"] == "2106.00001"
    assert found["url"] == "http://127.0.0.1:8000/papers/2106.00001/"
    assert found["abstract"] == "We weigh $x^2$ papers."
    assert found["score"] == 60
    assert found["observed_at"] == "2021-06-11T09:30:00Z"
    assert response.json()["next"] is None
    assert "Link" not in response


# Lists -------------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_gap_or_repeat(client: Client) -> None:
    for score in (30, 20, 20, 10, 5):
        make_paper(score=score)
    seen, address = [], f"{LIST}?sort=top&window=all&size=2&fields=id"
    while address:
        response = client.get(address)
        seen += [paper["id"] for paper in response.json()["results"]]
        address = response.json()["next"]
        assert response.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert seen == [f"2106.0000{number}" for number in (1, 3, 2, 4, 5)]


def test_fields_are_those_asked_for(client: Client) -> None:
    make_paper()
    found = client.get(f"{LIST}?fields=title_text,id").json()["results"]
    assert found == [{"id": "2106.00001", "title_text": "On the Weight of Paper"}]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("fields=id,titel", "fields"),
        ("fields=", "fields"),
        ("size=0", "size"),
        ("size=101", "size"),
        ("size=٣", "size"),
        ("page=2", "page"),
        ("format=xml", "format"),
        ("category=%00", "category"),
        ("q=" + "x" * 301, "q"),
        ("sort=best", "sort"),
        ("window=decade", "window"),
        ("network=", "network"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(client: Client, query: str, name: str) -> None:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert problem(response)["errors"] == [{"name": name, "detail": ANY}]


@pytest.mark.parametrize(
    "query",
    ["window=decade", "category=cs.NONE", "network=fax", "after=1", "sort=best", "fair=1&sort=new"],
)
def test_what_pages_refuse_is_refused_in_their_words(client: Client, query: str) -> None:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 400
    assert len(problem(response)["detail"]) > 20


# Errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/api/", "/api/v1/barns/", "/api/v1/papers/2106/", "/api/%ff"])
def test_what_is_not_there_is_a_problem_too(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert problem(response)["title"] == "Not Found"


def test_other_methods_and_forms_of_answers_are_refused(client: Client) -> None:
    for method in ("post", "put", "patch", "delete", "options"):
        response = getattr(client, method)(LIST)
        assert (method, response.status_code) == (method, 405)
        assert problem(response)["detail"]
    response = client.get(LIST, headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert problem(response)["detail"]
    assert client.get(LIST, headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200


def test_head_answers_as_get_does(client: Client) -> None:
    assert client.head(f"{LIST}?size=1").status_code == 200
    assert client.head(f"{LIST}?size=0").status_code == 400


def test_a_host_that_is_not_ours_is_a_problem(client: Client) -> None:
    response = client.get(LIST, headers={"Host": "barn.example"})
    assert response.status_code == 400
    assert problem(response)["title"] == "Bad Request"


def _break(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


class broken:
    """The site's addresses, and one that breaks."""

    urlpatterns = [path("api/broken/", _break), *pages.urlpatterns]
    handler500 = "papers.views.errors.server_error"


@override_settings(ROOT_URLCONF=broken)
def test_what_breaks_is_a_problem_that_tells_nothing() -> None:
    response = Client(raise_request_exception=False).get("/api/broken/")
    assert response.status_code == 500
    assert "purpose" not in str(problem(response))


# What is kept ------------------------------------------------------------------------------------


def test_what_did_not_change_is_not_sent_again(client: Client) -> None:
    make_paper(score=60)
    first = client.get(LIST)
    for is_later in (False, True):
        if is_later:
            let_a_minute_pass()
        with CaptureQueriesContext(connection) as queries:
            again = client.get(LIST, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert bool(queries) == is_later
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == "public, max-age=60"
        assert {"Authorization", "Cookie"} <= set(again["Vary"].split(", "))


def let_a_minute_pass() -> None:
    caches["process"].clear()


def test_whoever_has_it_is_known_by_what_they_asked(client: Client) -> None:
    make_paper(score=60)
    make_paper(score=70)
    tag = client.get(LIST)["ETag"]
    for address, headers in ((f"{LIST}?size=1", {}), (LIST, {"Accept": "text/csv"})):
        answer = client.get(address, headers={"If-None-Match": tag, **headers})
        assert answer.status_code != 304


@pytest.mark.parametrize("change", [{"hot": 1.5}, {"title": "Other"}, {"withdrawn": True}])
def test_what_changed_is(client: Client, change: dict[str, Any]) -> None:
    make_paper(score=60)
    tag = client.get(LIST)["ETag"]
    Paper.objects.update(**change)
    let_a_minute_pass()
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


def test_what_all_may_read_may_be_kept_by_all(client: Client) -> None:
    response = client.get(LIST)
    assert response["Cache-Control"] == "public, max-age=60"
    assert {"Authorization", "Cookie"} <= set(response["Vary"].split(", "))
    assert not response.cookies
    assert client.get(f"{LIST}?size=0")["Cache-Control"] == "no-store"
    assert client.get("/api/v1/barns/")["Cache-Control"] == "no-store"


def test_what_a_reader_is_answered_is_kept_by_nobody(client: Client) -> None:
    client.force_login(User.objects.create_user("ada"))
    assert client.get(LIST)["Cache-Control"] == "private, no-store"
    response = Client().get(LIST, headers={"Authorization": "Bearer hp_made-up"})
    assert response["Cache-Control"] == "private, no-store"


def test_pages_of_other_sites_may_read_and_no_more(client: Client) -> None:
    origin = {"Origin": "https://other.example"}
    response = client.get(LIST, headers=origin)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert "ETag" in response["Access-Control-Expose-Headers"]
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    assert (
        client.options(LIST, headers=asked)["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    )
    assert "Access-Control-Allow-Origin" not in client.get("/hot/", headers=origin)
