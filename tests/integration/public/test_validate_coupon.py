"""public/validate-coupon as a client sees it."""

import pytest

from promostack.core.text import MAX_CODE_LENGTH


@pytest.mark.parametrize(
    ("code", "status"), [(" summer25 ", "valid"), ("NO-SUCH-CODE", "invalid"), ("EXPIRED-2024", "invalid")]
)
def test_a_code_is_told_valid_or_invalid(functions, demo, code: str, status: str) -> None:
    answer = functions.post("validate-coupon", {"tenant": demo, "code": code})
    assert answer.status == 200
    assert answer.json["status"] == status
    assert answer.json["code"] == code.strip().upper()
    assert set(answer.json) == {"status", "code", "reason", "message", "valid_until"}


def test_a_provider_that_is_down_gives_unknown(functions, demo, crm) -> None:
    crm.answer("down")
    answer = functions.post("validate-coupon", {"tenant": demo, "code": "SUMMER25"})
    assert (answer.status, answer.json["status"]) == (200, "unknown")


def test_an_unknown_tenant_is_not_found(functions, demo) -> None:
    answer = functions.post("validate-coupon", {"tenant": "nobody", "code": "SUMMER25"})
    assert (answer.status, answer.error) == (404, "tenant_not_found")


@pytest.mark.parametrize("code", ["", "  ", "💥", "a\u202eb", "a\x07b", "x" * (MAX_CODE_LENGTH + 1), "\ud800"])
def test_what_cannot_be_a_code_is_refused_with_the_field(functions, demo, code: str) -> None:
    answer = functions.post("validate-coupon", {"tenant": demo, "code": code})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["code"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"tenant", "code"}),
        ({"tenant": "demo", "code": 5}, {"code"}),
        ({"tenant": None, "code": "A"}, {"tenant"}),
        ({"tenant": "demo", "code": "A", "admin": True}, {"admin"}),
        ([], {"body"}),
        ({"tenant": "demo", "code": "A" * 2000}, {"code"}),
    ],
)
def test_wrong_types_are_refused_with_their_names(functions, demo, body, fields: set[str]) -> None:
    answer = functions.post("validate-coupon", body)
    assert (answer.status, set(answer.json["error"]["fields"])) == (422, fields)


@pytest.mark.parametrize("body", [b"", b"{", b'{"tenant": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_broken_json_is_a_bad_request(functions, demo, body: bytes) -> None:
    assert functions.post("validate-coupon", body).status == 400


def test_names_that_no_text_can_hold_are_answered_too(functions, demo) -> None:
    answer = functions.post("validate-coupon", rb'{"tenant": "demo", "code": "A", "\ud800": 1}')
    assert answer.status in (400, 422)


def test_a_body_over_one_megabyte_is_refused(functions, demo) -> None:
    assert functions.post("validate-coupon", b" " * 1_000_001).status == 413


def test_the_eleventh_check_in_a_minute_is_told_when_to_come_back(functions, demo) -> None:
    def check(number: int):
        return functions.post("validate-coupon", {"tenant": demo, "code": f"WRONG-{number}"}, ip="203.0.113.9")

    assert {check(number).status for number in range(10)} == {200}
    answer = check(10)
    assert answer.status == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("203.0.113.9", "203.0.113.8", False),
    ],
)
def test_a_network_of_one_caller_is_one_actor(functions, demo, first: str, second: str, is_same: bool) -> None:
    for number in range(10):
        functions.post("validate-coupon", {"tenant": demo, "code": f"WRONG-{number}"}, ip=first)
    answer = functions.post("validate-coupon", {"tenant": demo, "code": "WRONG"}, ip=second)
    assert answer.status == (429 if is_same else 200)
