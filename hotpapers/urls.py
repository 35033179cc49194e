"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

handler400 = "papers.views.errors.bad_request"
handler403 = "papers.views.errors.forbidden"
handler404 = "papers.views.errors.not_found"
handler500 = "papers.views.errors.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("settings/", include("accounts.urls")),
    path("", include("papers.urls")),
]
