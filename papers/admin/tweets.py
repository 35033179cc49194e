"""Tweets in the admin, and what was decided about who posts them: changed by acts alone."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from papers import identifiers
from papers.admin.acts import Acting
from papers.admin.lists import StateFilter
from papers.admin.rows import SHOWN, link, table
from papers.models import Network, Tweet, Verdict

WORDS_SHOWN = 140  # characters of a text, in a list
# The id in an address of X or Hacker News, and whose profile an address of Bluesky is under.
_ID = re.compile(r"(?:/status(?:es)?/|item\?id=)([0-9]{1,20})")
_PROFILE = re.compile(r"bsky\.app/profile/([^/?#]+)/post/([a-z0-9]{1,32})")


@admin.register(Tweet)
class TweetAdmin(Acting):
    list_display = ["account", "network", "posted_at", "words", "retweets", "favorites", "state"]
    list_filter = ["network", StateFilter]
    list_defer = ("embed_html", "told_at")
    sortable_by = ["posted_at"]
    search_fields = ["handle"]
    search_help_text = (
        "The address of a tweet, a whole @handle, or a paper's arXiv id or address: "
        "then the tweets that link it."
    )
    date_hierarchy = "posted_at"
    ordering = ["-posted_at"]
    fieldsets = [
        (None, {"fields": ["account", "author_name", "network", "address", "text", "language"]}),
        ("Here", {"fields": ["state", "links_papers"]}),
        ("Counts", {"fields": ["retweets", "favorites"]}),
        ("When", {"fields": ["posted_at", "fetched_at", "deleted_at"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Tweet], search_term: str
    ) -> tuple[QuerySet[Tweet], bool]:
        words = search_term.strip()
        handles = queryset.alias(folded=Lower("handle"))
        return (handles.filter(**_asked_for(words)) if words else queryset), False

    @admin.display(description="account")
    def account(self, tweet: Tweet) -> str:
        return f"@{tweet.handle}" if tweet.handle else tweet.author_name or "–"

    @admin.display(description="text")
    def words(self, tweet: Tweet) -> str:
        return tweet.text[:WORDS_SHOWN] or "–"

    @admin.display(description="state")
    def state(self, tweet: Tweet) -> str:
        said = {
            "hidden": tweet.hidden,
            "of a blocked account": tweet.by_blocked,
            "of a bot": tweet.by_bot,
            "deleted by its author": tweet.deleted_at,
        }
        return ", ".join(name for name, holds in said.items() if holds) or "–"

    @admin.display(description="address")
    def address(self, tweet: Tweet) -> str:
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', tweet.url)

    @admin.display(description="papers")
    def links_papers(self, tweet: Tweet) -> str:
        found = tweet.links.select_related("paper")[:SHOWN]
        return table(
            "Papers",
            ["paper", "by an author of it"],
            [(link(each.paper), "yes" if each.by_author else "no") for each in found],
        )


def _asked_for(words: str) -> dict[str, Any]:
    """Return what the words name, by columns that have an index."""
    every = {"network__in": Network.values}
    if profile := _PROFILE.search(words):
        whose, key = profile.groups()
        if whose.startswith("did:"):
            return every | {"external_id": f"at://{whose}/app.bsky.feed.post/{key}"}
        return {"folded": whose.lower(), "url__endswith": f"/{key}"}
    if found := _ID.search(words):
        return every | {"external_id": found[1]}
    if arxiv_id := identifiers.canonical(words):
        return {"papers__arxiv_id": arxiv_id}
    if words.isdecimal() or words.startswith("at://"):
        return every | {"external_id": words}
    return {"folded": words.removeprefix("@").lower()}


@admin.register(Verdict)
class VerdictAdmin(Acting):
    list_display = ["account", "network", "kind"]
    list_filter = ["kind", "network"]
    search_fields = ["handle__startswith"]
    search_help_text = "The beginning of a handle, in lower case and without @."
    fields = ["account", "network", "kind", "tweets"]

    @admin.display(description="account", ordering="handle")
    def account(self, verdict: Verdict) -> str:
        return f"@{verdict.handle}"

    @admin.display(description="tweets")
    def tweets(self, verdict: Verdict) -> str:
        asked = urlencode({"q": f"@{verdict.handle}"})
        address = reverse("admin:papers_tweet_changelist")
        return format_html('<a href="{}?{}">All of this handle</a>', address, asked)
