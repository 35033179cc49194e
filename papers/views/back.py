"""Back to the page that a form stood on, which it names as `next`."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """A redirect after a change, which browsers follow by GET."""

    status_code = 303


def path(request: HttpRequest, otherwise: str = "/") -> str:
    """Return `next` where it leads to this site, else `otherwise`."""
    named = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(named, {request.get_host()}, request.is_secure())
    return named if is_ours else otherwise
