"""Two months of what people do with the demo bot, and a few codes of the tenant's own: made up, always the same."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from promostack.coupons import local
from promostack.coupons.errors import CodeExists
from promostack.coupons.local import Terms
from promostack.db.uow import unit_of_work

SEED = 20_261
DAYS = 62
VISITS_A_DAY = 9
PEOPLE = 140
FIRST_PERSON = 5_400_000_000
TEMPLATES = ("golden-hour", "aurora", "night-market", "ticket", "citrus")
FORMATS = ("square", "story", "feed")
CODES = ("SUMMER25", "WELCOME10", "GOLD-50", "FTMO20", "NOVA15")
WRONG_CODES = ("SUMER25", "SUMMER2S", "WELCOM10", "FREE100", "GOLD50")
# Visits by hour of the day: quiet nights, a lunch break, busy evenings.
HOURS = (2, 1, 1, 0, 0, 1, 2, 4, 6, 8, 9, 10, 12, 11, 9, 9, 10, 12, 15, 18, 19, 15, 9, 5)
WEEKDAYS = (1.0, 1.05, 1.1, 1.1, 1.25, 0.7, 0.6)

_ANY = "SELECT EXISTS (SELECT FROM usage_events WHERE tenant_id = %(tenant_id)s)"
_BOT = "SELECT id::text FROM bots WHERE tenant_id = %(tenant_id)s ORDER BY created_at, id LIMIT 1"
_INSERT = """
INSERT INTO usage_events (tenant_id, at, kind, bot_id, chat_id, user_id, data)
SELECT %(tenant_id)s, (e ->> 'at')::timestamptz, e ->> 'kind', %(bot_id)s, (e ->> 'user')::bigint,
    (e ->> 'user')::bigint, e -> 'data'
FROM jsonb_array_elements(%(events)s::jsonb) AS e
"""
_Event = dict[str, Any]


def seed_usage(tenant_id: str, *, now: datetime) -> int:
    """Writes the events of the weeks before `now`, unless the tenant has any; returns how many."""
    with unit_of_work(tenant_id) as tx:
        bot_id = tx.value(_BOT, tenant_id=tenant_id)
        if bot_id is None or tx.value(_ANY, tenant_id=tenant_id):
            return 0
        events = made_up(now)
        tx.run(_INSERT, tenant_id=tenant_id, bot_id=bot_id, events=json.dumps(events))
    return len(events)


def seed_codes(tenant_id: str, *, now: datetime) -> None:
    """Three codes in different states, those that are not there yet."""
    for code, terms in {
        "TEAM-50": Terms(note="Traders of our own", most_total=50, most_per_customer=1),
        "LAUNCH": Terms(note="Opening week", ends_at=now + timedelta(days=14), budget_minor=150_000, currency="EUR"),
        "PARTNER-A": Terms(note="Agreed with the agency, not public yet", is_active=False),
    }.items():
        try:
            local.add(tenant_id, code, terms)
        except CodeExists:
            continue


def made_up(now: datetime) -> list[_Event]:
    """The events of `DAYS` days up to `now`, oldest first; use grows a little from week to week."""
    chance = random.Random(SEED)
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    events: list[_Event] = []
    for ago in range(DAYS, -1, -1):
        day = midnight - timedelta(days=ago)
        visits = VISITS_A_DAY * WEEKDAYS[day.weekday()] * (1.6 - ago / DAYS)
        for _ in range(round(visits * chance.uniform(0.8, 1.2))):
            at = day + timedelta(hours=chance.choices(range(24), HOURS)[0], seconds=chance.randrange(3_000))
            events += _visit(chance, at)
    return sorted((each for each in events if each["at"] < now.isoformat()), key=lambda each: each["at"])


def _visit(chance: random.Random, at: datetime) -> list[_Event]:
    """One person's minutes with the bot: perhaps a slip, a code, pictures."""
    user = FIRST_PERSON + int(PEOPLE * chance.random() ** 2.5) * 7_919  # a few keen ones, many who come once
    steps: list[tuple[str, dict[str, Any]]] = []
    if chance.random() < 0.2:
        steps.append(("started", {}))
    if chance.random() < 0.16:
        steps.append(("code_invalid", {"code": chance.choice(WRONG_CODES)}))
    code = chance.choices(CODES, (9, 5, 4, 2, 1))[0]
    if chance.random() < 0.03:
        steps.append(("code_unknown", {"code": code}))
        return _timed(chance, at, user, steps)
    steps.append(("code_valid", {"code": code}))
    for _ in range(chance.choices((0, 1, 2, 3), (2, 9, 4, 1))[0]):
        picture = {
            "code": code,
            "template": chance.choices(TEMPLATES, (8, 6, 4, 3, 2))[0],
            "format": chance.choices(FORMATS, (6, 5, 2))[0],
        }
        if chance.random() < 0.03:
            steps.append(("render_failed", {**picture, "error": chance.choice(("coupon_unknown", "template_gone"))}))
            continue
        steps.append(("rendered", picture))
        if chance.random() < 0.25:
            steps.append(("file_sent", picture))
        if chance.random() < 0.1:
            steps.append(("qr_sent", {}))
        if chance.random() < 0.15:
            steps.append(("posted", {"code": code}))
    return _timed(chance, at, user, steps)


def _timed(chance: random.Random, at: datetime, user: int, steps: list[tuple[str, dict[str, Any]]]) -> list[_Event]:
    """The steps one after another, half a minute apart or so."""
    events = []
    for kind, data in steps:
        ms = round(chance.lognormvariate(5.2, 0.5))
        events.append({"at": at.isoformat(), "kind": kind, "user": user, "data": {**data, "ms": ms}})
        at += timedelta(seconds=chance.randrange(4, 50))
    return events
