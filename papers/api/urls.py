"""The addresses of the API."""

from django.urls import path

from papers.api.views import catalogue, description, digests, papers, site, tweets

app_name = "api"
urlpatterns = [
    path("docs/", description.docs, name="docs"),
    path("schema/", description.Schema.as_view(), name="schema"),
    path("schema.json", description.SchemaAsJson.as_view(), name="schema_json"),
    path("v1/papers/", papers.PaperList.as_view(), name="papers"),
    path("v1/papers/<arxiv_id:arxiv_id>/", papers.PaperDetail.as_view(), name="paper"),
    path(
        "v1/papers/<arxiv_id:arxiv_id>/tweets/", papers.PaperTweets.as_view(), name="paper_tweets"
    ),
    path("v1/search/", papers.Search.as_view(), name="search"),
    path("v1/tweets/", tweets.TweetList.as_view(), name="tweets"),
    path("v1/digests/", digests.DigestList.as_view(), name="digests"),
    path("v1/digests/latest/", digests.LatestDigest.as_view(), name="latest_digest"),
    path("v1/digests/latest/entries/", digests.LatestEntries.as_view(), name="latest_entries"),
    path("v1/digests/<day:day>/", digests.DigestDetail.as_view(), name="digest"),
    path("v1/digests/<day:day>/entries/", digests.DigestEntries.as_view(), name="entries"),
    path("v1/categories/", catalogue.CategoryList.as_view(), name="categories"),
    path("v1/authors/", catalogue.AuthorList.as_view(), name="authors"),
    path("v1/authors/<slug:slug>/", catalogue.AuthorDetail.as_view(), name="author"),
    path("v1/tags/", catalogue.TagList.as_view(), name="tags"),
    path("v1/status/", site.Status.as_view(), name="status"),
    path("v1/runs/", site.RunList.as_view(), name="runs"),
]
