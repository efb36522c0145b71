"""client/leaving: a tenant's export, its deletion, the erasure of one person."""

from __future__ import annotations

from promostack.leaving.schemas import Close, ErasePerson, ErasureAnswer, ExportAnswer, LeavingAnswer, LinksAnswer
from scripts.local.api.operation import Operation

OPERATIONS = (
    Operation(
        "get",
        "/client/leaving",
        "What becomes of the workspace",
        LeavingAnswer,
        about="Its latest exports and erasures, and when it is deleted, if it is to be. Answers until then.",
        tag="client",
        caller="member",
    ),
    Operation(
        "post",
        "/client/leaving/exports",
        "Ask for everything in a file",
        ExportAnswer,
        about="Rows as JSON lines, files, and a manifest with counts and hashes; secrets are never in it. It is made"
        " within minutes and kept for seven days.",
        tag="client",
        caller="member",
        errors={409: "`export_open`: one is being made already"},
        success={201: "asked for"},
    ),
    Operation(
        "post",
        "/client/leaving/exports/{export_id}/links",
        "Addresses to download an export from",
        LinksAnswer,
        about="Each is good for ten minutes. That they were asked for is written into the audit log.",
        tag="client",
        caller="member",
        path_values={"export_id": "the export's id"},
        errors={
            404: "`export_not_found`, or nothing at this address",
            409: "`export_not_ready`: not yet, or not any more",
        },
    ),
    Operation(
        "post",
        "/client/leaving/closing",
        "Delete the workspace",
        LeavingAnswer,
        about="It stops at once and is deleted for good after fourteen days; until then that can be taken back. An"
        " export is made of it.",
        tag="client",
        caller="member",
        body=Close,
        errors={
            409: "`already_closing`",
            422: "`name_differs`: the name is typed exactly, or a field that is not right",
        },
    ),
    Operation(
        "delete",
        "/client/leaving/closing",
        "Take the deletion back",
        LeavingAnswer,
        tag="client",
        caller="member",
        errors={409: "`not_closing`: none was asked for, or it has begun"},
    ),
    Operation(
        "post",
        "/client/leaving/erasures",
        "Forget a person who wrote to a bot",
        ErasureAnswer,
        about="Chats, messages and marks of this person go within minutes; what was done stays a figure of nobody.",
        tag="client",
        caller="member",
        body=ErasePerson,
        success={202: "asked for"},
    ),
)
