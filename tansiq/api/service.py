"""The API of version 1: every area's operations under one description."""

import importlib
from typing import Any

from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext

from tansiq.api.access import Session, Token
from tansiq.api.problems import Problem, handle_problems

AREAS = {
    "me": "",
    "changes": "/changes",
    "ledger": "/ledger",
    "doors": "/doors",
    "places": "/places",
    "clocks": "/clocks",
    "aid": "/aid",
    "quantities": "/aid",
    "crossings": "/crossings",
    "distribution": "/distribution",
    "distribution_plans": "/distribution",
    "distribution_feedback": "/distribution",
    "needs": "/needs",
    "impediments": "/impediments",
    "coordination_routes": "/coordination/routes",
    "coordination": "/coordination",
    "transport": "/transport",
    "chain": "/chain",
    "transport_scans": "/transport",
    "requests": "/requests",
}
"""Module of this package with a `router` → its prefix. A desk's endpoints are one file and one line here."""

ROOT = "/api/v1/"
DESCRIPTION = (
    "Every operation acts in one room: a token's own, or the one that the session chose. "
    "What was not released to that room does not exist for it: hidden and absent answer alike, with 404."
)


PROBLEMS = {
    "401": "nobody, or a token that may not be used now and from here",
    "403": "not permitted in this room",
    "404": "no such thing, or not released to this room",
    "400": "the body cannot be read",
    "409": "cannot be done now, or the key was used for something else",
    "422": "fields or rules do not allow it",
    "500": "a fault of ours, with a reference",
}


class Api(NinjaAPI):
    """An API whose description tells of the problems that every operation may answer with."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description, OpenAPI 3.1."""
        schema = super().get_openapi_schema(path_prefix=ROOT)
        components = schema["components"]["schemas"]
        components.update({"Problem": Problem.model_json_schema(ref_template="#/components/schemas/{model}")})
        components.update(components["Problem"].pop("$defs", {}))
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
                for status, meaning in PROBLEMS.items():
                    operation["responses"].setdefault(status, {"description": meaning, "content": content})
        return schema

    def validation_error_from_error_contexts(self, error_contexts: list[ValidationErrorContext]) -> ValidationError:
        """What is wrong, with what was found in each field; the library would leave that out."""
        error = super().validation_error_from_error_contexts(error_contexts)
        found = [one for context in error_contexts for one in context.pydantic_validation_error.errors()]
        for known, fault in zip(error.errors, found, strict=True):
            known["input"] = fault["input"]
        return error

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The function's area and name."""
        return f"{operation.view_func.__module__.rsplit('.', 1)[-1]}_{operation.view_func.__name__}"


def build() -> Api:
    """The API with the routers of all areas."""
    api = Api(
        title="Tansiq", version="1", description=DESCRIPTION, urls_namespace="api-1", docs_url=None,
        openapi_url="/openapi.json", auth=[Token(), Session()],
    )  # fmt: skip
    handle_problems(api)
    for area, prefix in AREAS.items():
        api.add_router(prefix, importlib.import_module(f"tansiq.api.{area}").router)
    return api


api = build()
