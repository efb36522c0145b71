"""The table of hosts: each package × where a call comes from, and who may read the answer from another origin."""

import pytest

from promostack.app import access
from promostack.app.access import HOSTS, Access
from promostack.app.endpoint import Endpoint
from promostack.app.request import Request

DASH, ADMIN, SITE = "https://dash.example.com", "https://admin.example.com", "https://example.com"
EVIL = "https://dash.example.com.evil.com"
RULES = {package: Access(package, package, "own" if package != "public" else "any") for package in HOSTS}
# (host, origin) → the packages that answer there.
ANSWERED = {
    ("example.com", ""): {"public", "hooks"},
    ("example.com", SITE): {"public", "hooks"},
    ("dash.example.com", ""): {"public", "client"},
    ("dash.example.com", DASH): {"public", "client"},
    ("admin.example.com", ""): {"public", "admin"},
    ("admin.example.com", ADMIN): {"public", "admin"},
    ("api.example.com", ""): {"public", "hooks"},
    ("api.example.com", DASH): {"public", "client"},
    ("api.example.com", ADMIN): {"public", "admin"},
    # One dashboard's page on the other's host, whatever it asks for.
    ("dash.example.com", ADMIN): set(),
    ("admin.example.com", DASH): set(),
    # Anybody else's page, and what only looks like one of ours.
    ("dash.example.com", EVIL): {"public"},
    ("admin.example.com", EVIL): {"public"},
    ("api.example.com", EVIL): {"public", "hooks"},
    ("dash.example.com", "null"): {"public"},
    ("admin.example.com", f"{ADMIN}/"): {"public"},
    ("admin.example.com", "http://admin.example.com"): {"public"},
    ("admin.example.com", f"{ADMIN}:8443"): {"public"},
    # A dashboard's page elsewhere than on its host or the API's.
    ("example.com", DASH): {"public"},
    ("example.com", ADMIN): {"public"},
    ("dash.example.com.", ""): {"public", "hooks"},
    ("", ""): {"public", "hooks"},
}


@pytest.fixture(autouse=True)
def _hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DASH_ORIGIN": DASH, "ADMIN_ORIGIN": ADMIN, "API_BASE": "https://api.example.com"}.items():
        monkeypatch.setenv(name, value)


def request(host: str, origin: str, method: str = "GET", **headers: str) -> Request:
    named = {"x-forwarded-host": host, "host": "ccontroller", **({"origin": origin} if origin else {}), **headers}
    return Request(method, (), {}, {name: value for name, value in named.items() if value}, b"", "r1")


def answers(package: str, call: Request) -> bool:
    try:
        access.check_host(RULES[package], call)
    except access.HostRefused:
        return False
    return True


@pytest.mark.parametrize(("host", "origin"), ANSWERED)
def test_a_package_answers_where_the_table_says_and_nowhere_else(host: str, origin: str) -> None:
    call = request(host or "ccontroller", origin)
    assert {package for package in HOSTS if answers(package, call)} == ANSWERED[host, origin]


@pytest.mark.parametrize("package", ["client", "admin"])
@pytest.mark.parametrize("origin", [DASH, ADMIN, SITE, EVIL, "null", ""])
def test_only_the_packages_own_dashboard_may_read_its_answers(package: str, origin: str) -> None:
    headers = access.cors_headers(RULES[package], request("api.example.com", origin))
    own = {"client": DASH, "admin": ADMIN}[package]
    assert headers.get("Access-Control-Allow-Origin") == (own if origin == own else None)
    assert headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in headers


def event(method: str, host: str, **headers: str) -> dict:
    named = {"x-forwarded-host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {"http": {"method": method, "path": "", "queryString": "", "headers": named, "body": ""}}


@pytest.fixture
def endpoint() -> Endpoint:
    """Reading is for the dashboard from any host of ours, writing for no other origin."""
    made = Endpoint("client/things")
    made.get(access=Access("open", "client", "own"))(lambda request: {"ok": True})
    made.post(access=Access("closed", "client", "none"))(lambda request: {"ok": True})
    return made


@pytest.mark.parametrize(
    ("origin", "wanted", "allowed"),
    [(DASH, "GET", DASH), (DASH, "POST", None), (ADMIN, "GET", None), (EVIL, "GET", None), ("null", "GET", None)],
)
def test_a_preflight_is_answered_by_the_rule_of_the_method_it_announces(endpoint, origin, wanted, allowed) -> None:
    call = event("OPTIONS", "api.example.com", origin=origin, access_control_request_method=wanted)
    answer = endpoint.handle(call, None)
    assert answer["statusCode"] == 204
    assert answer["headers"].get("Access-Control-Allow-Origin") == allowed
    assert ("Access-Control-Allow-Headers" in answer["headers"]) == (allowed is not None)


@pytest.mark.parametrize("call", [event("GET", "dash.example.com"), event("GET", "example.com"), event("PUT", "x"), {}])
def test_every_answer_carries_the_headers_that_keep_browsers_careful(endpoint: Endpoint, call: dict) -> None:
    headers = endpoint.handle(call, None)["headers"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'none'")


def test_a_caller_of_another_kind_than_the_handler_wants_is_a_bug() -> None:
    from promostack.auth.models import Admin, Member

    with pytest.raises(TypeError):
        Request("GET", (), {}, {}, b"", "r1", caller=Admin("ada@example.com", "session")).caller_as(Member)
