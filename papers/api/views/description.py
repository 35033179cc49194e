"""The description of the API: for programs as OpenAPI, for people as a page to try it on."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular import views


class Schema(views.SpectacularAPIView):
    """YAML, or JSON for who says so in `Accept`."""


class SchemaAsJson(views.SpectacularJSONAPIView):
    """JSON for whoever opens it."""


# Swagger UI writes styles into its elements; all else is held to the policy of every page.
@csp_replace({"style-src": [SELF, UNSAFE_INLINE]})
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, and a form to try it."""
    return render(request, "papers/api.html")
