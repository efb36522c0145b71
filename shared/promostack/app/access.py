"""Who may call a route: every route declares one rule, a function without one does not start.

Rules for signed-in callers stand in `signed_in.py` and `admins.py`, so that public functions need not carry what
verifies them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from promostack.app.request import Request
from promostack.core import config
from promostack.core.errors import Forbidden

if TYPE_CHECKING:
    from promostack.auth.models import Caller

HostClass = Literal["public", "dash", "admin", "api"]


class HostRefused(Forbidden):
    """This part of the product does not answer on that host."""

    code = "host_refused"
    reason = "wrong_host"


# Package × host class: where each package answers. A caller's class is that of its Origin, or of the host it named.
HOSTS: Mapping[str, frozenset[HostClass]] = {
    "public": frozenset({"public", "dash", "admin", "api"}),
    "hooks": frozenset({"public", "api"}),
    "client": frozenset({"dash"}),
    "admin": frozenset({"admin"}),
}


@dataclass(frozen=True)
class Access:
    """A rule: the package whose hosts it answers on, who may read it from another origin, and who the caller is.

    `cors`: `any` origin without credentials, the product's `own` dashboards, or `none`.
    `permission`: the right that a member needs, for the matrix test.
    """

    name: str
    package: str
    cors: Literal["any", "own", "none"]
    authenticate: "Callable[[Request], Caller | None]" = lambda request: None
    permission: str | None = None


# Anyone, from anywhere; the answer holds nothing that depends on who asks.
PUBLIC = Access("public", "public", "any")

# A vendor's server; the function itself verifies the vendor's signature before it stores anything.
WEBHOOK = Access("webhook", "hooks", "none")


def check_host(access: Access, request: Request) -> None:
    """Raises HostRefused when the rule's package does not answer where the caller comes from.

    The page's origin has to be of its hosts, and so has the host that was called, or be the API's. An origin of one
    dashboard on the host of the other is refused whatever else is right.
    """
    named = host_class(request.host)
    origin = origin_class(request.origin)
    own = HOSTS[access.package]
    is_answered = (origin or named) in own and (named in own or (named == "api" and origin is not None))
    if not is_answered or {named, origin} == {"dash", "admin"}:
        raise HostRefused("This address does not answer here.")


def host_class(host: str) -> HostClass:
    """`dash`, `admin` or `api` when the host is that origin's, else `public`."""
    if host and host == _host_of(config.optional("DASH_ORIGIN")):
        return "dash"
    if host and host == _host_of(config.optional("ADMIN_ORIGIN")):
        return "admin"
    if host and host == _host_of(config.optional("API_BASE")):
        return "api"
    return "public"


def origin_class(origin: str) -> HostClass | None:
    """`dash` or `admin` when the Origin header is exactly that dashboard's, `public` for another, None without one."""
    if not origin:
        return None
    if origin == config.optional("DASH_ORIGIN"):
        return "dash"
    return "admin" if origin == config.optional("ADMIN_ORIGIN") else "public"


def cors_headers(access: Access, request: Request) -> dict[str, str]:
    """What lets a browser of another origin read the answer; never with credentials."""
    if access.cors == "any":
        return {"Access-Control-Allow-Origin": "*"}
    if access.cors == "own" and origin_class(request.origin) in HOSTS[access.package]:
        return {"Access-Control-Allow-Origin": request.origin, "Vary": "Origin"}
    return {"Vary": "Origin"} if access.cors == "own" else {}


def _host_of(origin: str | None) -> str:
    return (origin or "").partition("://")[2].split("/")[0].split(":")[0].lower()
