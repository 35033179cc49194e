"""How often one may ask: counted in the cache by the minute, and told in every answer.

A token, and a reader who is signed in, are counted for themselves; everybody else by address.
"""

import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from papers import proxies

WINDOW = 60  # seconds
log = logging.getLogger(__name__)


class MinuteThrottle(BaseThrottle):
    """Counts requests of the minute. One increment, so that no two processes lose a count."""

    policy, limit, left = "address", 0, 0

    def allow_request(self, request: Request, view: object) -> bool:
        who = self.identify(request)
        try:
            asked = _count(f"api:{who}:{int(time.time() // WINDOW)}")
        except RedisError as error:
            log.warning("the API counts nobody's requests", extra={"reason": str(error)})
            return True
        self.left = max(0, self.limit - asked)
        # Every answer tells it, the one that refuses too.
        request._request.throttle = self  # type: ignore[attr-defined]
        return asked <= self.limit

    def identify(self, request: Request) -> str:
        """Return whose requests these are, and set which limit holds for them."""
        self.policy, self.limit = "token", settings.API_TOKEN_PER_MINUTE
        if request.auth is not None:
            return f"token:{request.auth.pk}"
        if request.user.is_authenticated:
            return f"user:{request.user.pk}"
        self.policy, self.limit = "address", settings.API_PER_MINUTE
        return f"address:{address_of(request)}"

    def wait(self) -> int:
        return WINDOW - int(time.time() % WINDOW)

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft "RateLimit header fields for HTTP" writes them."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.wait()}',
        }


def _count(key: str) -> int:
    cache.add(key, 0, 2 * WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # it was thrown out in between
        return 1


def address_of(request: Request) -> str:
    """Return the address before our proxies; of IPv6 the network, of which one has many."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    if not remote:  # a socket of this machine
        return ""
    ip = ipaddress.ip_address(proxies.client_ip(request._request, remote))
    if ip.version == 6:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
