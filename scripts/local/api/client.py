"""The functions for tenants' people, on the dashboard's host only."""

from __future__ import annotations

from promostack.publishing.upload_schemas import BeginUpload, TicketAnswer, UploadAnswer
from promostack.tenants.schemas import (
    AuditPage,
    ChangeRole,
    ChangeSettings,
    ChosenTenant,
    MemberAnswer,
    MemberPage,
    NewTenant,
    PageQuery,
    SessionAnswer,
    SettingsAnswer,
    TenantMade,
)
from scripts.local.api.operation import Operation

_FOREIGN = {404: "`tenant_not_found`: not one of the person's tenants, or nothing at this address"}
_MEMBER = {404: "`member_not_found`, `tenant_not_found`, or nothing at this address"}
_OWNER = {409: "`owner_stays`: the owner's place is neither changed nor left"}
_USER = {"user_id": "the member's id, as the list says it"}

OPERATIONS = (
    Operation(
        "get",
        "/client/session",
        "Who is signed in, and where",
        SessionAnswer,
        about="Answers also for a suspended tenant, whose `state` says so, and for somebody who has no tenant yet.",
        tag="client",
        caller="person",
        errors=_FOREIGN,
    ),
    Operation(
        "post",
        "/client/session/tenant",
        "The first step: a tenant of one's own",
        TenantMade,
        about="However often it is sent, it makes one tenant. The slug is made from the name and stays.",
        tag="client",
        caller="person",
        body=NewTenant,
        errors={403: "`email_not_verified`, or `host_refused`"},
        success={201: "made", 200: "the person has it already"},
    ),
    Operation(
        "put",
        "/client/session/current",
        "Work in another tenant from now on",
        SessionAnswer,
        tag="client",
        caller="person",
        body=ChosenTenant,
        errors=_FOREIGN,
    ),
    Operation("get", "/client/settings", "The tenant's settings", SettingsAnswer, tag="client", caller="member"),
    Operation(
        "put",
        "/client/settings",
        "Change settings",
        SettingsAnswer,
        about="What is left out stays. The tenant's pages and its bot follow with their next call.",
        tag="client",
        caller="member",
        body=ChangeSettings,
    ),
    Operation(
        "delete",
        "/client/settings/logo",
        "Take the logo away",
        None,
        tag="client",
        caller="member",
        success={204: "the tenant has no logo"},
    ),
    Operation(
        "get",
        "/client/settings/members",
        "The tenant's people",
        MemberPage,
        tag="client",
        caller="member",
        query=PageQuery,
    ),
    Operation(
        "put",
        "/client/settings/members/{user_id}",
        "Give a member another role",
        MemberAnswer,
        about="Granting or taking `admin` is the owner's right.",
        tag="client",
        caller="member",
        body=ChangeRole,
        path_values=_USER,
        errors=_MEMBER | _OWNER,
    ),
    Operation(
        "delete",
        "/client/settings/members/{user_id}",
        "Remove a member, or leave",
        None,
        about="Anyone but the owner may leave; an admin removes members, the owner admins too.",
        tag="client",
        caller="member",
        path_values=_USER,
        errors=_MEMBER | _OWNER,
        success={204: "the person has no place in the tenant any more"},
    ),
    Operation(
        "get",
        "/client/settings/audit",
        "The tenant's audit log",
        AuditPage,
        tag="client",
        caller="member",
        query=PageQuery,
    ),
    Operation(
        "post",
        "/client/uploads",
        "Leave to send a file",
        TicketAnswer,
        about="The file then goes to `url` by one request with `method` and `headers`, its body exactly `bytes` long, "
        "within a quarter of an hour.",
        tag="client",
        caller="member",
        body=BeginUpload,
        success={201: "send the file now"},
    ),
    Operation(
        "post",
        "/client/uploads/{upload_id}/finish",
        "Check the file that was sent and make it the tenant's logo",
        UploadAnswer,
        about="Answers the same however often it is called. What is published is a new picture without metadata, at "
        "most 1024 pixels long.",
        tag="client",
        caller="member",
        path_values={"upload_id": "what the first call answered"},
        errors={
            404: "`upload_not_found`, `tenant_not_found`, or nothing at this address",
            409: "`upload_incomplete`: the file has not arrived",
            422: "`upload_refused`: why stands in `message`; nothing of the file is kept",
        },
    ),
)
