"""How often one may ask."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.models import User
from papers.api import throttling

pytestmark = pytest.mark.django_db
LIST = "/api/v1/papers/"


@pytest.fixture(autouse=True)
def few(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests a minute, five of a reader; it is ten seconds past a full minute."""
    caches["default"].clear()
    settings.API_PER_MINUTE, settings.API_TOKEN_PER_MINUTE = 2, 5
    settings.TRUSTED_PROXIES = "127.0.0.1"
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_000.0 * 60 + 10)


def ask(client: Client, ip: str = "198.51.100.1", **headers: str) -> Any:
    return client.get(LIST, REMOTE_ADDR=ip, headers=headers)


def test_it_works(client: Client) -> None:
    first, second, third = (ask(client) for _ in range(3))
    assert first["RateLimit-Policy"] == '"address";q=2;w=60'
    assert first["RateLimit"] == '"address";r=1;t=50'
    assert second["RateLimit"] == third["RateLimit"] == '"address";r=0;t=50'
    assert [first.status_code, second.status_code, third.status_code] == [200, 200, 429]
    assert third["Retry-After"] == "50"
    assert third["Content-Type"] == "application/problem+json"
    assert third.json()["title"] == "Too Many Requests"


def test_the_next_minute_begins_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [ask(client).status_code for _ in range(3)] == [200, 200, 429]
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_000.0 * 60 + 61)
    assert ask(client).status_code == 200


def test_each_address_is_counted_for_itself(client: Client) -> None:
    assert [ask(client).status_code for _ in range(3)] == [200, 200, 429]
    assert ask(client, "203.0.113.9").status_code == 200


def test_behind_a_proxy_of_ours_it_is_the_address_before_it(client: Client) -> None:
    via = "127.0.0.1"
    for _ in range(2):
        assert ask(client, via, **{"X-Forwarded-For": "198.51.100.1"}).status_code == 200
    assert ask(client, via, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 200
    # What somebody claims who is no proxy of ours is not believed.
    claims = {"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}
    assert ask(client, via, **claims).status_code == 429
    assert ask(client, "198.51.100.1", **{"X-Forwarded-For": "192.0.2.8"}).status_code == 429


def test_of_ipv6_the_network_is_counted(client: Client) -> None:
    found = [ask(client, f"2001:db8:0:1::{n}").status_code for n in range(3)]
    assert found == [200, 200, 429]
    assert ask(client, "2001:db8:0:2::1").status_code == 200


def test_a_reader_is_counted_wherever_they_are(client: Client) -> None:
    client.force_login(User.objects.create_user("ada"))
    found = [ask(client, f"198.51.100.{n}").status_code for n in range(6)]
    assert found == [200] * 5 + [429]
    assert ask(client)["RateLimit-Policy"] == '"token";q=5;w=60'


def test_a_socket_of_this_machine_has_no_address(client: Client) -> None:
    assert ask(client, "").status_code == 200


def test_without_redis_nobody_is_counted_and_all_are_answered(
    client: Client, settings: Any
) -> None:
    away = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": away, "LOCATION": "redis://127.0.0.1:9"},
    }
    assert [ask(client).status_code for _ in range(4)] == [200] * 4
    assert "RateLimit" not in ask(client)
