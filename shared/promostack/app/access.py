"""Who may call a route: every route declares one rule, a function without one does not start."""

from collections.abc import Callable
from dataclasses import dataclass

from promostack.app.request import Request
from promostack.core import config
from promostack.core.errors import Forbidden


class HostRefused(Forbidden):
    """This part of the product does not answer on that host."""

    code = "host_refused"


@dataclass(frozen=True)
class Access:
    """A rule: the caller's kind, the host classes it may come from, and whether other origins may read the answer."""

    name: str
    hosts: frozenset[str]
    cross_origin: bool
    authenticate: Callable[[Request], None] = lambda request: None


ALL_HOSTS = frozenset({"public", "dash", "admin", "api"})

# Anyone, from anywhere; the answer holds nothing that depends on cookies.
PUBLIC = Access("public", ALL_HOSTS, cross_origin=True)

# A vendor's server; the function itself verifies the vendor's signature before it stores anything.
WEBHOOK = Access("webhook", frozenset({"public", "api"}), cross_origin=False)


def check_host(access: Access, request: Request) -> None:
    """Raises HostRefused when the rule does not answer on the request's host."""
    if host_class(request.host) not in access.hosts:
        raise HostRefused("This address does not answer here.")


def host_class(host: str) -> str:
    """`dash`, `admin` or `api` when the host is that origin's, else `public`."""
    for name, variable in (("dash", "DASH_ORIGIN"), ("admin", "ADMIN_ORIGIN"), ("api", "API_BASE")):
        if host and host == _host_of(config.optional(variable)):
            return name
    return "public"


def _host_of(origin: str | None) -> str:
    return (origin or "").partition("://")[2].split("/")[0].split(":")[0].lower()
