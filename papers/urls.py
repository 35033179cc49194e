"""The addresses of papers and digests."""

from django.urls import include, path

from papers import converters  # noqa: F401 — so that addresses may hold what it knows
from papers.views import curation, digests, health, lists, pages, papers

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
    path("search/", lists.search, name="search"),
    path("about/", pages.about, name="about"),
    path("about/ranking/", pages.about_ranking, name="about_ranking"),
    path("curation/", curation.page, name="curation"),
    path("privacy/", pages.privacy, name="privacy"),
    path("status/", health.page, name="status"),
    path("status.json", health.as_json, name="status_json"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("appearance/", pages.theme, name="theme"),
    path("api/", include("papers.api.urls")),
]
