"""Calls of every route as every kind of caller, in process, with the events that the platform makes."""

import base64
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from scripts.local import project
from tests.isolation import outside
from tests.isolation.house import ALPHA, BETA, MEMBER, NEWCOMER, OTHER_OWNER, OWNER, PLATFORM, Person
from tests.isolation.outside import HOSTS, PLATFORM_EMAIL, Provider
from tests.isolation.rules import WEAK, Rule
from tests.isolation.world import Tenant

HOME = {"public": "public", "client": "dash", "admin": "admin", "hooks": "api"}
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
EVIL = "https://evil.example"


@dataclass(frozen=True)
class Route:
    """One registered route. `path` is what follows the function's name, with its `{names}`.

    `permission` is what a member needs, None for who is no member.
    """

    function: project.Function
    method: str
    path: str
    permission: str | None = None

    @property
    def key(self) -> str:
        return f"{self.method} {self.function.path}" + (f"/{self.path}" if self.path else "")


@dataclass(frozen=True)
class Caller:
    """How a call presents itself. `tenant` is what X-Tenant says: a value's name, or None for no such header.

    `party` is whose page the token was made for: the one of the route's own host when nothing is said.
    """

    person: Person | None = None
    host: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    tenant: str | None = None
    party: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def code(self) -> str:
        """The error's code; empty for an answer that is none."""
        return json.loads(self.body)["error"]["code"] if self.status >= 400 else ""

    def plain(self, sent: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], str]:
        """What is left when the request's id and what the caller himself had named are taken out."""
        text = json.dumps([sorted(self.headers.items()), self.body], ensure_ascii=False)
        text = text.replace(self.headers.get("X-Request-Id", "\0"), "{request}")
        for name, value in sorted(sent.items(), key=lambda each: -len(each[1])):
            text = text.replace(value, f"{{{name}}}")
        headers, body = json.loads(text)
        return self.status, [tuple(each) for each in headers], body


def routes() -> list[Route]:
    """All routes that the functions of project.yml register."""
    return [
        Route(function, route.method, "/".join(route.pattern), route.access.permission)
        for function in project.read()
        if function.web
        for route in _module(function).endpoint.routes
    ]


def has_endpoint(function: project.Function) -> bool:
    return hasattr(_module(function), "endpoint")


