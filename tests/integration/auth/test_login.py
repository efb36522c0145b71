"""The password login: its cookie, its limiter in Postgres, and what it lets nobody learn."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from promostack.auth import login, passwords
from tests.integration.auth.calls import OWN_PAGE, Answer, call, event, in_parallel, processes
from tests.integration.auth.conftest import PASSWORD, VARIABLES, forget
from tests.integration.auth.issuer import Issuer

HASH = VARIABLES["ADMIN_PASSWORD_HASH"]

pytestmark = pytest.mark.usefixtures("issuer")


def sign_in(email: str = "ada@example.com", password: str = PASSWORD, **options: str) -> Answer:
    return call("admin/login", "POST", body={"email": email, "password": password}, **{**OWN_PAGE, **options})


def who(cookie: str, **options: str) -> Answer:
    return call("admin/login", "GET", cookie=cookie, **{**OWN_PAGE, **options})


def tries(email: str, ip: str, count: int, password: str = "wrong") -> list[dict]:
    body = {"email": email, "password": password}
    return [event("POST", body=body, ip=ip, **OWN_PAGE)] * count


def test_the_right_password_signs_in_until_signing_out() -> None:
    answer = sign_in(" ADA@example.com")
    assert (answer.status, answer.json) == (200, {"email": "ada@example.com"})
    assert who(answer.cookie).json == {"email": "ada@example.com", "via": "password"}
    assert call("admin/login", "HEAD", cookie=answer.cookie, **OWN_PAGE).status == 200
    out = call("admin/login", "DELETE", cookie=answer.cookie, **OWN_PAGE)
    assert (out.status, out.text) == (204, "")
    assert "Max-Age=0" in out.headers["Set-Cookie"]
    assert who(out.cookie).code == "not_signed_in"


def test_the_browser_is_told_to_keep_the_cookie_to_one_host_and_from_scripts() -> None:
    attributes = {part.strip() for part in sign_in().headers["Set-Cookie"].split(";")[1:]}
    assert attributes == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=43200"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"origin": "https://dash.example.com"}, 403, "host_refused"),
        ({"origin": "https://evil.example.com"}, 403, "host_refused"),
        ({"origin": "null"}, 403, "host_refused"),
        ({"origin": "", "sec-fetch-site": "same-site"}, 403, "not_allowed"),
        ({"sec-fetch-site": "cross-site"}, 403, "not_allowed"),
        ({"sec-fetch-site": "none"}, 403, "not_allowed"),
        ({"sec-fetch-site": ""}, 403, "not_allowed"),
        ({"host": "dash.example.com", "origin": ""}, 403, "host_refused"),
        ({"host": "example.com", "origin": ""}, 403, "host_refused"),
        ({"host": "api.example.com"}, 401, "not_signed_in"),
        ({"host": "admin.example.com.evil.com", "origin": ""}, 403, "host_refused"),
    ],
)
def test_a_stolen_or_forged_use_of_the_cookie_is_refused(changes: dict, status: int, code: str) -> None:
    cookie = sign_in().cookie
    for method, path in (("GET", ""), ("POST", "end-all")):
        answer = call("admin/login", method, path, cookie=cookie, **{**OWN_PAGE, **changes})
        assert (answer.status, answer.code) == (status, code)
    assert who(cookie).status == 200, "nothing was ended"


def test_nobody_elses_page_may_sign_somebody_in(database) -> None:
    assert sign_in(origin="https://dash.example.com").code == "host_refused"
    assert sign_in(**{"sec-fetch-site": "cross-site"}).code == "not_allowed"
    assert database.query("SELECT count(*) FROM login_tries") == [(0,)]


def test_a_bearer_token_counts_before_the_cookie_and_a_bad_one_does_not_fall_back(issuer: Issuer) -> None:
    cookie = sign_in("grace@example.com").cookie
    good = call("admin/login", "GET", cookie=cookie, authorization=f"Bearer {issuer.forger.token()}", **OWN_PAGE)
    assert good.json == {"email": "ada@example.com", "via": "session"}
    bad = call("admin/login", "GET", cookie=cookie, authorization="Bearer x.y.z", **OWN_PAGE)
    assert bad.code == "not_signed_in"


def test_who_is_taken_off_the_list_is_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = sign_in().cookie
    monkeypatch.setenv("ADMIN_EMAILS", "grace@example.com")
    forget()
    assert (who(cookie).status, who(cookie).code) == (403, "not_allowed")


@pytest.mark.parametrize("changed", ["off", HASH.replace("$s1$", "$s2$")])
def test_a_changed_or_switched_off_password_ends_its_sessions(monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    cookie = sign_in().cookie
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", changed)
    forget()
    for function, path in (("admin/login", ""), ("admin/operations", "refusals"), ("admin/tenants", "")):
        answer = call(function, "GET", path, cookie=cookie, **OWN_PAGE)
        assert (answer.status, answer.code) == (401, "not_signed_in")
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", HASH)
    forget()
    assert who(cookie).status == 200


def test_signing_keys_rotate_without_signing_anybody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    old = sign_in().cookie
    first, second = (f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2"))
    monkeypatch.setenv("SESSION_KEYS", f"{second},k1:{base64.b64encode(b'k' * 32).decode()}")
    forget()
    new = sign_in().cookie
    assert (who(old).status, who(new).status) == (200, 200)
    monkeypatch.setenv("SESSION_KEYS", f"{second},{first}")
    forget()
    assert (who(old).status, who(new).status) == (401, 200)


def test_ending_all_sessions_ends_them_in_every_process() -> None:
    cookie = sign_in().cookie
    look = [event("GET", cookie=cookie, **OWN_PAGE)]
    with processes("admin/login", 2) as several:
        assert [answer.status for answer in in_parallel(several, [look] * 2)] == [200, 200]
        ended = call("admin/login", "POST", "end-all", cookie=cookie, **OWN_PAGE)
        assert (ended.status, "Max-Age=0" in ended.headers["Set-Cookie"]) == (204, True)
        assert [answer.status for answer in in_parallel(several, [look] * 2)] == [401, 401]
    assert who(sign_in().cookie).status == 200


def test_the_sixth_try_of_an_account_is_refused_by_every_process() -> None:
    with processes("admin/login", 4) as several:
        own = [tries("ada@example.com", f"198.51.100.{number}", 3) for number in range(4)]
        answers = in_parallel(several, own)
        assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 7
        refused = [answer for answer in answers if answer.status == 429]
        assert {answer.code for answer in refused} == {"too_many_tries"}
        assert all(0 < int(answer.headers["Retry-After"]) <= 900 for answer in refused)
        right = [tries("ada@example.com", f"192.0.2.{number}", 1, PASSWORD) for number in range(4)]
        assert [answer.status for answer in in_parallel(several, right)] == [429] * 4, "the right one comes too late"


def test_the_sixth_try_from_an_address_is_refused_by_every_process(database) -> None:
    with processes("admin/login", 4) as several:
        own = [tries(f"guess-{number}@example.com", "198.51.100.7", 3) for number in range(4)]
        answers = in_parallel(several, own)
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 7
    accounts = database.query("SELECT sum(tries) FROM login_tries WHERE actor LIKE 'account:%%'")
    assert accounts == [(5,)], "an address over its limit counts against no account"
    assert sign_in(ip="198.51.100.8").status == 200


def test_the_limit_ends_with_its_window_and_with_a_right_password() -> None:
    at = datetime.now(UTC)
    facts = {"address": "ip:192.0.2.1", "audience": "admin.example.com"}

    def attempt(password: str, now: datetime) -> str:
        try:
            return login.log_in("ada@example.com", password, now=now, **facts)[:23]
        except (login.TooManyTries, login.NotSignedIn) as error:
            return error.code

    cookie = "__Host-admin_session=ey"
    assert [attempt("x", at) for _ in range(4)] == ["not_signed_in"] * 4
    assert attempt(PASSWORD, at) == cookie
    assert [attempt("x", at) for _ in range(6)] == ["not_signed_in"] * 5 + ["too_many_tries"]
    assert attempt(PASSWORD, at + timedelta(minutes=15, seconds=-1)) == "too_many_tries"
    assert attempt(PASSWORD, at + timedelta(minutes=15)) == cookie


def test_an_unknown_address_is_answered_like_a_known_one_and_costs_as_much(monkeypatch) -> None:
    hashed: list[str] = []
    real = passwords.is_right

    def watched(password: str, stored: str) -> bool:
        hashed.append(password)
        return real(password, stored)

    monkeypatch.setattr(passwords, "is_right", watched)
    known, unknown = sign_in(password="wrong"), sign_in("nobody@example.com")
    assert (known.status, known.code, known.json["error"]["message"]) == (401, "not_signed_in", "Sign in to go on.")
    assert {**known.json["error"], "request_id": ""} == {**unknown.json["error"], "request_id": ""}
    assert hashed == ["wrong", PASSWORD]


NO_LOGINS = [{}, [], "x", None, {"email": "ada@example.com"}, {"email": 7, "password": "x"}]
NO_LOGINS += [{"email": "a@b", "password": password} for password in ("", "x" * 1_001, None)]
NO_LOGINS += [{"email": "a@b", "password": "x", "admin": True}]
NO_LOGINS += [{"email": "\ud800@b", "password": "x"}, {"email": "a@b", "password": "\ud800"}]


@pytest.mark.parametrize("body", NO_LOGINS)
def test_what_is_no_login_is_told_so_and_not_counted(database, body: object) -> None:
    answer = call("admin/login", "POST", body=body, **OWN_PAGE)
    assert answer.status in (400, 422)
    assert database.query("SELECT count(*) FROM login_tries") == [(0,)]


def test_a_password_that_is_switched_off_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", "off")
    forget()
    assert (sign_in().status, sign_in().code) == (403, "password_login_off")


def test_addresses_and_accounts_are_not_kept_in_the_clear(database) -> None:
    sign_in(password="wrong", ip="203.0.113.77")
    kept = str(database.query("SELECT * FROM login_tries"))
    assert "ada" not in kept
    assert "203.0.113" not in kept
