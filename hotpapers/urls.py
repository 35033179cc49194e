"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views.providers import set_password

handler400 = "papers.views.errors.bad_request"
handler403 = "papers.views.errors.forbidden"
handler404 = "papers.views.errors.not_found"
handler500 = "papers.views.errors.server_error"

urlpatterns = [
    # Of a change of password its owner is told by mail, which the admin's own form does not do.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("accounts/password/set/", set_password, name="account_set_password"),
    # django-allauth's, without its older addresses and what its providers bring along.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/with/", include("accounts.provider_urls")),
    path("", include("papers.urls")),
    path("", include("accounts.urls")),
]
