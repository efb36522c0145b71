"""Troubles on demand, and what remains of the calls they hit."""

import time

import pytest
import requests


def texts(scene):
    return [one["message"]["text"] for one in scene.telegram.messages(scene.bot_id, scene.user_id)]


def fault(scene, **fields):
    return scene.telegram.control("POST", "/faults", **fields)


def test_a_429_closes_the_gate_of_the_whole_bot_until_it_ends(scene):
    telegram = scene.telegram
    telegram.control("PUT", "/clock", mode="freeze")
    fault(scene, kind="429", method="sendMessage", retry_after=5)

    first = telegram.call(scene.token, "sendMessage", chat_id=scene.user_id, text="x")
    assert (first.status_code, first.headers["Retry-After"]) == (429, "5")
    assert first.json()["parameters"] == {"retry_after": 5}
    assert first.json()["description"] == "Too Many Requests: retry after 5"
    telegram.control("PUT", "/clock", advance_s=2)
    assert scene.call("getMe")["parameters"] == {"retry_after": 3}
    telegram.control("PUT", "/clock", advance_s=3)
    assert scene.call("getMe")["ok"]
    assert texts(scene) == ["/start"]


@pytest.mark.parametrize(("kind", "arrived"), [("lost_answer", True), ("lost_request", False)])
def test_a_lost_call_looks_the_same_to_the_caller(scene, kind, arrived):
    fault(scene, kind=kind, method="sendMessage")

    with pytest.raises(requests.ConnectionError):
        scene.call("sendMessage", chat_id=scene.user_id, text="x")

    assert ("x" in texts(scene)) is arrived
    assert scene.telegram.calls("sendMessage")[0]["fault"] == kind


@pytest.mark.parametrize(
    ("kind", "status", "description"),
    [
        ("blocked", 403, "Forbidden: bot was blocked by the user"),
        ("deactivated", 403, "Forbidden: user is deactivated"),
        ("kicked", 403, "Forbidden: bot was kicked from the channel chat"),
        ("500", 500, "Internal Server Error"),
    ],
)
def test_refusals_on_demand(scene, kind, status, description):
    fault(scene, kind=kind, chat_id=scene.user_id)

    answer = scene.call("sendMessage", chat_id=scene.user_id, text="x")

    assert (answer["error_code"], answer["description"]) == (status, description)
    assert texts(scene) == ["/start"]


def test_a_proxys_page_is_no_json(scene):
    fault(scene, kind="html")

    answer = scene.telegram.call(scene.token, "getMe")

    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (502, "text/html")


def test_faults_hit_only_what_they_name_and_as_often_as_told(scene):
    fault(scene, kind="500", method="sendMessage", times=2, bot=scene.bot_id)

    assert scene.call("getMe")["ok"]
    assert [scene.call("sendMessage", chat_id=scene.user_id, text="x")["ok"] for _ in range(3)] == [False, False, True]
    scene.telegram.control("DELETE", "/faults")
    assert scene.telegram.control("GET", "/faults") == []


def test_latency_is_added_to_each_call(scene):
    scene.telegram.control("PUT", "/settings", latency_s=0.2)
    began = time.monotonic()
    scene.call("getMe")

    assert time.monotonic() - began >= 0.2


def test_the_log_tells_when_and_how_much(scene):
    from .test_telegram_refusals import png, upload

    before = time.time()
    upload(scene, "sendPhoto", "photo", png(50, 50), caption="c")

    call = scene.telegram.calls("sendPhoto")[-1]
    assert before <= call["at"] <= call["read_at"] <= time.time()
    assert call["body_bytes"] > call["files"]["photo"]["bytes"] == len(png(50, 50))
    assert (call["params"]["caption"], call["status"], call["answer"]["ok"]) == ("c", 200, True)


def test_a_wrong_command_is_explained(scene):
    answer = requests.post(f"{scene.telegram.base}/_control/faults", json={"kind": "earthquake"}, timeout=60)

    assert answer.status_code == 422
    assert "earthquake" not in answer.json()["error"]
    assert "lost_answer" in answer.json()["error"]
