"""The description of the API: for programs as OpenAPI, for people as a page to try it on."""

from functools import cache

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.request import Request

from papers.api.endpoint import Endpoint


class Schema(Endpoint):
    """YAML, or JSON for who says so in `Accept`."""

    schema = None  # it describes what else there is
    renderer_classes = [
        *(OpenApiYamlRenderer, OpenApiYamlRenderer2),
        *(OpenApiJsonRenderer, OpenApiJsonRenderer2),
    ]

    def get(self, request: Request) -> HttpResponse:
        chosen = request.accepted_renderer
        text = _described(is_json=chosen.format == "json")
        return HttpResponse(text, content_type=f"{chosen.media_type}; charset=utf-8")


class SchemaAsJson(Schema):
    """JSON for whoever opens it."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer]


@cache  # it changes with the program alone, and takes a second to make
def _described(*, is_json: bool) -> bytes:
    described = SchemaGenerator().get_schema(public=True)
    renderer = OpenApiJsonRenderer() if is_json else OpenApiYamlRenderer()
    return renderer.render(described, renderer_context={})


# Swagger UI writes styles into its elements; all else is held to the policy of every page.
@csp_replace({"style-src": [SELF, UNSAFE_INLINE]})
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, and a form to try it."""
    return render(request, "papers/api.html")
