"""The door of the admin: that of all readers, and where the site wants it a second factor.

A page of Django's or of ours opens when `has_permission` says so; whom it leads away comes to
`login`, which asks for what is missing.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.models import User
from papers.admin_site import CurationSite


class StaffSite(CurationSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not _lacks_second_factor(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to signing in; of who is signed in ask for the second factor, or refuse them."""
        if super().has_permission(request) and not self.has_permission(request):
            return _ask_for_second_factor(request)
        return secure_admin_login(super().login)(request, extra_context)


def _lacks_second_factor(user: Any) -> bool:
    return (
        bool(settings.REQUIRE_STAFF_MFA) and isinstance(user, User) and not user.has_second_factor
    )


@never_cache
def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """Say why the admin stays shut, and what opens it; to add one the address must be confirmed."""
    unconfirmed = EmailAddress.objects.filter(user=request.user.pk, verified=False)
    context = {"is_unconfirmed": unconfirmed.exists()}
    return render(request, "accounts/second_factor.html", context)