def call(provider: Provider, route: Route, rule: Rule, caller: Caller, values: Mapping[str, str]) -> Answer:
    """One call with the rule's sample, its `{names}` filled in from `values`."""
    headers = {
        "x-forwarded-host": HOSTS[caller.host or HOME[route.function.package]],
        "do-connecting-ip": f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1",  # nobody shares a limit with another
        **rule.headers,
        **caller.headers,
    }
    if caller.person is not None:
        party = f"https://{HOSTS[caller.party or HOME[route.function.package]]}"
        headers["authorization"] = f"Bearer {provider.token(caller.person.subject, party)}"
    if caller.tenant is not None:
        headers["x-tenant"] = values[caller.tenant]
    body = json.dumps(_filled(rule.body, values)).encode() if rule.body is not None else b""
    http = {
        "method": route.method,
        "path": f"/{_filled(route.path, values)}",
        "queryString": urlencode(_filled(dict(rule.query), values)),
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    result = _module(route.function).main({"http": http}, SimpleNamespace(activation_id=uuid4().hex))
    result = json.loads(json.dumps(result))
    return Answer(result["statusCode"], result["headers"], result.get("body", ""))


def rightful(route: Route, rule: Rule) -> list[Caller]:
    """Those who may: the positive control."""
    cookie = {"cookie": _cookie(), "origin": f"https://{HOSTS['admin']}", **SAME_ORIGIN}
    owner = Caller(OWNER, tenant="tenant")
    return {
        "anyone": [Caller()],
        "vendor": [Caller()],
        "person": [owner, Caller(OWNER)],
        "member": [owner, Caller(OWNER)],
        "platform": [Caller(PLATFORM), Caller(headers=cookie)],
        "password": [Caller(headers=SAME_ORIGIN)],
        "visitor": [visitor(ALPHA)],
    }[rule.who]


def visitor(tenant: Tenant, *, named: str | None = None) -> Caller:
    """Somebody of the platform who looks into that tenant."""
    return Caller(headers={"authorization": f"Bearer visit_of {tenant.canary}"}, tenant=named)


def intruders(rule: Rule) -> dict[str, Caller]:
    """Each kind of caller who does not belong, by the names of the rules' tables."""
    email = "x-clerk-user-email"
    if rule.who in ("person", "member"):
        cookie = {"cookie": _cookie(), "origin": f"https://{HOSTS['dash']}", **SAME_ORIGIN}
        return {
            "anonymous": Caller(tenant="tenant"),
            "other tenant's owner": Caller(OTHER_OWNER, tenant="tenant"),
            "newcomer": Caller(NEWCOMER, tenant="tenant"),
            WEAK: Caller(MEMBER, tenant="tenant"),
            "on the admin host": Caller(OWNER, "admin", {"origin": f"https://{HOSTS['admin']}"}, "tenant"),
            "by a token of the admin page": Caller(OWNER, tenant="tenant", party="admin"),
            "forged header alone": Caller(headers={email: OWNER.email}, tenant="tenant"),
            "forged header beside a token": Caller(OTHER_OWNER, headers={email: OWNER.email}, tenant="tenant"),
            "admin's cookie": Caller(headers=cookie, tenant="tenant"),
        }
    if rule.who == "vendor":
        return {
            "anonymous": _without_secret(),
            "other tenant's secret": Caller(headers={_SECRET: f"secret of {BETA.canary}"}),
            "other tenant's owner": Caller(OTHER_OWNER, headers={_SECRET: "", "x-tenant": ALPHA.canary}),
            "forged header alone": Caller(headers={_SECRET: "", email: PLATFORM_EMAIL}),
            "on the dash host": Caller(host="dash"),
            "on the admin host": Caller(host="admin"),
        }
    if rule.who == "visitor":
        cookie = {"cookie": _cookie(), "origin": f"https://{HOSTS['dash']}", **SAME_ORIGIN}
        return {
            "anonymous": Caller(),
            "tenant's owner": Caller(OWNER),
            "on the admin host": Caller(host="admin", headers=visitor(ALPHA).headers),
            "admin's cookie": Caller(headers=cookie),
        }
    if rule.who == "password":
        return {
            "from another site": Caller(headers={"sec-fetch-site": "same-site"}),
            "from another origin": Caller(headers={"origin": EVIL, **SAME_ORIGIN}),
            "on the dash host": Caller(host="dash", headers=SAME_ORIGIN),
            "from a page of the dash host": Caller(headers={"origin": f"https://{HOSTS['dash']}", **SAME_ORIGIN}),
        }
    return {
        "anonymous": Caller(),
        "tenant's owner": Caller(OWNER),
        "other tenant's owner": Caller(OTHER_OWNER),
        "on the dash host": Caller(PLATFORM, "dash"),
        "from a page of the dash host": Caller(PLATFORM, headers={"origin": f"https://{HOSTS['dash']}"}),
        "by a token of the dash page": Caller(PLATFORM, party="dash"),
        "forged header alone": Caller(headers={email: PLATFORM_EMAIL}),
        "forged header beside a token": Caller(OWNER, headers={email: PLATFORM_EMAIL}),
        "cookie from another origin": Caller(headers={"cookie": _cookie(), "origin": EVIL, **SAME_ORIGIN}),
        "cookie from a sibling page": Caller(
            headers={"cookie": _cookie(), "origin": f"https://{HOSTS['dash']}", **SAME_ORIGIN}
        ),
        "cookie of another site's request": Caller(headers={"cookie": _cookie(), "sec-fetch-site": "same-site"}),
        "cookie of another host": Caller(headers={"cookie": _cookie(audience=HOSTS["dash"]), **SAME_ORIGIN}),
        "cookie of an ended epoch": Caller(headers={"cookie": _cookie(epoch=0), **SAME_ORIGIN}),
    }


_SECRET = "x-telegram-bot-api-secret-token"


def _without_secret() -> Caller:
    return Caller(headers={_SECRET: ""})


def _cookie(*, audience: str = HOSTS["admin"], epoch: int = 1) -> str:
    return outside.admin_cookie(PLATFORM_EMAIL, audience=audience, epoch=epoch)


def _filled(sample: Any, values: Mapping[str, str]) -> Any:
    if isinstance(sample, dict):
        return {name: _filled(each, values) for name, each in sample.items()}
    if isinstance(sample, list):
        return [_filled(each, values) for each in sample]
    if isinstance(sample, str):
        for name, value in values.items():
            sample = sample.replace(f"{{{name}}}", value)
    return sample


def _module(function: project.Function) -> ModuleType:
    return _load(function.path)


@cache
def _load(path: str) -> ModuleType:
    name = f"main_{path.replace('/', '_').replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, project.ROOT / "packages" / path / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
