"""The addresses of what is a reader's, beneath those of `papers.api`."""

from django.urls import path

from accounts.api.views import feed, lists, reader, saved

app_name = "api"
urlpatterns = [
    path("me/", reader.MeView.as_view(), name="me"),
    path("subscriptions/", reader.SubscriptionList.as_view(), name="subscriptions"),
    path("subscriptions/<key:key>/", reader.SubscriptionView.as_view(), name="subscription"),
    path("saved/", saved.SavedList.as_view(), name="saved"),
    path("saved/tags/", saved.TagList.as_view(), name="tags"),
    path("saved/tags/<own:slug>/", saved.TagView.as_view(), name="tag"),
    path("saved/<arxiv_id:arxiv_id>/", saved.SavedView.as_view(), name="saved_paper"),
    path("lists/", lists.Lists.as_view(), name="lists"),
    path("lists/shared/<token:token>/", lists.SharedView.as_view(), name="shared"),
    path(
        "lists/shared/<token:token>/entries/",
        lists.SharedEntries.as_view(),
        name="shared_entries",
    ),
    path("lists/<own:slug>/", lists.ListView.as_view(), name="list"),
    path("lists/<own:slug>/entries/", lists.Entries.as_view(), name="entries"),
    path("lists/<own:slug>/entries/<arxiv_id:arxiv_id>/", lists.EntryView.as_view(), name="entry"),
    path("lists/<own:slug>/order/", lists.Order.as_view(), name="order"),
    path("lists/<own:slug>/share/", lists.Sharing.as_view(), name="share"),
    path("hidden/", feed.HiddenList.as_view(), name="hidden"),
    path("hidden/<arxiv_id:arxiv_id>/", feed.HiddenView.as_view(), name="hidden_paper"),
    path("feed/", feed.FeedView.as_view(), name="feed"),
]
