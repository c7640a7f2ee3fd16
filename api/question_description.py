"""Questions of the query library in the description of the interface: an address each, with its own parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from api.question_rows import Column, columns_of
from api.questions import JSON, MOST_ROWS, PREFIX, formats_of
from ontology.library import Parameter, offered
from ontology.library import Query as Asked


def describe_questions(app: FastAPI) -> None:
    """Let the description of the interface name each question with its own parameters and rows."""
    described = app.openapi

    def with_questions() -> dict[str, Any]:
        is_new = app.openapi_schema is None
        schema = described()
        if is_new:
            schema["paths"].update((f"{PREFIX}/{one.name}", path_item(one)) for one in offered().values())
        return schema

    app.openapi = with_questions  # type: ignore[method-assign] # as FastAPI's own docs do it


def path_item(one: Asked) -> dict[str, Any]:
    """Return a question as OpenAPI describes an address."""
    told = {
        "tags": ["questions"],
        "summary": one.title["en"],
        "description": f"{one.title['zh']}：{one.purpose['zh']}\n\n{one.purpose['en']}",
        "responses": {"200": {"description": "The answer", "content": _content(one)}, **_faults()},
    }
    values = {p.name: _many(p, _schema(p)) for p in one.parameters}
    body = {"application/json": {"schema": {"type": "object", "properties": values}}}
    general = _general(one)
    name = one.name.replace("-", "_")
    return {
        "get": {**told, "operationId": name, "parameters": [*map(_in_address, one.parameters), *general]},
        "post": {
            **told,
            "operationId": f"{name}_of_values",
            "parameters": general,
            "requestBody": {"content": body, "required": bool(one.parameters)},
        },
    }


def _in_address(parameter: Parameter) -> dict[str, Any]:
    chosen = "；可选的值见 choices · for values see choices" if parameter.is_chosen else ""
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.is_required,
        "description": f"{parameter.title['zh']} · {parameter.title['en']}{chosen}",
        "schema": _many(parameter, _schema(parameter)),
    }


def _many(parameter: Parameter, schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema} if parameter.is_many else schema


def _schema(parameter: Parameter) -> dict[str, Any]:
    kinds: Mapping[str, dict[str, Any]] = {
        "integer": {"type": "integer"},
        "number": {"type": "number"},
        "boolean": {"type": "boolean"},
        "instant": {"type": "string", "format": "date-time"},
        "date": {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}|today([+-]\d{1,5})?)$"},
        "area": {"type": "string", "examples": ["220000", "2206"]},
        "iri": {"type": "string", "examples": ["https://w3id.org/medalliance/id/org/fhjlu", "org/fhjlu"]},
    }
    schema = dict(kinds.get(parameter.kind, {"type": "string"}))
    if parameter.default:
        is_number = parameter.kind in ("integer", "number")
        schema["default"] = float(parameter.default) if is_number else parameter.default
    return schema


def _general(one: Asked) -> list[dict[str, Any]]:
    described = (
        ("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}, "条数上限 · most rows"),
        ("offset", {"type": "integer", "minimum": 0}, "跳过条数 · rows to leave out"),
        ("format", {"type": "string", "enum": list(formats_of(one))}, "先于 Accept · goes before Accept"),
        ("lang", {"type": "string", "enum": ["zh", "en"]}, "zh en"),
    )
    return [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
        for name, schema, text in described
    ]


def _content(one: Asked) -> dict[str, Any]:
    content: dict[str, Any] = {kind: {} for kind in formats_of(one).values()}
    if JSON in content:
        content[JSON] = {"schema": _answer_schema(one)}
    return content


def _answer_schema(one: Asked) -> dict[str, Any]:
    rows = {column.name: _cell_schema(column) for column in columns_of(one)}
    return {
        "type": "object",
        "properties": {
            "total": {"type": "integer"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer"},
            "sparql": {"type": "string"},
            "items": {"type": "array", "items": {"type": "object", "properties": rows}},
        },
    }


def _cell_schema(column: Column) -> dict[str, Any]:
    if not column.labels:
        return {"type": ["string", "number", "boolean", "null"]}
    labels = {"type": "object", "additionalProperties": {"type": "string"}}
    properties = {"value": {"type": "string"}, "labels": labels}
    return {"type": ["object", "null"], "properties": properties}


def _faults() -> dict[str, Any]:
    told: dict[str, Any] = {"application/problem+json": {}}
    return {
        str(status): {"description": description, "content": told}
        for status, description in (
            (400, "A parameter is missing, unknown or cannot be read"),
            (422, "A parameter names what the graph does not hold"),
            (429, "The budget is spent: Retry-After"),
            (503, "A limit was reached: Retry-After"),
        )
    }
