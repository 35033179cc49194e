"""What an operation takes and answers, said once: held to by `Endpoint`, and told by the schema."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from papers import problems
from papers.api import shapes

Method = TypeVar("Method", bound=Callable[..., Any])
MAX_VALUE = 300  # characters of a parameter; of what is longer nothing is ever found
MAX_SIZE = 100

ERRORS = {
    400: "A parameter or a field is not as it has to be; `errors` says which.",
    401: "The token is unknown or expired, or there is none where one is needed.",
    403: "Whose token or session this is may not do that.",
    404: "It is not there, or not yours.",
    406: "Answers are JSON.",
    409: "It was changed meanwhile, or is there already.",
    413: "What was sent is too big.",
    415: "What is sent has to be JSON.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
}
ARTICLES = {"a", "an", "the"}
USUAL = (400, 401, 406, 429)


def query(
    name: str, description: str, example: object = None, *, required: bool = False, **schema: Any
) -> OpenApiParameter:
    """Return a parameter of the query string; `schema` are words of JSON Schema."""
    schema = {"type": "string", **schema}
    if schema["type"] == "string" and "enum" not in schema:
        schema.setdefault("maxLength", MAX_VALUE)
    examples = [] if example is None else [OpenApiExample(str(example), value=example)]
    return OpenApiParameter(
        name, schema, description=description, examples=examples, required=required
    )


def path(name: str, description: str, example: str, **schema: Any) -> OpenApiParameter:
    """Return a part of the address; its converter is what holds to it."""
    examples = [OpenApiExample(example, value=example)]
    schema = {"type": "string", **schema}
    return OpenApiParameter(name, schema, "path", description=description, examples=examples)


def fault(value: str, schema: Mapping[str, Any]) -> str:
    """Return what is wrong with a parameter's value, "" where nothing is."""
    if schema["type"] == "array":
        unknown = [name for name in value.split(",") if name not in schema["items"]["enum"]]
        return " ".join(f"There is no field “{name[:60]}”." for name in unknown)
    if "enum" in schema:
        return "" if value in schema["enum"] else f"It is one of: {', '.join(schema['enum'])}."
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        is_number = re.fullmatch("[0-9]{1,9}", value) and least <= int(value) <= most
        return "" if is_number else f"It is a number from {least} to {most}."
    if "\x00" in value or len(value) > schema["maxLength"]:
        return "The value is too long or holds a NUL byte."
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        return f"It does not match {schema['pattern']}"
    return ""


AFTER = query("after", "Where a page begins. It stands in `next` of the page before: use that.")
SIZE = query(
    "size", "How many results a page has.", 10, type="integer", minimum=1, maximum=MAX_SIZE
)
PAGED = (AFTER, SIZE)


def operation(
    summary: str,
    *parameters: OpenApiParameter,
    answers: type[shapes.Shape] | None = None,
    many: bool = False,
    takes: type[serializers.Serializer[Any]] | None = None,
    status: int = 200,
    errors: tuple[int, ...] = (),
) -> Callable[[Method], Method]:
    """Say of a method of an Endpoint what it takes and answers; its docstring says the rest.

    What answers with a shape takes `fields` too. The id of the operation is its summary:
    "List papers" is list_papers. `errors` are the statuses beside the USUAL ones.
    """
    names = tuple(answers().fields) if answers else ()
    if names:
        parameters = (*parameters, _fields_of(names))
    in_query = [each for each in parameters if each.location == "query"]
    body = _page_of(answers) if answers and many else answers

    def decorate(method: Method) -> Method:
        method.parameters = {each.name: each.type for each in in_query}  # type: ignore[attr-defined]
        method.required = frozenset(each.name for each in in_query if each.required)  # type: ignore[attr-defined]
        method.fields = names  # type: ignore[attr-defined]
        describe = extend_schema(
            operation_id="_".join(word for word in summary.lower().split() if word not in ARTICLES),
            summary=summary,
            parameters=[*parameters],
            request=takes,
            responses={
                status: OpenApiResponse(body, "What was asked for."),
                **_problems(sorted({*USUAL, *errors})),
            },
        )
        return describe(method)

    return decorate


def _fields_of(names: tuple[str, ...]) -> OpenApiParameter:
    return OpenApiParameter(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": [*names]}, "minItems": 1},
        description="Answer with these fields alone, commas between them; all without it.",
        examples=[OpenApiExample("some", value=[*names[:2]])],
        style="form",
        explode=False,
    )


@cache  # two operations that answer alike have one component of the schema
def _page_of(shape: type[shapes.Shape]) -> Any:
    following = serializers.URLField(
        allow_null=True, help_text="The address of the next page; null at the end."
    )
    fields: dict[str, Any] = {"results": shape(many=True), "next": following}
    return inline_serializer(f"{shape.__name__}Page", fields)


def _problems(statuses: list[int]) -> dict[tuple[int, str], OpenApiResponse]:
    return {
        (status, problems.CONTENT_TYPE): OpenApiResponse(shapes.Problem, ERRORS[status])
        for status in statuses
    }
