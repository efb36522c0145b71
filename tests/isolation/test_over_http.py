"""One route of each package again, over HTTP through the running product: a gateway in between takes nothing away."""

import json

import pytest
import requests

from scripts.local import project

HIDDEN = [function.path for function in project.read() if function.web is False]
OWNER, OTHER_OWNER, PLATFORM = "user_demo_owner", "user_other_owner", "user_platform"
SETTINGS, ADMINS = "client/settings", "admin/tenants"
# (host, route, who, further headers) → (status, the error's code)
CALLS = {
    "public": ("127.0.0.1", "public/templates?tenant=demo", None, {}, 200, ""),
    "member": ("dash", SETTINGS, OWNER, {}, 200, ""),
    "member, anonymous": ("dash", SETTINGS, None, {}, 401, "not_signed_in"),
    "member, other tenant's owner": ("dash", SETTINGS, OTHER_OWNER, {"X-Tenant": "demo"}, 404, "tenant_not_found"),
    "member, nobody's tenant": ("dash", SETTINGS, OTHER_OWNER, {"X-Tenant": "nobodys"}, 404, "tenant_not_found"),
    "member, on the admin host": ("admin", SETTINGS, OWNER, {}, 403, "host_refused"),
    "member, forwarded host": ("admin", SETTINGS, OWNER, {"X-Forwarded-Host": "dash.localhost"}, 403, "host_refused"),
    "member, forged": ("dash", SETTINGS, None, {"X-Clerk-User-Email": "owner@demo.example"}, 401, "not_signed_in"),
    "platform": ("admin", ADMINS, PLATFORM, {}, 200, ""),
    "platform, anonymous": ("admin", ADMINS, None, {}, 401, "not_signed_in"),
    "platform, tenant's owner": ("admin", ADMINS, OWNER, {}, 403, "not_allowed"),
    "platform, on the dash host": ("dash", ADMINS, PLATFORM, {}, 403, "host_refused"),
}


@pytest.mark.parametrize("name", CALLS)
def test_call(stack, name: str) -> None:
    host, route, subject, headers, status, code = CALLS[name]
    base = stack.base if host == "127.0.0.1" else stack.host(host)
    answer = call(stack, f"{base}/api/{route}", host, _authorised(stack, subject) | headers)
    assert answer.status_code == status, answer.text
    assert (answer.json()["error"]["code"] if code else "") == code


def test_a_webhook_needs_its_secret(stack) -> None:
    address = f"{stack.base}/api/hooks/telegram-webhook/nobodys"
    answer = requests.post(address, json={"update_id": 1}, timeout=60)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "unknown_bot"


@pytest.mark.parametrize("path", HIDDEN)
def test_work_is_out_of_reach(stack, path: str) -> None:
    for method in ("GET", "POST"):
        assert requests.request(method, f"{stack.base}/api/{path}", timeout=60).status_code in (401, 404)


def call(stack, address: str, host: str, headers: dict[str, str]) -> requests.Response:
    """`*.localhost` is this machine for browsers only; here the Host header says it."""
    if host != "127.0.0.1":
        address = address.replace(f"{host}.localhost", "127.0.0.1")
        headers = {"Host": f"{host}.localhost:{stack.port}", **headers}
    return requests.get(address, headers=headers, timeout=60)


def _authorised(stack, subject: str | None) -> dict[str, str]:
    if subject is None:
        return {}
    values = json.loads((stack.data_dir / "run.json").read_text())["values"]
    asked = requests.post(f"{values['CLERK_API_BASE']}/_control/token", json={"subject": subject}, timeout=60)
    return {"Authorization": f"Bearer {asked.json()['token']}"}
