"""Papers, tweets, authors and categories in the admin: to be looked at, and changed by acts."""

from django.contrib import admin

from papers.admin.acts import Acting
from papers.admin.rows import ReadOnlyInline
from papers.models import Author, Category, Paper, PaperCategory, Sample, Tweet


class PaperCategoryInline(ReadOnlyInline):
    model = PaperCategory
    readonly_fields = ["category", "position", "announced_on", "score"]


class SampleInline(ReadOnlyInline):
    model = Sample
    readonly_fields = ["network", "observed_at", "retweets", "favorites", "kind"]


@admin.register(Paper)
class PaperAdmin(Acting):
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
class TweetAdmin(Acting):
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
