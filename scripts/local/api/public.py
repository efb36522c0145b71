"""The functions that anyone may call."""

from __future__ import annotations

from promostack.coupons.schemas import CouponAnswer, ValidateCoupon
from promostack.publishing.schemas import PictureAnswer, RenderCoupon
from promostack.signals.schemas import ExportQuery, RecordAnswer, RecordQuery
from promostack.templates.document import Document
from promostack.templates.schemas import GalleryAnswer, GalleryQuery, TemplateQuery
from scripts.local.api.operation import Operation

_PAUSED = {403: "`tenant_suspended`: the tenant's pages are paused"}
_TENANT_ERRORS = _PAUSED | {404: "`tenant_not_found`, or nothing at this address"}
HEALTH = {
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
        errors=_PAUSED | {404: "`tenant_not_found`, `template_not_found`, or nothing at this address"},
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
        errors=_PAUSED
        | {
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
        "/public/track-record",
        "A tenant's signals, with honest figures",
        RecordAnswer,
        about="Made of the record alone. Rows from the first plan of a signal that has not ended come when it has.",
        query=RecordQuery,
        errors=_TENANT_ERRORS,
    ),
    Operation(
        "get",
        "/public/track-record/export",
        "The record, as `scripts/verify-ledger` takes it",
        None,
        about="JSON lines, a thousand rows a page: ask again with the last row's `seq` until fewer come.",
        query=ExportQuery,
        errors=_TENANT_ERRORS,
        images=("application/x-ndjson",),
    ),
    Operation(
        "get",
        "/public/health",
        "Does everything that a picture needs answer?",
        HEALTH,
        errors={503: "the database is down or its schema is behind the code; the answer is as that of 200"},
    ),
)
