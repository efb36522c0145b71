"""Signing in through the running product: cookies, headers and preflights as the platform hands them on."""

from __future__ import annotations

import json

import pytest
import requests

PASSWORD = {"email": "platform@promostack.example", "password": "gold-demo-password"}


@pytest.fixture(scope="module")
def admin(stack) -> str:
    return f"http://admin.localhost:{stack.port}"


def call(stack, method: str, path: str, host: str = "admin", **headers: str) -> requests.Response:
    named = {"Host": f"{host}.localhost:{stack.port}"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.request(method, f"{stack.base}{path}", headers=named, timeout=60)


def sign_in(stack, admin: str) -> requests.Response:
    headers = {"Host": admin.partition("://")[2], "Origin": admin, "Sec-Fetch-Site": "same-origin"}
    return requests.post(f"{stack.base}/api/admin/login", json=PASSWORD, headers=headers, timeout=60)


def test_a_cookie_comes_and_goes_through_the_platform(stack, admin: str) -> None:
    answer = sign_in(stack, admin)
    assert answer.status_code == 200, answer.text
    set_cookie = answer.headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-admin_session=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= {part.strip() for part in set_cookie.split(";")}
    held = {"cookie": set_cookie.split(";")[0], "sec_fetch_site": "same-origin"}
    who = call(stack, "GET", "/api/admin/login", **held)
    assert who.json() == {"email": PASSWORD["email"], "via": "password"}
    head = call(stack, "HEAD", "/api/admin/login", **held)
    assert (head.status_code, head.content) == (200, b"")
    assert call(stack, "GET", "/api/admin/login", **{**held, "sec_fetch_site": "same-site"}).status_code == 403
    assert call(stack, "GET", "/api/admin/login", host="dash", **held).status_code == 403
    out = call(stack, "DELETE", "/api/admin/login", **held)
    assert (out.status_code, "Max-Age=0" in out.headers["Set-Cookie"]) == (204, True)


@pytest.mark.parametrize(
    ("function", "page", "is_allowed"),
    [
        ("admin/login", "admin", True),
        ("admin/login", "dash", False),
        ("client/session", "dash", True),
        ("client/session", "admin", False),
        ("client/session", "evil", False),
    ],
)
def test_a_preflight_lets_each_dashboard_ask_its_own_functions(stack, function, page, is_allowed) -> None:
    origin = f"http://{page}.localhost:{stack.port}"
    answer = call(stack, "OPTIONS", f"/{function}", "api", origin=origin, access_control_request_method="GET")
    assert answer.status_code == 204
    assert answer.headers.get("Access-Control-Allow-Origin") == (origin if is_allowed else None)
    assert ("Access-Control-Allow-Headers" in answer.headers) == is_allowed
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_webhook_is_no_business_of_any_page(stack) -> None:
    headers = {"origin": "https://evil.example.com", "access_control_request_method": "POST"}
    answer = call(stack, "OPTIONS", "/hooks/telegram-webhook/x", "api", **headers)
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_a_session_token_is_read_on_its_own_host_and_from_the_api_with_its_origin(stack) -> None:
    values = json.loads((stack.data_dir / "run.json").read_text())["values"]
    asked = {"subject": "user_demo_owner"}
    token = requests.post(f"{values['CLERK_API_BASE']}/_control/token", json=asked, timeout=60).json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    dash = f"http://dash.localhost:{stack.port}"
    own = call(stack, "GET", "/api/client/session", "dash", **bearer)
    assert own.json()["current"]["slug"] == "demo"
    across = call(stack, "GET", "/client/session", "api", origin=dash, **bearer)
    assert (across.status_code, across.headers["Access-Control-Allow-Origin"]) == (200, dash)
    for host, origin in (("api", ""), ("admin", ""), ("dash", f"http://admin.localhost:{stack.port}")):
        refused = call(stack, "GET", "/api/client/session", host, **bearer, **({"origin": origin} if origin else {}))
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "host_refused")
