import base64
import json

import pytest
from pydantic import BaseModel, ConfigDict

from promostack.app.access import PUBLIC, WEBHOOK
from promostack.app.endpoint import Endpoint
from promostack.core.errors import TooManyRequests


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str
    count: int = 1


def event(method: str = "POST", path: str = "", body: bytes = b"", **headers: str) -> dict:
    return {
        "http": {
            "method": method,
            "path": path,
            "queryString": "",
            "headers": headers,
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
    }


@pytest.fixture
def endpoint() -> Endpoint:
    made = Endpoint("public/orders")

    @made.post(access=PUBLIC, body=Order)
    def order(request, body):
        if body.code == "BUG":
            raise ValueError("secret detail")
        if body.code == "SLOW":
            raise TooManyRequests("Too many.", retry_after_s=7.2)
        return {"code": body.code}

    @made.get("{name}/lines/{line}", access=PUBLIC)
    def line(request, name, line):
        return {"name": name, "line": line}

    return made


def test_a_good_call_is_answered(endpoint: Endpoint) -> None:
    result = endpoint.handle(event(body=b'{"code":"A"}'), None)
    assert (result["statusCode"], json.loads(result["body"])) == (200, {"code": "A"})
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"


def test_path_values_reach_the_handler(endpoint: Endpoint) -> None:
    result = endpoint.handle(event("get", "/x/lines/3"), None)
    assert json.loads(result["body"]) == {"name": "x", "line": "3"}


@pytest.mark.parametrize(
    ("call", "status", "code", "fields"),
    [
        (event(body=b"{"), 400, "bad_request", None),
        (event(body=b'{"code":"A","count":NaN}'), 400, "bad_request", None),
        (event(body=b"[" * 100_000), 400, "bad_request", None),
        (event(body=b"[]"), 422, "unprocessable", {"body"}),
        (event(body=b'{"code":5}'), 422, "unprocessable", {"code"}),
        (event(body=b'{"code":"A","extra":1}'), 422, "unprocessable", {"extra"}),
        (event(body=b'{"code":"A","count":"x"}'), 422, "unprocessable", {"count"}),
        (event(body=b" " * 1_000_001), 413, "payload_too_large", None),
        (event("GET", "/nowhere"), 404, "not_found", None),
        (event("PUT", ""), 405, "method_not_allowed", None),
        (event(body=b'{"code":"SLOW"}'), 429, "too_many_requests", None),
        (event(body=b'{"code":"BUG"}'), 500, "internal", None),
        ({"http": {"method": "POST", "body": "*", "isBase64Encoded": True}}, 400, "bad_request", None),
    ],
)
def test_a_bad_call_gets_a_clear_error(endpoint: Endpoint, call: dict, status: int, code: str, fields: set) -> None:
    result = endpoint.handle(call, None)
    error = json.loads(result["body"])["error"]
    assert (result["statusCode"], error["code"]) == (status, code)
    assert set(error.get("fields", {})) == (fields or set())
    assert "secret detail" not in result["body"]
    assert "error" not in result, "the platform takes a top-level `error` for a crash"


def test_a_limit_says_when_to_come_back(endpoint: Endpoint) -> None:
    assert endpoint.handle(event(body=b'{"code":"SLOW"}'), None)["headers"]["Retry-After"] == "7"


def test_a_function_without_an_access_rule_does_not_start() -> None:
    with pytest.raises(TypeError, match="access rule"):
        Endpoint("public/open").get(access=None)
    with pytest.raises(RuntimeError, match="no access rule"):
        Endpoint("public/empty").handle(event(), None)


def test_a_webhook_answers_no_other_origin_and_no_dashboard_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASH_ORIGIN", "https://dash.example.com")
    hook = Endpoint("hooks/x")
    hook.post(access=WEBHOOK)(lambda request: {"ok": True})
    assert "Access-Control-Allow-Origin" not in hook.handle(event(host="api.example.com"), None)["headers"]
    refused = hook.handle(event(host="dash.example.com"), None)
    assert (refused["statusCode"], json.loads(refused["body"])["error"]["code"]) == (403, "host_refused")


def test_preflight_is_answered_by_the_rule(endpoint: Endpoint) -> None:
    headers = endpoint.handle(event("OPTIONS"), None)["headers"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers
