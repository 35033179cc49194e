"""Topic tags in the admin: to be looked at, and changed by acts."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from taggit.admin import TagAdmin
from taggit.models import Tag

from papers.admin.acts import Acting

# django-taggit's own page would change them without a word in the log.
if isinstance(admin.site.get_model_admin(Tag), TagAdmin):
    admin.site.unregister(Tag)


@admin.register(Tag)
class TopicTagAdmin(Acting):
    list_display = ["name", "slug", "papers"]
    search_fields = ["name"]
    ordering = ["name"]
    readonly_fields = ["name", "slug", "papers"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Tag]":
        return super().get_queryset(request).annotate(uses=Count("taggit_taggeditem_items"))

    @admin.display(description="papers", ordering="uses")
    def papers(self, tag: Any) -> int:
        return int(tag.uses)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        return False
