"""The addresses of signing in through another site, by the names that django-allauth asks for."""

from django.urls import path

from accounts.views import providers

urlpatterns = [
    path("", providers.confirm, name="confirm_by_provider"),
    path("new/", providers.JoinView.as_view(), name="socialaccount_signup"),
    path("<str:provider_id>/", providers.start, name="start_provider"),
    path(
        "github/callback/",
        providers.callback,
        {"provider_id": "github"},
        name="github_callback",
    ),
    path("<str:provider_id>/callback/", providers.callback, name="openid_connect_callback"),
]
