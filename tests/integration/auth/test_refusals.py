"""What support reads of refused calls: why, where, how often; and nothing that could be used."""

from __future__ import annotations

import base64
import json

import pytest

from tests.integration.auth.calls import OWN_PAGE, call
from tests.integration.auth.conftest import PASSWORD
from tests.integration.auth.issuer import Issuer

AT = "2026-03-01T12:00:00+00:00"


def refusals(issuer: Issuer, query: str = ""):
    return call("admin/operations", "GET", f"refusals{query}", authorization=f"Bearer {issuer.forger.token()}")


def attempt(reason: str, issuer: Issuer, **options: str) -> None:
    token = {"expired": issuer.forger.token(exp=1), "wrong_issuer": issuer.forger.token(iss="x")}[reason]
    call("admin/login", "GET", authorization=f"Bearer {token}", **options)


def test_refusals_are_counted_by_reason_and_caller(issuer: Issuer, database) -> None:
    for _ in range(3):
        attempt("expired", issuer)
    attempt("expired", issuer, ip="203.0.113.10")
    attempt("wrong_issuer", issuer)
    # A minute may end between two calls: what counts is the sum.
    times: dict[tuple[str, str], int] = {}
    for item in refusals(issuer).json["items"]:
        assert (item["function"], item["host"]) == ("admin/login", "admin.example.com")
        assert item["request_id"]
        key = item["reason"], item["actor"]
        times[key] = times.get(key, 0) + item["times"]
    assert times == {
        ("expired", "ip:203.0.113.9"): 3,
        ("expired", "ip:203.0.113.10"): 1,
        ("wrong_issuer", "ip:203.0.113.9"): 1,
    }


def test_a_list_is_read_page_by_page_and_by_reason(issuer: Issuer, database) -> None:
    database.query(
        "INSERT INTO auth_failures (minute, reason, function, host, actor, times)"
        " SELECT '2026-03-01T12:00Z'::timestamptz - n / 3 * interval '1 minute', 'reason-' || n %% 2,"
        " 'admin/login', 'admin.example.com', 'ip:' || n, n FROM generate_series(1, 25) AS n"
    )
    seen, cursor = [], ""
    while cursor is not None:
        page = refusals(issuer, f"?limit=7{cursor and '&cursor=' + cursor}").json
        seen += [(item["at"], item["actor"]) for item in page["items"]]
        assert len(page["items"]) <= 7
        cursor = page["next"]
    assert len(set(seen)) == 25
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)
    odd = refusals(issuer, "?reason=reason-1&limit=100").json
    assert (len(odd["items"]), {item["reason"] for item in odd["items"]}) == (13, {"reason-1"})


def test_nobody_was_refused_for_a_reason_that_is_none(issuer: Issuer) -> None:
    for reason in ("no_such_reason", "%00", "%ED%A0%80", "'"):
        assert refusals(issuer, f"?reason={reason}").json == {"items": [], "next": None}


def test_a_made_up_cursor_is_refused(issuer: Issuer) -> None:
    places = [
        [],
        {},
        7,
        ["x", "a", "b", "c", "d"],
        [AT, "a", "b", "c"],
        [AT, "a", "b", "c", 7],
        [AT, "a", "b", "c", "\0"],
    ]
    places += [[AT, "a", "b", "c", "\ud800"], ["2026-03-01T12:00", "a", "b", "c", "d"], "[" * 500]
    places += [["0001-01-01T00:00+23:59", "a", "b", "c", "d"], [AT, "a", "b", "c", ["d"]]]
    made_up = [base64.urlsafe_b64encode(json.dumps(place).encode()).decode() for place in places]
    for cursor in ["x", "%00", "=", *made_up]:
        answer = refusals(issuer, f"?cursor={cursor}")
        assert (answer.status, set(answer.json["error"]["fields"])) == (422, {"cursor"}), cursor


def test_a_place_in_any_zone_is_a_place(issuer: Issuer) -> None:
    place = json.dumps(["2026-03-01T12:00+23:59", "a", "b", "c", "d"])
    assert refusals(issuer, f"?cursor={base64.urlsafe_b64encode(place.encode()).decode()}").json["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "other=1", f"reason={'x' * 61}"])
def test_a_query_that_is_none_is_refused(issuer: Issuer, query: str) -> None:
    assert refusals(issuer, f"?{query}").status == 422


def test_only_the_platforms_people_read_it(issuer: Issuer) -> None:
    assert call("admin/operations", "GET", "refusals").status == 401
    other = issuer.forger_for("mallory@example.com").token()
    assert call("admin/operations", "GET", "refusals", authorization=f"Bearer {other}").status == 403


def test_neither_the_record_nor_the_log_nor_the_answer_holds_a_secret(issuer: Issuer, database, capfd) -> None:
    wrong, token = "hunter2-canary", issuer.forger.token(exp=1)
    cookie = "__Host-admin_session=canary.canary"
    said = [
        call("admin/login", "POST", body={"email": "ada@example.com", "password": wrong}, **OWN_PAGE),
        call("admin/login", "POST", body={"email": "ada@example.com", "password": PASSWORD}, **OWN_PAGE),
        call("admin/login", "GET", authorization=f"Bearer {token}"),
        call("admin/login", "GET", cookie=cookie, **OWN_PAGE),
    ]
    assert [answer.status for answer in said] == [401, 200, 401, 401]
    kept = str(database.query("SELECT * FROM auth_failures")) + str(database.query("SELECT * FROM login_tries"))
    heard = capfd.readouterr()
    told = kept + heard.out + heard.err + "".join(answer.text for answer in said)
    assert "wrong_password" in kept
    for secret in (wrong, PASSWORD, token, token.split(".")[1], "canary.canary", said[1].cookie.split("=", 1)[1]):
        assert secret not in told


def test_a_caller_fills_one_row_a_minute_whatever_hosts_he_makes_up(issuer: Issuer, database) -> None:
    hosts = [
        "x" * 10_000,
        "a\0b",
        "\ud800",
        "ünïcode",
        "'; DROP TABLE users; --",
        *(f"h{n}.example" for n in range(20)),
    ]
    for host in hosts:
        assert call("admin/login", "GET", host=host).code == "host_refused"
    rows = database.query("SELECT minute, host, times FROM auth_failures WHERE reason = 'wrong_host'")
    # A minute may end between two calls.
    assert len(rows) == len({minute for minute, _, _ in rows})
    assert {host for _, host, _ in rows} == {"other"}
    assert sum(times for _, _, times in rows) == len(hosts)


def test_our_own_hosts_are_told_apart(issuer: Issuer, database) -> None:
    for host in ("dash.example.com", "api.example.com", "ADMIN.example.com:443"):
        call("admin/login", "GET", host=host)
    hosts = {host for (host,) in database.query("SELECT host FROM auth_failures")}
    assert hosts == {"dash.example.com", "api.example.com", "admin.example.com"}


def test_a_refusal_stands_when_it_cannot_be_recorded(issuer: Issuer, database) -> None:
    database.query("ALTER TABLE auth_failures RENAME TO elsewhere")
    try:
        answer = call("admin/login", "GET", authorization="Bearer x.y.z")
    finally:
        database.query("ALTER TABLE elsewhere RENAME TO auth_failures")
    assert (answer.status, answer.code) == (401, "not_signed_in")
