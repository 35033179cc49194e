"""The admin's view of papers, tweets, digests and the ingest.

Derived and printed values, and the ledger, are read-only.
"""

from django.contrib import admin

from papers.models import (
    Author,
    Category,
    Digest,
    DigestEntry,
    DigestRevision,
    IngestRun,
    Paper,
    PaperCategory,
    Quarantine,
    Sample,
    Tweet,
)

admin.site.site_header = "Hot Papers"
admin.site.site_title = "Hot Papers"
admin.site.index_title = "Curation"


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def get_fields(self, request, obj=None):
        return self.readonly_fields

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class PaperCategoryInline(ReadOnlyInline):
    model = PaperCategory
    readonly_fields = ["category", "position", "announced_on", "score"]


class SampleInline(ReadOnlyInline):
    model = Sample
    readonly_fields = ["network", "observed_at", "retweets", "favorites", "kind"]


@admin.register(Paper)
class PaperAdmin(admin.ModelAdmin):
    list_display = ["arxiv_id", "title_text", "announced_on", "score", "hidden", "withdrawn"]
    list_filter = ["hidden", "withdrawn", "abstract_is_summary"]
    search_fields = ["arxiv_id", "title_text"]
    search_help_text = "An arXiv id, or words of the title."
    date_hierarchy = "announced_on"
    ordering = ["-announced_on", "-score"]
    show_full_result_count = False  # counting all papers would cost more than the page
    fields = [
        ("arxiv_id", "version", "primary_category"),
        "title_text",
        "announced_on",
        ("hidden", "withdrawn"),
        "code_url",
        "tags",
        ("score", "retweets", "favorites", "observed_at"),
    ]
    readonly_fields = [
        "arxiv_id",
        "version",
        "primary_category",
        "title_text",
        "announced_on",
        "withdrawn",
        "score",
        "retweets",
        "favorites",
        "observed_at",
    ]
    inlines = [PaperCategoryInline, SampleInline]


@admin.register(Tweet)
class TweetAdmin(admin.ModelAdmin):
    list_display = ["handle", "network", "posted_at", "text", "retweets", "favorites", "hidden"]
    list_filter = ["network", "hidden"]
    search_fields = ["handle", "external_id"]
    date_hierarchy = "posted_at"
    show_full_result_count = False
    fields = [
        ("network", "external_id", "url"),
        ("handle", "author_name"),
        ("text", "language"),
        ("retweets", "favorites", "posted_at", "fetched_at", "deleted_at"),
        "hidden",
    ]
    readonly_fields = [
        "network",
        "external_id",
        "url",
        "handle",
        "author_name",
        "text",
        "language",
        "retweets",
        "favorites",
        "posted_at",
        "fetched_at",
        "deleted_at",
    ]


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


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    readonly_fields = ["name", "slug"]
    show_full_result_count = False


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "group_name", "is_active", "same_as"]
    list_filter = ["is_active", "group_name"]
    search_fields = ["code", "name"]


class LedgerAdmin(admin.ModelAdmin):
    """What the ingest wrote is read here, and changed by nobody."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class QuarantineInline(ReadOnlyInline):
    model = Quarantine
    readonly_fields = ["item", "reason", "seen_at"]


@admin.register(IngestRun)
class IngestRunAdmin(LedgerAdmin):
    list_display = [
        *("source", "kind", "due_at", "state"),
        *("attempts", "losses", "counts_in_words", "reason"),
    ]
    list_filter = ["state", "source", "kind"]
    date_hierarchy = "due_at"
    inlines = [QuarantineInline]


@admin.register(Quarantine)
class QuarantineAdmin(LedgerAdmin):
    list_display = ["item", "reason", "run", "seen_at"]
    list_filter = ["run__source"]
    list_select_related = ["run"]
    search_fields = ["item"]
    date_hierarchy = "seen_at"
