"""The page that describes the API, made of its own description, without anything from another host."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from tansiq.api.meanings import AREAS, STANDS_IN, in_words
from tansiq.api.problems import problem
from tansiq.api.service import DESCRIPTION, api
from tansiq.building.rooms.pages import public


@public
def documentation(request: HttpRequest) -> HttpResponse:
    """Every operation: address, what it takes, what it answers."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [""])[0]
            groups.setdefault(in_words(AREAS.get(tag, tag)), []).append(
                {"path": path, "method": method.upper(), **_shown(operation, schema)}
            )
    return render(request, "api/documentation.html", {"groups": groups, "description": in_words(DESCRIPTION)})


@public
@csrf_exempt
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The answer for an address that the API does not have: the same as for a hidden record."""
    return problem(404, "not_found")


def _shown(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "summary": in_words(operation.get("summary", "")),
        "text": in_words(operation.get("description", "")),
        "parameters": [_parameter(found) for found in operation.get("parameters", [])],
        "fields": _fields(content.get("schema"), schema),
        "answers": sorted(operation.get("responses", {})),
    }


def _parameter(found: dict[str, Any]) -> dict[str, Any]:
    place, meaning = in_words(STANDS_IN[found["in"]]), in_words(found.get("description"))
    return {**found, "in": place, "description": meaning, "kind": _kind(found["schema"])}


def _fields(body: dict[str, Any] | None, schema: dict[str, Any]) -> list[dict[str, Any]]:
    if not body or "$ref" not in body:
        return []
    model = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
    required = model.get("required", [])
    return [
        {"name": name, "required": name in required, "schema": _kind(field)}
        for name, field in model.get("properties", {}).items()
    ]


def _kind(field: dict[str, Any]) -> str:
    kinds = [field, *field.get("anyOf", [])]
    named = [str(kind.get("format") or kind.get("type") or kind["$ref"].rsplit("/", 1)[-1])
             for kind in kinds if {"format", "type", "$ref"} & set(kind)]  # fmt: skip
    return " | ".join(named)
