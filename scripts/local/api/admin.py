"""The functions for the platform's people, on the admin host only."""

from __future__ import annotations

from promostack.auth.schemas import AdminSession, LoggedIn, LogIn, RefusalPage, RefusalQuery
from scripts.local.api.operation import Operation

_OWN_PAGE = {403: "`host_refused`, or `not_allowed`: the request did not come from the admin host's own page"}

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
)
