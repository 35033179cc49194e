"""Digests in the admin. What they printed is read-only; the editor changes what they will print."""

from django.contrib import admin

from papers.admin.rows import ReadOnlyInline
from papers.models import Digest, DigestEntry, DigestRevision


class DigestEntryInline(ReadOnlyInline):
    model = DigestEntry
    readonly_fields = ["rank", "title", "retweets", "favorites", "observed_at"]


class DigestRevisionInline(ReadOnlyInline):
    model = DigestRevision
    readonly_fields = ["number", "created_at", "created_by", "reason"]


@admin.register(Digest)
class DigestAdmin(admin.ModelAdmin):
    list_display = ["date", "state", "entry_count", "score", "publish_at", "published_at"]
    list_filter = ["state"]
    date_hierarchy = "date"
    fields = ["date", "state", "publish_at", "published_at", "stamp", ("entry_count", "score")]
    readonly_fields = ["date", "state", "published_at", "stamp", "entry_count", "score"]
    inlines = [DigestEntryInline, DigestRevisionInline]

    def has_add_permission(self, request):
        return False
