import json

import pytest

from promostack.core import log

SECRETS = [
    "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw9",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "whsec_abcdefghijk12345",
    "eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl",
    "eyJraWQiOiJrMSJ9==.Wa6MXw35InkesUrZ1OGGw2N-ZXpt20dO=",
    "$argon2id$v=19$m=19456,t=2,p=1$uy0/Qpl4WDWu$4yH3QEAyfsfZ1RqO6W/0Os1S",
    "pbkdf2_sha256$100000$s1$3c07a66841817c5810cea198cd44a3a0",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_a_text_is_not_written(secret: str, capsys: pytest.CaptureFixture) -> None:
    log.get("test").info("called", url=f"https://vendor/bot{secret}/send", nested={"list": [secret]})
    assert secret not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["bot_token", "Authorization", "password", "api_key", "set_cookie", "DSN"])
def test_a_value_under_a_secret_name_is_not_written(name: str, capsys: pytest.CaptureFixture) -> None:
    log.get("test").info("called", **{name: "plain"})
    assert json.loads(capsys.readouterr().out)[name] == log.REDACTED


def test_a_line_is_json_with_the_request_id(capsys: pytest.CaptureFixture) -> None:
    token = log.request_id.set("abc")
    log.get("part").warning("odd", count=3)
    log.request_id.reset(token)
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["source"], line["event"], line["count"], line["request_id"]) == (
        "warning",
        "part",
        "odd",
        3,
        "abc",
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_a_traceback_that_is_cut_within_a_secret_holds_no_half_of_it(secret: str) -> None:
    for length in range(1_880, 2_000):
        kept = str(log.redact("detail", log.trace(RuntimeError(f"https://vendor/bot{secret}/x {'z' * length}"))))
        assert secret[-20:] not in kept
        assert kept.endswith("z\n")
