"""The addresses of a reader's own pages; signing in and out is django-allauth's, /accounts/."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import follows, saved, settings

app_name = "accounts"
urlpatterns = [
    path("follow/", follows.ask, name="follow"),
    path("follow/change/", follows.change, name="change_follow"),
    path("saved/", saved.page, name="saved"),
    path("saved/mark/", saved.mark, name="mark"),
    path("saved/undo/", saved.undo, name="undo"),
    path("saved/<arxiv_id:arxiv_id>/", saved.change, name="change_saved"),
    path("settings/", RedirectView.as_view(pattern_name="accounts:profile"), name="settings"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/follows/", follows.page, name="follows"),
    path("settings/appearance/", settings.appearance, name="appearance"),
    path("settings/security/", settings.security, name="security"),
    path("settings/delete/", settings.delete, name="delete"),
]
