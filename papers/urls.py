"""The addresses of papers and digests."""

from django.urls import include, path

from papers import converters  # noqa: F401 — so that addresses may hold what it knows
from papers.feeds import lists as feeds
from papers.views import (
    crawling,
    curation,
    digests,
    exports,
    health,
    lists,
    pages,
    papers,
    search,
)

app_name = "papers"
urlpatterns = [
    path("", digests.home, name="home"),
    path("digests/", digests.archive, name="archive"),
    path("digests/<day:day>/", digests.digest, name="digest"),
    path("<sort:sort>/", lists.ranked, name="ranked"),
    path("papers/<arxiv_id:arxiv_id>/", papers.paper, name="paper"),
    path("abs/<path:raw>", papers.any_abs, name="abs"),
    path("categories/", lists.categories, name="categories"),
    path("categories/<code:code>/", lists.category, name="category"),
    path("authors/<slug:slug>/", lists.author, name="author"),
    path("tags/<slug:slug>/", lists.tag, name="tag"),
    path("search/", search.page, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    # The twins of these for others' programs: the same without the slash, and a suffix.
    path("digests/<day:day>.<format:form>", exports.digest, name="digest_as"),
    path("<sort:sort>.<format:form>", exports.ranked, name="ranked_as"),
    path("papers/<arxiv_id:arxiv_id>.<format:form>", exports.paper, name="paper_as"),
    path("categories/<code:code>.<format:form>", exports.category, name="category_as"),
    path("authors/<slug:slug>.<format:form>", exports.author, name="author_as"),
    path("tags/<slug:slug>.<format:form>", exports.tag, name="tag_as"),
    path("search.<format:form>", exports.search, name="search_as"),
    path("about/", pages.about, name="about"),
    path("about/ranking/", pages.about_ranking, name="about_ranking"),
    path("curation/", curation.page, name="curation"),
    path("privacy/", pages.privacy, name="privacy"),
    path("status/", health.page, name="status"),
    path("status.json", health.as_json, name="status_json"),
    path("sitemap.xml", crawling.sitemap, name="sitemap"),
    path("sitemaps/pages.xml", crawling.pages, name="sitemap_pages"),
    path("sitemaps/<month:first>.xml", crawling.month, name="sitemap_month"),
    path("robots.txt", crawling.robots, name="robots"),
    path("opensearch.xml", crawling.opensearch, name="opensearch"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("feeds/", pages.feeds, name="feeds"),
    path("digests.atom", feeds.days, name="digests_atom"),
    path("<sort:sort>.atom", feeds.ranked, name="ranked_atom"),
    path("categories/<code:code>.atom", feeds.category, name="category_atom"),
    path("authors/<slug:slug>.atom", feeds.author, name="author_atom"),
    path("tags/<slug:slug>.atom", feeds.tag, name="tag_atom"),
    path("search.atom", feeds.search, name="search_atom"),
    path("appearance/", pages.theme, name="theme"),
    path("api/", include("papers.api.urls")),
]
