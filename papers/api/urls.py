"""The addresses of the API."""

from django.urls import path

from papers.api.views import papers

app_name = "api"
urlpatterns = [
    path("v1/papers/", papers.PaperList.as_view(), name="papers"),
]
