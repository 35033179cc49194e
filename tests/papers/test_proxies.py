"""Where a request came from."""

from typing import Any

import pytest

from papers import proxies


@pytest.mark.parametrize(
    ("remote", "forwarded", "ip"),
    [
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the first is but claimed
        ("127.0.0.1", "198.51.100.1, 10.0.0.7", "198.51.100.1"),  # two proxies of ours
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),  # no proxy stands before it
    ],
)
def test_it_works_an_address_is_the_nearest_that_is_no_proxy_of_ours(
    rf: Any, settings: Any, remote: str, forwarded: str, ip: str
) -> None:
    settings.TRUSTED_PROXIES = "127.0.0.1, 10.0.0.0/8"
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert proxies.client_ip(request, remote) == ip


def test_where_anybody_is_the_proxy_it_is_one(rf: Any, settings: Any) -> None:
    settings.TRUSTED_PROXIES = "*"
    request = rf.get("/", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.1")
    assert proxies.client_ip(request, "172.18.0.5") == "198.51.100.1"
