"""Papers, authors, categories and topic tags in the admin: looked at here, changed by acts."""

from typing import Any

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import slugify
from taggit.admin import Tag
from taggit.models import TaggedItem

from papers import identifiers
from papers.admin.acts import Acting
from papers.admin.lists import BoundedAdmin, ReadOnlyAdmin, StateFilter
from papers.admin.rows import SHOWN, link, table
from papers.models import Author, Category, Paper

HEAVY = ("title", "title_html", "abstract", "abstract_html", "comment", "author_names")

admin.site.unregister(Tag)  # taggit's page would write beside the log


class PaperStateFilter(StateFilter):
    columns = ("hidden", "withdrawn")


@admin.register(Paper)
class PaperAdmin(Acting):
    list_display = ["arxiv_id", "called", "category", "announced_on", "score", "state"]
    list_filter = [PaperStateFilter]
    list_defer = HEAVY
    sortable_by = ["arxiv_id", "announced_on", "score"]
    search_fields = ["arxiv_id"]
    search_help_text = (
        "An arXiv id or its beginning (2106.05), or any address that holds one. "
        "By words papers are found on the site."
    )
    date_hierarchy = "announced_on"
    ordering = ["-announced_on", "-score"]
    fieldsets = [
        (None, {"fields": ["arxiv_id", "called", "authors_in_order", "categories_in_order"]}),
        ("Here", {"fields": ["announced_on", "state", "corrected", "topic_tags"]}),
        ("Noticed", {"fields": ["totals", "newest_samples", "newest_tweets"]}),
        (
            "At arXiv",
            {
                "fields": [
                    *("version", "submitted_at", "revised_at", "recorded_at", "withdrawn"),
                    *("comment", "journal_ref", "doi", "licence", "code_url"),
                ]
            },
        ),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Paper], search_term: str
    ) -> tuple[QuerySet[Paper], bool]:
        words = search_term.strip()
        if arxiv_id := identifiers.canonical(words):
            return queryset.filter(arxiv_id=arxiv_id), False
        return (queryset.filter(arxiv_id__startswith=words) if words else queryset), False

    @admin.display(description="title")
    def called(self, paper: Paper) -> str:
        return paper.title_text

    @admin.display(description="category")
    def category(self, paper: Paper) -> str:
        return paper.primary_category_id or "–"

    @admin.display(description="state")
    def state(self, paper: Paper) -> str:
        names = ("hidden", "withdrawn")
        found = [name for name in names if getattr(paper, name)]
        return ", ".join([*found, *(["corrected"] if paper.overruled else [])]) or "–"

    @admin.display(description="authors")
    def authors_in_order(self, paper: Paper) -> str:
        return ", ".join(paper.author_names)

    @admin.display(description="categories")
    def categories_in_order(self, paper: Paper) -> str:
        return ", ".join(paper.category_codes)

    @admin.display(description="what sources say where a curator says otherwise")
    def corrected(self, paper: Paper) -> str:
        return table("Of the sources", ["what", "of the source"], sorted(paper.overruled.items()))

    @admin.display(description="topic tags")
    def topic_tags(self, paper: Paper) -> str:
        return ", ".join(tag.name for tag in paper.tags.all()) or "–"

    @admin.display(description="totals")
    def totals(self, paper: Paper) -> str:
        return (
            f"{paper.score:,} = {paper.retweets:,} retweets + {paper.favorites:,} favorites, "
            f"of {paper.tweet_count:,} tweets"
        )

    @admin.display(description="newest samples")
    def newest_samples(self, paper: Paper) -> str:
        found = paper.samples.order_by("-observed_at")[:SHOWN]
        return table(
            "Newest samples",
            ["moment", "network", "retweets", "favorites", "how"],
            [
                (
                    f"{sample.observed_at:%Y-%m-%d %H:%M}",
                    sample.get_network_display(),
                    intcomma(sample.retweets),
                    intcomma(sample.favorites),
                    sample.get_kind_display(),
                )
                for sample in found
            ],
        )

    @admin.display(description="newest tweets")
    def newest_tweets(self, paper: Paper) -> str:
        links = paper.tweet_links.order_by("-tweet__posted_at").select_related("tweet")[:SHOWN]
        every = f"{reverse('admin:papers_tweet_changelist')}?{urlencode({'q': paper.arxiv_id})}"
        shown = table(
            "Newest tweets",
            ["tweet", "retweets", "favorites", "text"],
            [
                (
                    link(each.tweet, f"@{each.tweet.handle}"),
                    each.tweet.retweets,
                    each.tweet.favorites,
                    each.tweet.text[:200],
                )
                for each in links
            ],
        )
        return format_html('{}<a href="{}">All tweets</a>', shown, every)


@admin.register(Author)
class AuthorAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
    search_fields = ["slug"]
    search_help_text = "The beginning of a name as it is printed: Ada La"
    sortable_by = ["name", "slug"]
    fields = ["name", "slug", "newest_papers"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Author], search_term: str
    ) -> tuple[QuerySet[Author], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(slug__startswith=Author.slug_of(search_term)), False

    @admin.display(description="newest papers")
    def newest_papers(self, author: Author) -> str:
        return _newest(Paper.objects.filter(authorships__author=author))


@admin.register(Category)
class CategoryAdmin(BoundedAdmin):
    """arXiv's list. A code it opened since lacks its name, which an administrator can give."""

    list_display = ["code", "name", "group_name", "is_active", "same_as"]
    list_filter = ["is_active", "group_name"]
    list_select_related = ["same_as"]
    search_fields = ["code", "name"]
    search_help_text = "A code or words of the name."
    fields = ["code", "name", "archive_name", "group_name", "is_active", "same_as"]
    readonly_fields = ["code", "archive_name", "group_name"]
    autocomplete_fields = ["same_as"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the ingest adds what arXiv opens

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Tag)
class TopicAdmin(Acting):
    list_display = ["name", "slug", "papers"]
    search_fields = ["slug"]
    search_help_text = "The beginning of a topic."
    ordering = ["name"]
    sortable_by = ["name"]
    fields = ["name", "slug", "papers", "newest_papers"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the papers of each tag that is shown, and of no other."""
        items = TaggedItem.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        uses = Subquery(items.annotate(uses=Count("pk")).values("uses"))
        return super().get_queryset(request).annotate(uses=uses)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = slugify(search_term, allow_unicode=True)
        return (queryset.filter(slug__startswith=words) if words else queryset), False

    @admin.display(description="papers")
    def papers(self, tag: Any) -> int:
        return int(tag.uses or 0)

    @admin.display(description="newest papers")
    def newest_papers(self, tag: Any) -> str:
        items = TaggedItem.objects.filter(tag=tag, content_type__model="paper")
        return _newest(Paper.objects.filter(pk__in=items.values("object_id")))


def _newest(papers: QuerySet[Paper]) -> str:
    found = papers.defer(*HEAVY).order_by("-announced_on", "-score", "-pk")[:SHOWN]
    return table(
        "Newest papers",
        ["listing day", "paper", "score"],
        [(paper.announced_on, link(paper), intcomma(paper.score)) for paper in found],
    )
