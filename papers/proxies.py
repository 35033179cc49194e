"""Where a request came from, when proxies of ours stand between."""

import ipaddress

from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest

ANYBODY = "*"  # of TRUSTED_PROXIES, as gunicorn has it


def client_ip(request: HttpRequest, ip: str) -> str:
    """Return the address nearest to `ip` in X-Forwarded-For that is no proxy of ours."""
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        before = clean_client_ip(hop)
        if not before or not _is_proxy(ip):
            break
        ip = before
        if settings.TRUSTED_PROXIES == ANYBODY:
            break  # one proxy stands before us: what it was told may be made up
    return ip


def _is_proxy(ip: str) -> bool:
    if settings.TRUSTED_PROXIES == ANYBODY:
        return True
    address = ipaddress.ip_address(ip)
    networks = map(ipaddress.ip_network, settings.TRUSTED_PROXIES.replace(" ", "").split(","))
    return any(address in network for network in networks)
