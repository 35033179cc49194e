"""Programs of readers: each shows a token of its own with every request."""

import json
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from accounts import tokens
from accounts.models import User
from tests.accounts.conftest import MakeReader

ROOT = "/api/v1/"


class Program:
    """Asks the API for a reader, by a token."""

    def __init__(self, user: User, scope: str = "write") -> None:
        self.user = user
        self.token = tokens.make(user, f"a program that may {scope}", scope, None)[1]

    def __call__(self, method: str, path: str, sent: object = None) -> Any:
        """Return the answer; every one of them is kept by nobody."""
        response = Client().generic(
            method,
            ROOT + path,
            b"" if sent is None else json.dumps(sent),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response["Cache-Control"] == "private, no-store"
        assert not response.cookies
        return response

    def get(self, path: str) -> Any:
        response = self("GET", path)
        assert response.status_code == 200, response.content
        return response.json()

    def do(self, method: str, path: str, sent: object = None) -> Any:
        """Return what a change that is made answers; None: nothing."""
        response = self(method, path, sent)
        assert response.status_code in {200, 201, 204}, response.content
        return response.json() if response.content else None

    def refused(self, method: str, path: str, sent: object = None) -> tuple[int, str]:
        """Return status and reason of a problem."""
        response = self(method, path, sent)
        assert response["Content-Type"] == "application/problem+json", response.content
        found = response.json()
        named = [f"{each['name']}: {each['detail']}" for each in found.get("errors", [])]
        return response.status_code, " ".join(named) or found["detail"]


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    caches["default"].clear()


@pytest.fixture
def ada(make_reader: MakeReader) -> Program:
    return Program(make_reader("ada"))


@pytest.fixture
def eve(make_reader: MakeReader) -> Program:
    return Program(make_reader("eve"))
