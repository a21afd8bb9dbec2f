"""The page that describes the HTTP interface, made from the same schema that scripts can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Schema = Mapping[str, Any]  # Any: JSON
MEANINGS = {
    200: gettext_lazy("Done."),
    202: gettext_lazy("Not yet: the call is in another process and will pick it up soon."),
    401: gettext_lazy("No session, and no token that is good now."),
    403: gettext_lazy("A role or a right of the token is missing; “detail” names it."),
    404: gettext_lazy("It is not there, or belongs to a business that is not yours."),
    409: gettext_lazy("It does not go with what is there now; “detail” says why."),
    422: gettext_lazy("Something is wrong with what was sent; “errors” has a sentence by field."),
    502: gettext_lazy("The voice service refused it."),
    504: gettext_lazy("The voice service did not confirm it in time."),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One name in a query or a body."""

    name: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One status, what it means, and the names in its body."""

    status: int
    meaning: str
    names: str


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    sentences: str
    takes: list[Value]
    answers: list[Answer]


class Description(DocsBase):
    """A plain page of our own; the ready-made ones bring images that our policy refuses."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Every route with its sentences, what it takes and what it answers."""
        context = {
            **admin.site.each_context(request),
            "title": _("The HTTP interface"),
            "schema_url": self.get_openapi_url(api, kwargs),
            "base_url": settings.PUBLIC_BASE_URL,
            "sections": sections(api.get_openapi_schema(path_params=kwargs)),
        }
        return TemplateResponse(request, "api_docs.html", context)


def sections(schema: Schema) -> dict[str, list[Route]]:
    """The routes under the titles of their groups."""
    found: dict[str, list[Route]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            route = Route(
                method=method.upper(),
                path=path,
                sentences=_(operation["description"]),
                takes=[*_query(operation, schema), *_body(operation, schema)],
                answers=sorted(_answers(operation, schema), key=lambda one: one.status),
            )
            found.setdefault(_(operation["tags"][0]), []).append(route)
    return found


def _query(operation: Schema, schema: Schema) -> Iterator[Value]:
    for one in operation["parameters"]:
        if one["in"] == "query":
            yield Value(f"?{one['name']}", _kind(one["schema"], schema), "")


def _body(operation: Schema, schema: Schema) -> Iterator[Value]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for name, field in _fields(content["schema"], schema).items():
            yield Value(name, _kind(field, schema), _(field.get("description", "")))


def _answers(operation: Schema, schema: Schema) -> Iterator[Answer]:
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json", {}).get("schema", {})
        names = ", ".join(_fields(content, schema))
        yield Answer(int(status), str(MEANINGS.get(int(status), "")), names)


def _fields(one: Schema, schema: Schema) -> Schema:
    """The fields of an object, wherever the schema describes it."""
    properties: Schema = _resolve(one, schema).get("properties", {})
    return properties


def _resolve(one: Schema, schema: Schema) -> Schema:
    """Follow a reference, and take the first of several choices that is not nothing."""
    for choice in (*one.get("anyOf", ()), *one.get("allOf", ())):
        if choice.get("type") != "null":
            return _resolve(choice, schema)
    if "$ref" not in one:
        return one
    found: Schema = schema["components"]["schemas"][one["$ref"].rsplit("/", 1)[1]]
    return found


def _kind(field: Schema, schema: Schema) -> str:
    """What a field holds: the name of a type, or the words to choose from."""
    found = _resolve(field, schema)
    return " | ".join(found["enum"]) if "enum" in found else str(found.get("type", ""))
