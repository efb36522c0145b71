"""admin/login: the password login of the platform's people, and who is signed in."""

from datetime import UTC, datetime
from typing import Any

from promostack.app.actors import actor_of
from promostack.app.admins import ADMIN, ADMIN_LOGIN
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.auth import admin_cookie, login
from promostack.auth.models import Admin
from promostack.auth.schemas import LogIn
from promostack.core import log

_log = log.get("admin")

endpoint = Endpoint("admin/login")


@endpoint.get(access=ADMIN)
def read_session(request: Request) -> dict[str, Any]:
    admin = request.caller_as(Admin)
    return {"email": admin.email, "via": admin.by}


@endpoint.post(access=ADMIN_LOGIN, body=LogIn)
def log_in(request: Request, body: LogIn) -> Reply:
    cookie = login.log_in(
        body.email, body.password, address=actor_of(request), audience=request.host, now=datetime.now(UTC)
    )
    return Reply({"email": login.normalised(body.email)}, headers={"Set-Cookie": cookie})


@endpoint.delete(access=ADMIN_LOGIN)
def log_out(request: Request) -> Reply:
    return Reply(status=204, headers={"Set-Cookie": admin_cookie.clear()})


@endpoint.post("end-all", access=ADMIN)
def end_all_sessions(request: Request) -> Reply:
    login.end_all_sessions()
    _log.info("admin_sessions_ended", by=request.caller_as(Admin).email)
    return Reply(status=204, headers={"Set-Cookie": admin_cookie.clear()})
