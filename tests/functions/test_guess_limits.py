"""Guesses at the running product's front door: the last one of an hour is given once, however many ask at once."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import psycopg2
import requests

from tests.conftest import Stack

MISSES_BEFORE, AT_ONCE, MOST_AN_HOUR = 57, 9, 60
# So slow that all have asked before the first has its answer.
UNKNOWN_AND_SLOW = {"percent": 10, "answer": 404, "mode": {"mode": "slow", "delay_s": 1.0}}
_MISSES = """
INSERT INTO coupon_misses (tenant_id, actor, code, missed_at)
SELECT tenant_id, %(actor)s, 'BEFORE-' || number, now() - interval '10 minutes'
FROM tenants, generate_series(1, %(times)s) AS number
WHERE slug = 'demo'
"""


def test_who_has_three_guesses_left_asks_the_provider_three_times(stack: Stack) -> None:
    facts = json.loads((stack.data_dir / "run.json").read_text())
    crm = f"{facts['funderpro']}/_control"
    address = ".".join(map(str, (10, *uuid4().bytes[:3])))
    codes = [f"{uuid4().hex.upper()}-{number}" for number in range(AT_ONCE)]
    for code in codes:
        requests.put(f"{crm}/codes/{code}", json=UNKNOWN_AND_SLOW, timeout=60).raise_for_status()
    with closing(psycopg2.connect(facts["values"]["DATABASE_URL_DIRECT"])) as connection, connection:
        connection.cursor().execute(_MISSES, {"actor": f"ip:{address}", "times": MISSES_BEFORE})

    def guess(code: str) -> requests.Response:
        url, headers = f"{stack.base}/api/public/validate-coupon", {"X-Forwarded-For": address}
        return requests.post(url, json={"tenant": "demo", "code": code}, headers=headers, timeout=60)

    with ThreadPoolExecutor(AT_ONCE) as callers:
        answers = list(callers.map(guess, codes))
    left = MOST_AN_HOUR - MISSES_BEFORE
    assert Counter(answer.status_code for answer in answers) == {200: left, 429: AT_ONCE - left}
    assert {answer.json()["status"] for answer in answers if answer.ok} == {"invalid"}
    refused = [answer for answer in answers if not answer.ok]
    assert {answer.json()["error"]["code"] for answer in refused} == {"too_many_guesses"}
    assert all(45 * 60 < int(answer.headers["Retry-After"]) <= 50 * 60 for answer in refused)
    asked = [call["coupons"][0] for call in requests.get(f"{crm}/calls", timeout=60).json()["calls"]]
    assert len(set(asked) & set(codes)) == len([code for code in asked if code in codes]) == left
