"""The functions for the platform's people, on the admin host only."""

from __future__ import annotations

from promostack.auth.schemas import AdminSession, LoggedIn, LogIn, RefusalPage, RefusalQuery
from promostack.tenants.schemas import CloseTenant, Suspend, TenantCardPage, TenantDetail, TenantsQuery
from scripts.local.api.operation import Operation

_OWN_PAGE = {403: "`host_refused`, or `not_allowed`: the request did not come from the admin host's own page"}
_TENANT = {"tenant_id": "the tenant's id, as the list says it"}
_NO_TENANT = {404: "`tenant_not_found`, or nothing at this address"}

OPERATIONS = (
    Operation("get", "/admin/login", "Who is signed in", AdminSession, tag="admin", caller="admin"),
    Operation(
        "post",
        "/admin/login",
        "Sign in with the password",
        LoggedIn,
        about="Sets the cookie `__Host-admin_session` for twelve hours.",
        tag="admin",
        body=LogIn,
        errors={
            401: "`not_signed_in`: not told which half was wrong",
            403: f"{_OWN_PAGE[403]}, or `password_login_off`",
            429: "`too_many_tries`: five in a quarter of an hour, from one address or for one account",
        },
    ),
    Operation(
        "delete",
        "/admin/login",
        "Sign out of the password session",
        None,
        tag="admin",
        errors=_OWN_PAGE,
        success={204: "the cookie is cleared"},
    ),
    Operation(
        "post",
        "/admin/login/end-all",
        "End every password session",
        None,
        tag="admin",
        caller="admin",
        success={204: "no cookie that was issued before signs anybody in"},
    ),
    Operation(
        "get",
        "/admin/operations/refusals",
        "Calls that were refused, and why",
        RefusalPage,
        about="Counted by minute, reason and caller, newest first.",
        tag="admin",
        query=RefusalQuery,
        caller="admin",
    ),
    Operation(
        "get",
        "/admin/tenants",
        "The platform's tenants",
        TenantCardPage,
        about="The newest first.",
        tag="admin",
        query=TenantsQuery,
        caller="admin",
    ),
    Operation(
        "get",
        "/admin/tenants/{tenant_id}",
        "One tenant",
        TenantDetail,
        about="With the newest twenty lines of its audit log.",
        tag="admin",
        path_values=_TENANT,
        caller="admin",
        errors=_NO_TENANT,
    ),
    Operation(
        "post",
        "/admin/tenants/{tenant_id}/suspend",
        "Stop a tenant",
        TenantDetail,
        about="With the next call: its pages are paused, its members are told, its bots store and answer nothing.",
        tag="admin",
        body=Suspend,
        path_values=_TENANT,
        caller="admin",
        errors=_NO_TENANT | {409: "`already_suspended`"},
    ),
    Operation(
        "post",
        "/admin/tenants/{tenant_id}/resume",
        "Bring a tenant back",
        TenantDetail,
        about="With what was held: its messages go out, updates of the last 24 hours are answered.",
        tag="admin",
        path_values=_TENANT,
        caller="admin",
        errors=_NO_TENANT | {409: "`not_suspended`"},
    ),
    Operation(
        "post",
        "/admin/tenants/{tenant_id}/closing",
        "Delete a tenant",
        TenantDetail,
        about="It stops at once, an export is made of it, and after fourteen days it is deleted for good.",
        tag="admin",
        body=CloseTenant,
        path_values=_TENANT,
        caller="admin",
        errors=_NO_TENANT | {409: "`already_closing`"},
    ),
    Operation(
        "delete",
        "/admin/tenants/{tenant_id}/closing",
        "Take a tenant's deletion back",
        TenantDetail,
        about="It is as it was before, suspended if it was that.",
        tag="admin",
        path_values=_TENANT,
        caller="admin",
        errors=_NO_TENANT | {409: "`not_closing`: none was asked for, or it has begun"},
    ),
)
