"""The addresses of a reader's own pages; signing in and out is django-allauth's, /accounts/."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import settings

app_name = "accounts"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="accounts:profile"), name="settings"),
    path("profile/", settings.profile, name="profile"),
    path("appearance/", settings.appearance, name="appearance"),
    path("security/", settings.security, name="security"),
]
