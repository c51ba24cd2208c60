"""Holds answers against the schema the API publishes: status, media type, every field, and no field beside."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema
from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator


@cache
def published() -> dict[str, Any]:
    """The schema of the API."""
    return SchemaGenerator().get_schema(request=None, public=True)


def check(response: HttpResponse) -> Any:
    """The answer's JSON, once it is found to be one the schema promises for this call."""
    request = response.wsgi_request
    operation = operation_of(request.path, request.method.lower())
    promised = operation["responses"].get(str(response.status_code))
    assert promised, f"{request.method} {request.path} promises no {response.status_code}: {response.content!r}"
    media_type = response.headers["Content-Type"]
    assert media_type in promised["content"], media_type
    data = response.json()
    jsonschema.validate(data, strict(promised["content"][media_type]["schema"]))
    return data


def operation_of(path: str, method: str) -> dict[str, Any]:
    """The operation an address belongs to."""
    for template, operations in published()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path.rstrip("/") + "/") and method in operations:
            return operations[method]
    raise AssertionError(f"{method} {path} is not in the schema")


def strict(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON schema: references resolved, nullable spelt out, and nothing allowed beside what is named."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if reference := schema.get("$ref"):
        return strict(published()["components"]["schemas"][reference.rsplit("/", 1)[1]])
    spelt = {key: strict(value) for key, value in schema.items() if key != "nullable"}
    if "properties" in spelt:
        spelt["additionalProperties"] = False
    return {"anyOf": [spelt, {"type": "null"}]} if schema.get("nullable") else spelt
