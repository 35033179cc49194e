"""The admin's site: Django's own, with pages of ours beside those of the models.

Apart from `papers.admin`, whose modules register with the one instance of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from papers import converters  # noqa: F401 — so that addresses may hold what it knows

View = Callable[..., HttpResponse]
PAGES: list[tuple[str, View, str]] = []


def page(route: str, name: str) -> Callable[[View], View]:
    """Make a view a page of the admin, for all who may enter it; it checks what is theirs of it."""

    def add(view: View) -> View:
        PAGES.append((route, view, name))
        return view

    return add


def answer(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Answer with a page of ours, in the frame of the admin's pages."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})


class CurationSite(AdminSite):
    site_header = site_title = "Hot Papers"
    index_title = "Curation"

    def get_urls(self) -> list[Any]:
        ours = [path(route, self.admin_view(view), name=name) for route, view, name in PAGES]
        return [*ours, *super().get_urls()]
