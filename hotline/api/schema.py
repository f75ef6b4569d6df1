"""The OpenAPI 3.1 description of the API, made from its declarations, and a page to read it."""

import re
from functools import cache
from typing import Any, Final

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from pydantic.json_schema import models_json_schema

import hotline
from hotline.api.endpoint import OPERATIONS, PART, Operation
from hotline.core.doors import public
from hotline.tickets.fields import Kind, fields_of
from hotline.tickets.states import Action

bp: Final = Blueprint("api_schema", __name__, url_prefix="/api")
REF: Final = "#/components/schemas/{model}"
PROBLEMS: Final = {
    "401": "no valid token",
    "403": "not permitted",
    "404": "no such thing in your part of the tree",
    "409": "it changed since the version you saw",
    "415": "the body is not JSON",
    "422": "a field is wrong or a guard does not hold",
    "429": "too many requests",
    "503": "try again",
}
KINDS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.UNITS: {"type": "array", "items": {"type": "string"}},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.SCORE: {"type": "integer", "minimum": 1, "maximum": 5},
    Kind.FACTS: {"type": "object"},
}


@bp.get("/openapi.json")
@public("describes the API and holds no record")
def description() -> ResponseReturnValue:
    """Give the OpenAPI description."""
    return jsonify(document())


@bp.get("/docs")
@public("describes the API and holds no record")
def page() -> ResponseReturnValue:
    """Give the description as a page."""
    return render_template("api/docs.html", api=document(), problems=PROBLEMS)


@cache
def document() -> dict[str, Any]:
    """Return the description of every declared address."""
    models = {model for each in OPERATIONS for model in (each.answer, each.body) if model}
    modes = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    refs, definitions = models_json_schema(modes, ref_template=REF)  # type: ignore[arg-type]  # literals
    names = {model: ref["$ref"] for (model, _), ref in refs.items()}
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        for path, more in _addresses(each):
            paths.setdefault(path, {})[each.method.lower()] = _operation(each, names) | more
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "12351 hotline",
            "version": hotline.__version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": definitions.get("$defs", {}) | {"Problem": PROBLEM},
        },
    }


def _addresses(each: Operation) -> list[tuple[str, dict[str, Any]]]:
    """Return the address as OpenAPI writes it; the actions get one each, with their fields."""
    path = PART.sub(r"{\1}", each.path)
    if "{action}" not in path:
        return [(path, {})]
    return [
        (
            path.replace("{action}", action),
            {
                "operationId": action.value,
                "summary": f"take the transition {action.value}",
                "parameters": _path_parameters(path.replace("{action}", "")),
                "requestBody": _json(_action_schema(action)),
            },
        )
        for action in Action
    ]


def _operation(each: Operation, names: dict[Any, str]) -> dict[str, Any]:
    path = PART.sub(r"{\1}", each.path)
    found: dict[str, Any] = {
        "summary": each.summary,
        "x-permission": each.permission.value,
        "parameters": [*_path_parameters(path), *_query_parameters(each)],
        "responses": {
            str(int(each.status)): {"description": "done"} | _json({"$ref": names[each.answer]})
        }
        | {code: _problem(words) for code, words in PROBLEMS.items()},
    }
    if each.method == "POST":
        found["parameters"].append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "maxLength": 120},
            }
        )
    if each.body is not None:
        found["requestBody"] = _json({"$ref": names[each.body]}) | {"required": True}
    return found


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(each: Operation) -> list[dict[str, Any]]:
    if each.query is None:
        return []
    properties = each.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _action_schema(action: Action) -> dict[str, Any]:
    fields = fields_of(action)
    properties = {
        field.name: KINDS.get(field.kind, {"type": "string"})
        | ({"enum": list(field.choices)} if field.kind is Kind.CHOICE else {})
        for field in fields
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {"version": {"type": "integer"}} | properties,
        "required": [field.name for field in fields if field.required],
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _problem(words: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}
    return {"description": words, "content": content}


PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "guard": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
