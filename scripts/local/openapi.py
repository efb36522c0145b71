"""The OpenAPI document: what each web function takes and answers, from the schemas that the code itself uses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from promostack.coupons.schemas import CouponAnswer, ValidateCoupon
from promostack.publishing.schemas import PictureAnswer, RenderCoupon
from promostack.telegram.schemas import Update
from promostack.templates.document import Document
from promostack.templates.schemas import GalleryAnswer, GalleryQuery, TemplateQuery

PATH = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.json"
_REF = "#/components/schemas/{model}"

ABOUT = """\
Functions of PromoStack. Bodies are JSON in UTF-8 and at most 1 MB; times are UTC; unknown keys are refused.
Every error is `{"error": {"code", "message", "request_id", "fields"?}}`: `code` is stable, `message` is for people,
`fields` maps a field's path to what is wrong with it. 429 and some 503 carry `Retry-After` in seconds.

`work/tick` (each minute: hands in what was left behind, starts what is due) and `work/deliver` (sends what stands in
the outbox) have no address on the web: the platform starts them with the namespace's access key."""

# What can be answered by every function, and by every one that reads a body.
_ALWAYS = {
    404: "nothing at this address",
    405: "this address takes another method",
    503: "`database_unavailable`: try again in a moment",
}
_WITH_BODY = {400: "the body is no JSON", 413: "the body is over 1 MB"}
_WITH_INPUT = {422: "a field is missing, unknown or wrong; `fields` names it"}


@dataclass(frozen=True)
class Operation:
    """One method of one address. `answers`: status → (what it means, its schema or media types)."""

    method: str
    path: str
    summary: str
    answer: type[BaseModel] | dict[str, Any]
    about: str = ""
    tag: str = "public"
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    path_values: dict[str, str] = field(default_factory=dict)
    header_values: dict[str, str] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    images: tuple[str, ...] = ()


_TENANT_ERRORS = {404: "`tenant_not_found`, or nothing at this address"}
_HEALTH = {
    "type": "object",
    "required": ["status", "schema_version", "checks"],
    "properties": {
        "status": {"enum": ["ok", "degraded", "down"]},
        "schema_version": {"type": ["integer", "null"]},
        "checks": {
            "type": "object",
            "required": ["database", "storage"],
            "properties": {
                "database": {"enum": ["ok", "down", "outdated"]},
                "storage": {"enum": ["ok", "down", "not_configured"]},
            },
        },
    },
}

OPERATIONS = (
    Operation(
        "get",
        "/public/templates",
        "A tenant's gallery",
        GalleryAnswer,
        query=GalleryQuery,
        errors=_TENANT_ERRORS,
    ),
    Operation(
        "get",
        "/public/templates/{slug}",
        "A published template document",
        Document,
        query=TemplateQuery,
        path_values={"slug": "the template's slug, as the gallery says it"},
        errors={404: "`tenant_not_found`, `template_not_found`, or nothing at this address"},
    ),
    Operation(
        "post",
        "/public/validate-coupon",
        "Is this code good?",
        CouponAnswer,
        about="Answers within four seconds. An answer that was given a moment ago costs the caller no check.",
        body=ValidateCoupon,
        errors=_TENANT_ERRORS
        | {422: "`invalid_code`, or a field is wrong; `fields` names it"}
        | {429: "`too_many_requests` (10 checks a minute) or `too_many_guesses` (60 wrong codes an hour)"},
    ),
    Operation(
        "post",
        "/public/render-coupon",
        "A code on a template, as an address or as the picture itself",
        PictureAnswer,
        about="`delivery: inline` answers the picture; one over 780 kB comes as an address all the same.",
        body=RenderCoupon,
        errors={
            404: "`tenant_not_found`, `template_not_found`, or nothing at this address",
            409: "`coupon_invalid`: the provider does not accept the code",
            422: "`invalid_code`, or a format or field that the template does not take; `fields` names it",
            429: "`too_many_requests` (30 pictures a minute) or `too_many_guesses`",
            503: "`coupon_unknown` (the provider gave no answer), `template_unavailable`, `storage_unavailable` or "
            "`database_unavailable`",
        },
        images=("image/jpeg", "image/png", "image/webp"),
    ),
    Operation(
        "get",
        "/public/health",
        "Does everything that a picture needs answer?",
        _HEALTH,
        errors={503: "the database is down or its schema is behind the code; the answer is as that of 200"},
    ),
    Operation(
        "post",
        "/hooks/telegram-webhook/{bot}",
        "Telegram's updates",
        {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
        tag="hooks",
        body=Update,
        path_values={"bot": "the opaque id that the bot's webhook was registered with"},
        header_values={"X-Telegram-Bot-Api-Secret-Token": "the secret that the bot's webhook was registered with"},
        errors={401: "the secret is wrong; nothing was stored", 404: "no such bot, or nothing at this address"},
    ),
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
        "components": {"schemas": _schemas()},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"summary": operation.summary, "tags": [operation.tag], "operationId": _id(operation)}
    if operation.about:
        described["description"] = operation.about
    parameters = [_parameter("path", name, text) for name, text in operation.path_values.items()]
    parameters += [_parameter("header", name, text) for name, text in operation.header_values.items()]
    parameters += _query_parameters(operation.query) if operation.query else []
    if parameters:
        described["parameters"] = parameters
    if operation.body:
        described["requestBody"] = {"required": True, "content": _json(operation.body)}
    described["responses"] = {"200": _success(operation)} | _errors(operation)
    return described


def _success(operation: Operation) -> dict[str, Any]:
    picture = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in operation.images}
    return {"description": "done", "content": _json(operation.answer) | picture}


def _errors(operation: Operation) -> dict[str, Any]:
    meanings = _ALWAYS | (_WITH_BODY if operation.body else {})
    meanings |= _WITH_INPUT if operation.body or operation.query else {}
    meanings |= operation.errors
    is_health = operation.answer is _HEALTH
    return {
        str(status): {"description": text, "content": _json(_HEALTH if is_health and status == 503 else "Error")}
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
