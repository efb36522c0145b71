"""Requests become events, results become responses, and limits hold, as on the platform."""

from __future__ import annotations

import base64
import os
import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integration.local_platform.conftest import Running, wait_until

MB = 1024 * 1024


def event(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    http: dict[str, Any] = answer.json()["http"]
    return http


class TestEvent:
    def test_path_query_and_method_arrive(self, platform: Running) -> None:
        http = event(platform.call("echo/SLUG/a%20b/?x=1&y=%C3%A4&y=2", method="PUT"))
        assert (http["method"], http["path"]) == ("PUT", "/SLUG/a%20b/")
        assert http["queryString"] == "x=1&y=%C3%A4&y=2"

    def test_without_more_path_it_is_empty(self, platform: Running) -> None:
        assert event(platform.call("echo"))["path"] == ""

    def test_header_names_are_lower_case(self, platform: Running) -> None:
        headers = event(platform.call("echo", headers={"X-Custom-Thing": "A", "Authorization": "Bearer x"}))["headers"]
        assert (headers["x-custom-thing"], headers["authorization"]) == ("A", "Bearer x")
        assert all(name == name.lower() for name in headers)

    def test_the_ingress_tells_where_a_request_came_from(self, platform: Running) -> None:
        given = {"Host": "dash.localhost:1234", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "forged.example"}
        headers = event(platform.call("echo", headers=given))["headers"]
        assert headers["x-forwarded-for"] == "6.6.6.6, 127.0.0.1"
        assert headers["do-connecting-ip"] == "6.6.6.6"
        assert headers["x-forwarded-host"] == "dash.localhost:1234"
        assert headers["host"] == "ccontroller"

    @pytest.mark.parametrize(
        ("content_type", "body", "is_base64"),
        [
            ("application/json", b'{"a": 1}', True),
            ("image/png", b"\x89PNG\xff", True),
            ("multipart/form-data; boundary=x", b"--x--", True),
            ("text/plain", "grüße".encode(), False),
            ("application/x-www-form-urlencoded", b"a=1", False),
        ],
    )
    def test_bodies_come_as_text_or_base64(
        self, platform: Running, content_type: str, body: bytes, is_base64: bool
    ) -> None:
        http = event(platform.call("echo", method="POST", data=body, headers={"Content-Type": content_type}))
        assert http["isBase64Encoded"] is is_base64
        assert (base64.b64decode(http["body"]) if is_base64 else http["body"].encode()) == body

    def test_bytes_that_are_no_utf8_do_no_harm(self, platform: Running) -> None:
        port = int(platform.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
            raw.sendall(
                b"GET /api/probe/echo/\xff?\xfe HTTP/1.1\r\nHost: x\r\nX-Odd: \xff\r\nConnection: close\r\n\r\n"
            )
            answer = b"".join(iter(lambda: raw.recv(65536), b""))
        assert answer.split(b" ", 2)[1] in (b"200", b"400")
        assert platform.call("echo").status_code == 200

    def test_no_body_is_an_empty_text(self, platform: Running) -> None:
        http = event(platform.call("echo"))
        assert (http["body"], http["isBase64Encoded"]) == ("", False)

    def test_a_body_of_one_mb_is_taken_and_more_refused(self, platform: Running) -> None:
        text = {"Content-Type": "text/plain"}
        whole = platform.call("hungry?1", method="POST", data=b"x" * MB, headers=text)
        assert whole.status_code == 200
        assert platform.call("hungry?1", method="POST", data=b"x" * (MB + 1), headers=text).status_code == 413
        chunked = (b"x" * 65536 for _ in range(17))
        assert platform.call("hungry?1", method="POST", data=chunked, headers=text).status_code == 413


class TestResult:
    def test_an_object_becomes_json(self, platform: Running) -> None:
        answer = platform.reply({"body": {"ü": [1]}})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert answer.json() == {"ü": [1]}

    @pytest.mark.parametrize("result", [{}, {"body": None}, {"body": ""}, {"headers": {"X": "1"}}])
    def test_no_body_means_204(self, platform: Running, result: dict[str, Any]) -> None:
        assert platform.reply(result).status_code == 204

    def test_a_stated_status_stays_without_a_body(self, platform: Running) -> None:
        answer = platform.reply({"statusCode": 302, "headers": {"Location": "https://x.example/"}})
        assert (answer.status_code, answer.headers["Location"]) == (302, "https://x.example/")

    def test_a_text_without_type_is_html(self, platform: Running) -> None:
        answer = platform.reply({"body": "<p>ü"})
        assert (answer.headers["Content-Type"], answer.text) == ("text/html; charset=utf-8", "<p>ü")

    def test_a_text_with_json_type_stays_what_it_is(self, platform: Running) -> None:
        answer = platform.reply({"headers": {"content-type": "application/json"}, "body": '{"a": 1}'})
        assert answer.json() == {"a": 1}

    def test_binary_types_are_base64(self, platform: Running) -> None:
        picture = b"\x89PNG\x00\xff"
        answer = platform.reply({"headers": {"Content-Type": "image/png"}, "body": base64.b64encode(picture).decode()})
        assert (answer.content, answer.headers["Content-Type"]) == (picture, "image/png")

    def test_a_list_repeats_a_header(self, platform: Running) -> None:
        answer = platform.reply({"headers": {"Set-Cookie": ["a=1", "b=2"], "X-Count": 3}, "body": "x"})
        assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
        assert answer.headers["X-Count"] == "3"

    @pytest.mark.parametrize(
        "result",
        [
            {"statusCode": "many", "body": "x"},
            {"statusCode": 42, "body": "x"},
            {"headers": {"Content-Type": "image/png"}, "body": "no base64!"},
            {"headers": {"Content-Type": "image/png"}, "body": {"a": 1}},
            {"headers": ["x"], "body": "x"},
            {"headers": {"X": "a\r\nSet-Cookie: b"}, "body": "x"},
            {"error": "text"},
        ],
    )
    def test_what_is_no_response_is_an_error_of_the_platform(self, platform: Running, result: dict[str, Any]) -> None:
        answer = platform.reply(result)
        assert answer.status_code == 400
        assert set(answer.json()) == {"code", "error"}

    def test_a_result_of_one_mb_is_delivered_and_more_is_an_error(self, platform: Running) -> None:
        assert len(platform.call(f"work?how=long&length={MB - 20}").content) == MB - 20
        assert platform.call(f"work?how=long&length={MB}").status_code == 400
        assert "exceeded the allowed length" in log(platform, "work")

    @pytest.mark.parametrize("how", ["raise", "exit", "bytes"])
    def test_a_failure_is_answered_and_the_next_call_works(self, platform: Running, how: str) -> None:
        failed = platform.call(f"work?how={how}")
        assert failed.status_code == 400
        assert "secret" not in failed.text
        assert platform.call("work").status_code == 200


class TestContainers:
    def test_several_serve_one_function_at_random(self, platform: Running) -> None:
        wait_until(lambda: len({platform.call("echo").json()["pid"] for _ in range(10)}) >= 2)
        pids = [platform.call("echo").json()["pid"] for _ in range(40)]
        assert len(set(pids)) >= 2
        assert any(one != other for one, other in pairwise(pids))
        assert any(one == other for one, other in pairwise(pids))

    def test_they_retire_at_random(self, start_gateway: Callable[..., Running]) -> None:
        platform = start_gateway(retire=0.3)
        assert len({platform.call("echo").json()["pid"] for _ in range(40)}) > 5

    def test_fresh_means_one_call_each(self, start_gateway: Callable[..., Running]) -> None:
        platform = start_gateway(fresh=True)
        assert len({platform.call("echo").json()["pid"] for _ in range(6)}) == 6

    def test_a_function_sees_only_its_own_variables(self, platform: Running) -> None:
        environment = platform.call("echo").json()["environment"]
        known = {"PATH", "LANG", "LC_CTYPE", "HOME", "PWD", "SHLVL", "_"}
        own = {name: value for name, value in environment.items() if name not in known and name[:5] != "__OW_"}
        assert own == {"GIVEN": "by the deployer", "LITERAL": "plain"}

    def test_a_call_over_its_time_is_killed(self, platform: Running) -> None:
        began = time.monotonic()
        assert platform.call("short?seconds=20").status_code == 400
        assert time.monotonic() - began < 18
        assert_it_is_gone(platform, "short")
        assert platform.call("short").status_code == 200
        assert "exceeded its time limits of 2500" in log(platform, "short")

    def test_a_call_over_its_memory_is_killed(self, platform: Running) -> None:
        assert platform.call("hungry?300").status_code == 400
        assert_it_is_gone(platform, "hungry")
        assert platform.call("hungry?1").status_code == 200
        assert "exhausted its memory of 128 MB" in log(platform, "hungry")

    def test_what_a_function_prints_is_kept(self, platform: Running) -> None:
        platform.call("echo")
        wait_until(lambda: "echo was called" in log(platform, "echo"))


def assert_it_is_gone(platform: Running, function: str) -> None:
    """The process that had the latest call."""

    def is_gone() -> bool:
        told = re.findall(r"process (\d+)", log(platform, function))
        try:
            os.kill(int(told[-1]), 0)
        except ProcessLookupError:
            return True
        return False

    wait_until(is_gone)


def log(platform: Running, function: str) -> str:
    return (platform.folder / "logs" / f"probe-{function}.log").read_text()


class TestLimits:
    def test_the_next_call_of_a_full_minute_is_429(self, start_gateway: Callable[..., Running]) -> None:
        platform = start_gateway(per_minute=20)
        assert [platform.call("echo").status_code for _ in range(22)] == [200] * 20 + [429] * 2
        assert "Too many requests in the last minute (count: 21, allowed: 20)" in platform.call("echo").text
        assert platform.rest("POST", "actions/probe/hidden", json={}).status_code == 429

    def test_at_most_120_run_at_once(self, start_gateway: Callable[..., Running], tmp_path: Path) -> None:
        platform, over = start_gateway(), tmp_path / "over"
        with ThreadPoolExecutor(130) as pool:
            calls = [pool.submit(platform.call, f"work?until={over}") for _ in range(130)]
            wait_until(lambda: sum(call.done() for call in calls) >= 10)
            over.touch()
        answers = [call.result() for call in calls]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) == 10
        assert "Too many concurrent requests in flight (count: 121, allowed: 120)" in refused[0].text

    def test_a_visitor_waits_no_longer_than_the_web_allows(self, start_gateway: Callable[..., Running]) -> None:
        platform = start_gateway(web_timeout_s=0.5)
        platform.call("work")
        answer = platform.call("work?seconds=1.5")
        assert answer.status_code == 504
        wait_until(lambda: record(platform, answer.json()["code"]))
        assert record(platform, answer.json()["code"])["response"]["success"]  # it ran on to its own limit


def record(platform: Running, activation_id: str) -> dict[str, Any]:
    answer = platform.rest("GET", f"activations/{activation_id}")
    return answer.json() if answer.status_code == 200 else {}


class TestStarting:
    def test_a_function_that_is_not_web_does_not_exist_there(self, platform: Running) -> None:
        hidden, missing = platform.call("hidden"), platform.call("no-such-function")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.json()["error"] == missing.json()["error"]

    def test_it_is_started_with_the_access_key(self, platform: Running) -> None:
        started = platform.rest("POST", "actions/probe/hidden?blocking=false", json={"a": 1})
        assert started.status_code == 202
        activation_id = started.json()["activationId"]
        wait_until(lambda: record(platform, activation_id))
        result = record(platform, activation_id)["response"]["result"]
        assert result == {"got": {"a": 1}, "activation": activation_id}

    @pytest.mark.parametrize("auth", [None, ("user", "guessed"), ("", "")])
    def test_not_without_it(self, platform: Running, auth: tuple[str, str] | None) -> None:
        assert platform.rest("POST", "actions/probe/hidden", json={}, auth=auth).status_code == 401

    @pytest.mark.parametrize("body", [b"[1]", b"{", b'"x"'])
    def test_an_event_is_an_object(self, platform: Running, body: bytes) -> None:
        assert platform.rest("POST", "actions/probe/hidden", data=body).status_code == 400

    def test_a_blocking_start_waits_for_the_result(self, platform: Running) -> None:
        answer = platform.rest("POST", "actions/probe/hidden?blocking=true&result=true", json={"a": 1})
        assert (answer.status_code, answer.json()["got"]) == (200, {"a": 1})

    def test_a_trigger_is_fired_by_name(self, platform: Running) -> None:
        answer = platform.rest("POST", "triggers/nightly?blocking=true")
        assert answer.json()["response"]["result"]["got"] == {"from": "cron"}
        assert platform.rest("POST", "triggers/unknown").status_code == 404


class TestCors:
    def test_the_platform_answers_preflights_with_a_star(self, platform: Running) -> None:
        asked = {"Origin": "https://x.example", "Access-Control-Request-Headers": "X-Tenant"}
        answer = platform.call("echo", method="OPTIONS", headers=asked)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
        assert answer.headers["Access-Control-Allow-Headers"] == "X-Tenant"
        assert platform.call("echo").headers["Access-Control-Allow-Origin"] == "*"

    def test_with_custom_options_every_header_is_the_functions(self, platform: Running) -> None:
        for method in ("OPTIONS", "GET"):
            answer = platform.call("custom", method=method)
            assert answer.headers["Access-Control-Allow-Origin"] == "https://own.example"
            assert "Access-Control-Allow-Methods" not in answer.headers
