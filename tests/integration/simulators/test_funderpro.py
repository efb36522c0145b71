"""FunderPro's simulator in each mode, asked as the vendor is asked."""

import time
from collections.abc import Iterator

import pytest
import requests

from .conftest import running


@pytest.fixture(scope="module")
def _process() -> Iterator[str]:
    with running("scripts.local.funderpro") as base:
        yield base


@pytest.fixture
def crm(_process: str) -> str:
    requests.post(f"{_process}/_control/reset", timeout=60)
    return _process


def ask(base: str, *codes: str, product: str = "42", timeout_s: float = 5) -> requests.Response:
    return requests.get(f"{base}/discount", params={"coupons[]": codes, "productIds": product}, timeout=timeout_s)


def set_mode(base: str, **mode: object) -> None:
    assert requests.put(f"{base}/_control/mode", json=mode, timeout=60).ok


def test_a_known_code_is_valid_and_named_in_the_list(crm):
    answer = ask(crm, "WELCOME-30")

    assert answer.status_code == 200
    assert [item["code"] for item in answer.json()] == ["WELCOME-30"]


@pytest.mark.parametrize(("code", "status"), [("NOPE", 404), ("EXPIRED-2024", 422), ("", 422)])
def test_other_codes_are_refused(crm, code, status):
    assert ask(crm, code).status_code == status


def test_a_question_without_product_is_refused(crm):
    assert ask(crm, "WELCOME-30", product="").status_code == 422


@pytest.mark.parametrize("mode", ["429", "500", "502", "503", "504"])
def test_it_fails_with_the_status_asked_for(crm, mode):
    set_mode(crm, mode=mode, retry_after_s=7)

    answer = ask(crm, "WELCOME-30")

    assert (answer.status_code, answer.headers["Retry-After"]) == (int(mode), "7")


def test_a_mode_can_last_for_some_calls_only(crm):
    set_mode(crm, mode="500", times=2)

    assert [ask(crm, "GOLD-50").status_code for _ in range(3)] == [500, 500, 200]


def test_slow_and_drip_take_their_time(crm):
    set_mode(crm, mode="slow", delay_s=0.3)
    began = time.monotonic()
    assert ask(crm, "GOLD-50").ok
    assert time.monotonic() - began >= 0.3

    set_mode(crm, mode="drip", delay_s=0.01)
    with requests.get(f"{crm}/discount?coupons[]=GOLD-50&productIds=1", stream=True, timeout=60) as answer:
        pieces = list(answer.iter_content(1))
    assert len(pieces) == int(answer.headers["Content-Length"])


def test_a_drip_outlasts_the_read_timeout(crm):
    """A timeout between two bytes never strikes: the caller needs one for the whole."""
    set_mode(crm, mode="drip", delay_s=0.05)
    began = time.monotonic()

    assert ask(crm, "GOLD-50", timeout_s=2).ok
    assert time.monotonic() - began > 2


@pytest.mark.parametrize(
    ("mode", "content_type", "begins"),
    [
        ({"mode": "html"}, "text/html", "<!doctype html>"),
        ({"mode": "odd"}, "application/json", '"OK"'),
        ({"mode": "odd", "shape": "empty_list"}, "application/json", "[]"),
        ({"mode": "odd", "shape": "other_code"}, "application/json", '[{"code": "SOMETHING-ELSE"'),
        ({"mode": "odd", "shape": "no_body"}, "application/json", ""),
        ({"mode": "odd", "shape": "broken_json"}, "application/json", '[{"code": "WELC'),
    ],
)
def test_it_answers_200_with_an_odd_body(crm, mode, content_type, begins):
    set_mode(crm, **mode)

    answer = ask(crm, "WELCOME-30")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(content_type)
    assert answer.text.startswith(begins)


def test_down_resets_the_connection(crm):
    set_mode(crm, mode="down", times=1)

    with pytest.raises(requests.ConnectionError):
        ask(crm, "WELCOME-30")
    assert ask(crm, "WELCOME-30").ok


def test_down_for_a_while_refuses_connections_then_comes_back(crm):
    set_mode(crm, mode="down", for_s=0.5)
    refused = False
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if ask(crm, "WELCOME-30").ok and refused:
                break
        except requests.ConnectionError:
            refused = True
        time.sleep(0.05)
    assert refused
    assert ask(crm, "WELCOME-30").ok


def test_one_code_can_have_its_own_answer(crm):
    requests.put(f"{crm}/_control/codes/SLOWPOKE", json={"mode": {"mode": "503"}}, timeout=60)
    requests.put(f"{crm}/_control/codes/NEW-1", json={"percent": 15}, timeout=60)

    assert ask(crm, "SLOWPOKE").status_code == 503
    assert ask(crm, "NEW-1").json()[0]["value"] == 15


def test_calls_are_counted_with_what_was_asked(crm):
    ask(crm, "WELCOME-30")
    ask(crm, "nope", "GOLD-50")

    record = requests.get(f"{crm}/_control/calls", timeout=60).json()

    assert record["count"] == 2
    assert [(call["coupons"], call["status"]) for call in record["calls"]] == [
        (["WELCOME-30"], 200),
        (["nope", "GOLD-50"], 404),
    ]
