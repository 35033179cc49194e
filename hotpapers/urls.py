"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "papers.views.errors.bad_request"
handler403 = "papers.views.errors.forbidden"
handler404 = "papers.views.errors.not_found"
handler500 = "papers.views.errors.server_error"

urlpatterns = [
    # Of a change of password its owner is told by mail, which the admin's own form does not do.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("papers.urls")),
    path("", include("accounts.urls")),
]
