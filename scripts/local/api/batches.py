"""client/batches: pictures of many codes in one archive."""

from __future__ import annotations

from promostack.publishing.batch_schemas import AskBatch, BatchAnswer, BatchesAnswer, BatchLinks
from scripts.local.api.operation import Operation

_BATCH = {"batch_id": "the batch's id"}
_NOT_FOUND = {404: "`batch_not_found`, or nothing at this address"}

OPERATIONS = (
    Operation(
        "get",
        "/client/batches",
        "The latest batches and how far they are",
        BatchesAnswer,
        tag="client",
        caller="member",
    ),
    Operation(
        "post",
        "/client/batches",
        "Ask for pictures of many codes",
        BatchAnswer,
        about="Each code is checked as for any picture; one that is not valid is left out and named in the manifest."
        " Made within minutes, from the version of the template that counts now, and kept for seven days.",
        tag="client",
        caller="member",
        body=AskBatch,
        errors={
            404: "`template_not_found`, or nothing at this address",
            409: "`batch_open`: one is being made already",
            422: "`batch_refused`: no codes, or too many, or a field that is not right",
        },
        success={201: "asked for"},
    ),
    Operation(
        "post",
        "/client/batches/{batch_id}/cancel",
        "Stop a batch",
        BatchAnswer,
        tag="client",
        caller="member",
        path_values=_BATCH,
        errors=_NOT_FOUND | {409: "`batch_over`: there is nothing to cancel any more"},
    ),
    Operation(
        "post",
        "/client/batches/{batch_id}/links",
        "Addresses to download a batch from",
        BatchLinks,
        about="Each is good for ten minutes.",
        tag="client",
        caller="member",
        path_values=_BATCH,
        errors=_NOT_FOUND | {409: "`batch_not_ready`: not yet, or not any more"},
    ),
)
