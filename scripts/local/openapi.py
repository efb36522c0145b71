"""The OpenAPI document: what each web function takes and answers, from the schemas that the code itself uses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from promostack.templates.document import Document
from scripts.local.api import admin, batches, client, hooks, leaving, outbox, people, public
from scripts.local.api.onboarding import OPERATIONS as ONBOARDING
from scripts.local.api.operation import Operation

PATH = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"
_REF = "#/components/schemas/{model}"

ABOUT = """\
Functions of PromoStack. Bodies are JSON in UTF-8 and at most 1 MB; times are UTC; unknown keys are refused.
Every error is `{"error": {"code", "message", "request_id", "fields"?}}`: `code` is stable, `message` is for people,
`fields` maps a field's path to what is wrong with it. 429 and some 503 carry `Retry-After` in seconds.

`work/tick` (each minute: hands in what was left behind, starts what is due), `work/deliver` (sends what stands in the
outbox), `work/forex-scan`, `work/forex-track` and `work/forex-recap` (find signals, follow them, tell how they went),
`work/backtest` (tries strategies on stored bars), `work/batch` (makes pictures of many codes),
`work/maintenance` (clears away what is over) and `work/leaving` (makes
exports, forgets people, deletes workspaces) have no address on the web: the platform starts them with the namespace's
access key."""

# What can be answered by every function, and by every one that reads a body.
_ALWAYS = {
    404: "nothing at this address",
    405: "this address takes another method",
    503: "`database_unavailable`: try again in a moment",
}
_WITH_BODY = {400: "the body is no JSON", 413: "the body is over 1 MB"}
_WITH_INPUT = {422: "a field is missing, unknown or wrong; `fields` names it"}
# What signed-in callers can be answered.
_SIGNED_IN = {
    401: "`not_signed_in` or `session_expired`: get a new token and try once more",
    403: "`not_allowed`, `host_refused`, `tenant_suspended`, `tenant_closing`, or `read_only` on the platform's visits",
    503: "`identity_unavailable` or `database_unavailable`: try again in a moment",
}
_SECURITY = {"person": [{"session": []}], "member": [{"session": []}], "admin": [{"session": []}, {"cookie": []}]}
OPERATIONS = (
    *public.OPERATIONS,
    *hooks.OPERATIONS,
    *people.OPERATIONS,
    *client.OPERATIONS,
    *batches.OPERATIONS,
    *outbox.OPERATIONS,
    *ONBOARDING,
    *leaving.OPERATIONS,
    *admin.OPERATIONS,
)


def document_text() -> str:
    """The whole document, as it is committed."""
    return json.dumps(_document(), indent=1, ensure_ascii=False) + "\n"


def _document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "PromoStack", "version": "0.1.0", "description": ABOUT},
        "servers": [
            {"url": "/api", "description": "on every page's own host"},
            {"url": "https://api.example.com", "description": "for clients outside a browser, and cross-origin"},
        ],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": _SECURITY_SCHEMES},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"summary": operation.summary, "tags": [operation.tag], "operationId": _id(operation)}
    if operation.about:
        described["description"] = operation.about
    parameters = [_parameter("path", name, text) for name, text in operation.path_values.items()]
    parameters += [_parameter("header", name, text) for name, text in operation.header_values.items()]
    parameters += _query_parameters(operation.query) if operation.query else []
    if operation.caller == "member":
        parameters.append(_TENANT_HEADER)
    if parameters:
        described["parameters"] = parameters
    if operation.caller != "nobody":
        described["security"] = _SECURITY[operation.caller]
    if operation.body:
        described["requestBody"] = {"required": True, "content": _json(operation.body)}
    success = {str(status): _success(operation, meaning) for status, meaning in operation.success.items()}
    described["responses"] = success | _errors(operation)
    return described


def _success(operation: Operation, meaning: str) -> dict[str, Any]:
    content = _json(operation.answer) if operation.answer else {}
    content |= {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in operation.images}
    return {"description": meaning, "content": content} if content else {"description": meaning}


def _errors(operation: Operation) -> dict[str, Any]:
    meanings = _ALWAYS | (_WITH_BODY if operation.body else {})
    meanings |= _WITH_INPUT if operation.body or operation.query else {}
    meanings |= _SIGNED_IN if operation.caller != "nobody" else {}
    meanings |= operation.errors
    is_health = operation.answer is public.HEALTH
    return {
        str(status): {"description": text, "content": _json(public.HEALTH if is_health and status == 503 else "Error")}
        for status, text in sorted(meanings.items())
    }


def _query_parameters(query: type[BaseModel]) -> list[dict[str, Any]]:
    schema = query.model_json_schema()
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": value}
        for name, value in schema["properties"].items()
    ]


def _parameter(place: str, name: str, text: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "description": text, "schema": {"type": "string"}}


def _json(schema: type[BaseModel] | dict[str, Any] | str) -> dict[str, Any]:
    if not isinstance(schema, dict):
        name = schema if isinstance(schema, str) else schema.__name__
        schema = {"$ref": _REF.format(model=name)}
    return {"application/json": {"schema": schema}}


def _schemas() -> dict[str, Any]:
    bodies = [(each.body, "validation") for each in OPERATIONS if each.body]
    # Answers hold every key that they declare, defaults included.
    answers = [(each.answer, "serialization") for each in OPERATIONS if isinstance(each.answer, type)]
    _, definitions = models_json_schema(
        [(model, "validation" if model is Document else mode) for model, mode in bodies + answers],
        by_alias=True,
        ref_template=_REF,
    )
    return {**definitions["$defs"], "Error": _ERROR}


def _id(operation: Operation) -> str:
    words = re.findall(r"[a-z]+", f"{operation.method} {operation.path}")
    return words[0] + "".join(word.title() for word in words[1:])


_TENANT_HEADER = {
    "name": "X-Tenant",
    "in": "header",
    "required": False,
    "description": "the tenant's slug or id; left out, the one last used",
    "schema": {"type": "string"},
}
_SECURITY_SCHEMES = {
    "session": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "a session token of Clerk"},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-admin_session",
        "description": "of the password login, from the admin host's own page only",
    },
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "request_id": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        }
    },
}
