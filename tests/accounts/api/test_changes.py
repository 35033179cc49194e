"""Every change there is, found in the addresses: who may not make it, and what may not be sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import ReaderTag, SavedPaper, Subscription
from accounts.reader import save_papers
from accounts.urls import urlpatterns
from tests.accounts.api.conftest import ROOT, Program
from tests.factories import make_paper
from tests.test_access import tables

pytestmark = pytest.mark.django_db
METHODS = ("POST", "PUT", "PATCH", "DELETE")
NAMED = {"slug": "group", "arxiv_id": "2106.00001", "key": 7, "token": "x" * 32}


def changes() -> Iterator[tuple[str, str]]:
    """Yield method and path of each change."""
    (of_api,) = [each for each in urlpatterns if isinstance(each, URLResolver)]
    patterns = [each for each in of_api.url_patterns if isinstance(each, URLPattern)]
    for pattern in patterns:
        names = {name: NAMED[name] for name in pattern.pattern.converters}
        path = reverse(f"accounts:api:{pattern.name}", kwargs=names)
        view: Any = pattern.callback
        for method in METHODS:
            if hasattr(view.cls, method.lower()):
                yield method, path.removeprefix(ROOT)


CHANGES = list(changes())


@pytest.fixture
def owner(ada: Program) -> Program:
    """Whose all that is named is."""
    paper = make_paper()
    save_papers(ada.user, [paper.pk])
    ReaderTag.objects.create(user=ada.user, name="group", slug="group")
    Subscription.objects.create(pk=7, user=ada.user, kind="search", target="barns")
    group = ada.user.lists.create(name="group", slug="group")
    group.entries.create(saved=SavedPaper.objects.get(), position=0)
    ada.user.seen.create(paper=paper, hidden_at=group.created_at)
    return ada


def test_it_works(owner: Program) -> None:
    """Each of them is one: what it lacks is what it asks for."""
    assert len(CHANGES) == 17
    for method, path in CHANGES:
        status = owner(method, path).status_code
        assert (method, path, status) in {(method, path, each) for each in (200, 204, 400, 404)}


def test_a_token_that_may_read_makes_none(owner: Program) -> None:
    reading, before = Program(owner.user, "read"), tables()
    for method, path in CHANGES:
        status, why = reading.refused(method, path)
        assert (method, path, status) == (method, path, 403)
        assert "may read" in why
    assert without_use(tables()) == without_use(before)


def without_use(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """When a token was used is written down."""
    return {name: rows for name, rows in found.items() if name != "accounts_accesstoken"}


def test_a_session_makes_none_without_the_token_of_a_page(owner: Program) -> None:
    client, before = Client(enforce_csrf_checks=True), tables()
    client.force_login(owner.user)
    for method, path in CHANGES:
        response = client.generic(method, ROOT + path, "{}", "application/json")
        assert (method, path, response.status_code) == (method, path, 403)
        assert response["Content-Type"] == "application/problem+json"
    assert tables() == before


def test_a_visitor_makes_none(owner: Program) -> None:
    before = tables()
    for method, path in CHANGES:
        response = Client().generic(method, ROOT + path, "{}", "application/json")
        assert (method, path, response.status_code) == (method, path, 401)
    assert tables() == before


def test_fields_that_are_not_asked_for_are_refused_and_store_nothing(
    owner: Program, eve: Program
) -> None:
    before = tables()
    more = {"user": eve.user.pk, "user_id": eve.user.pk, "is_staff": True, "id": 1}
    taking = [(method, path) for method, path in CHANGES if takes(method, path)]
    assert len(taking) == 8
    for method, path in taking:
        status, why = owner.refused(method, path, more)
        assert (method, path, status) == (method, path, 400)
        assert all(f"{name}: There is no such field." in why for name in more)
    assert without_use(tables()) == without_use(before)


def takes(method: str, path: str) -> bool:
    """Tell whether something is sent with it."""
    return method != "DELETE" and "share" not in path and "entries" not in path


def test_anothers_things_are_not_there(owner: Program, eve: Program) -> None:
    before = tables()
    valid = {"PATCH": {"name": "x"}, "PUT": {"papers": ["2106.00001"]}, "POST": {}}
    for method, path in CHANGES:
        if path.rstrip("/") not in {"saved", "subscriptions", "lists", "hidden"}:
            sent: object = {"note": "x"} if path.startswith("saved/2106") else valid.get(method)
            assert (method, path, eve.refused(method, path, sent)[0]) == (method, path, 404)
    assert without_use(tables()) == without_use(before)
