"""Every figure equals a count over the raw events, made here in plain Python and without the library's SQL."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from promostack.analytics import figures
from promostack.analytics.models import DIMENSIONS, RETENTION_DAYS, Days, Period
from promostack.db.uow import unit_of_work

SEED = 20261122
EVENTS = 3_000
# The clocks of Berlin and Chatham (off by 45 minutes) change within these weeks.
FIRST, LAST = datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
KINDS = {"rendered": 6, "render_failed": 1, "code_valid": 5, "code_invalid": 2, "code_unknown": 1, "file_sent": 1}
# Somebody who leaves has not used the bot, nor has somebody whose channel a member posts in.
KINDS |= {"blocked": 2, "unblocked": 1, "channel_lost": 1}
LEAVING = ("blocked", "unblocked", "channel_lost")
ZONES = ["Europe/Berlin", "Pacific/Chatham", "UTC", "America/New_York"]
PERIODS = [
    (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)),
    (datetime(2026, 3, 27, 22, 17, 3, tzinfo=UTC), datetime(2026, 4, 6, 3, 59, tzinfo=UTC)),
    (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC)),
]


@pytest.fixture(scope="module")
def log(database) -> tuple[str, list[str], list[dict[str, Any]]]:
    """(tenant, its bots, its events); another tenant has events at the same times."""
    chance = random.Random(SEED)
    tenant, other = database.add_tenant(), database.add_tenant()
    bots = [str(uuid4()), str(uuid4())]
    events = [_event(chance, bots) for _ in range(EVENTS)]
    _insert(database, tenant, events)
    _insert(database, other, [_event(chance, bots) for _ in range(200)])
    return tenant, bots, events


def _event(chance: random.Random, bots: list[str]) -> dict[str, Any]:
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    data: dict[str, Any] = {"code": chance.choice(["GOLD", "SILVER", "A", "B", "C"])}
    if kind.startswith("render"):
        data |= {"template": chance.choice(["aurora", "gold", "snow"]), "format": chance.choice(["square", "story"])}
    if kind == "render_failed" and chance.random() < 0.8:
        data["error"] = chance.choice(["template_gone", "store_unavailable"])
    at = FIRST + (LAST - FIRST) * chance.random()
    return {"at": at, "kind": kind, "bot": chance.choice(bots), "user": int(chance.paretovariate(0.7)), "data": data}


def _insert(database, tenant: str, events: list[dict[str, Any]]) -> None:
    rows = [{**event, "at": event["at"].isoformat()} for event in events]
    database.query(
        """
        INSERT INTO usage_events (tenant_id, at, kind, bot_id, chat_id, user_id, data)
        SELECT %s, (e ->> 'at')::timestamptz, e ->> 'kind', (e ->> 'bot')::uuid, (e ->> 'user')::bigint,
            (e ->> 'user')::bigint, e -> 'data'
        FROM jsonb_array_elements(%s::jsonb) AS e
        """,
        tenant,
        json.dumps(rows),
    )


@pytest.fixture(
    params=[(zone, *period) for zone in ZONES for period in PERIODS], ids=lambda case: f"{case[0]}-{case[1]:%m%d}"
)
def case(request, log):
    """(period, its events picked by hand, a way to ask a figure)."""
    tenant, bots, events = log
    zone, since, until = request.param
    bot = bots[0] if zone != "UTC" else None
    period = Period(since, until, ZoneInfo(zone), bot)
    chosen = [each for each in events if since <= each["at"] < until and bot in (None, each["bot"])]

    def ask(figure: Callable, *args: object, **options: object) -> Any:
        with unit_of_work(tenant) as tx:
            return figure(tx, tenant, period, *args, **options)

    return period, chosen, ask


def of(events: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [each for each in events if each["kind"] in kinds]


def people(events: list[dict[str, Any]]) -> int:
    return len({each["user"] for each in events if each["kind"] not in LEAVING})


def test_totals(case) -> None:
    _, events, ask = case
    found = ask(figures.summarise)
    kinds = Counter(each["kind"] for each in events)
    assert (found.generations, found.failed, found.files) == (
        kinds["rendered"], kinds["render_failed"], kinds["file_sent"],
    )  # fmt: skip
    assert (found.valid, found.invalid, found.unknown) == tuple(
        kinds[f"code_{outcome}"] for outcome in ("valid", "invalid", "unknown")
    )
    assert found.users == people(events)
    asked = kinds["rendered"] + kinds["render_failed"]
    assert found.success_rate == (kinds["rendered"] / asked if asked else None)


@pytest.mark.parametrize("unit", ["hour", "day"])
def test_series_without_holes(case, unit: str) -> None:
    period, events, ask = case
    expected = defaultdict(list)
    moment = period.since
    while moment < period.until:  # by quarters of an hour: every bucket of every zone is touched
        expected[_bucket(moment, period.zone, unit)] = []
        moment += timedelta(minutes=15)
    expected[_bucket(period.until - timedelta(seconds=1), period.zone, unit)] = []
    for event in events:
        expected[_bucket(event["at"], period.zone, unit)].append(event)
    found = {point.at: (point.generations, point.users, point.failed) for point in ask(figures.series, unit)}
    assert found == {
        at: (len(of(inside, "rendered")), people(inside), len(of(inside, "render_failed")))
        for at, inside in expected.items()
    }
    assert list(found) == sorted(found)


def _bucket(moment: datetime, zone: ZoneInfo, unit: str) -> datetime:
    local = moment.astimezone(zone)
    if unit == "day":
        return datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC)
    return (moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(
        UTC
    )


def test_heat_map(case) -> None:
    period, events, ask = case
    grid = [[0] * 24 for _ in range(7)]
    for event in of(events, "rendered"):
        local = event["at"].astimezone(period.zone)
        grid[local.weekday()][local.hour] += 1
    assert ask(figures.heat_map) == grid


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_most_used(case, dimension: str) -> None:
    _, events, ask = case
    users = defaultdict(list)
    for event in of(events, "rendered"):
        users[event["data"][dimension]].append(event["user"])
    expected = sorted(((-len(each), name, len(set(each))) for name, each in users.items()))[:2]
    assert [(-s.generations, s.name, s.users) for s in ask(figures.top, dimension, most=2)] == expected


def test_failures_and_bad_codes(case) -> None:
    _, events, ask = case
    reasons = Counter(each["data"].get("error", "other") for each in of(events, "render_failed"))
    assert {each.error: each.times for each in ask(figures.failures)} == reasons
    codes = defaultdict(list)
    for event in of(events, "code_invalid", "code_unknown"):
        codes[event["data"]["code"], event["kind"].removeprefix("code_")].append(event)
    assert {
        (each.code, each.outcome): (each.times, each.users, each.last_at) for each in ask(figures.bad_codes, most=99)
    } == {key: (len(each), people(each), max(event["at"] for event in each)) for key, each in codes.items()}


@pytest.mark.parametrize("now", [LAST, datetime(2026, 3, 9, 12, tzinfo=UTC)])
def test_who_came_back(case, log, now: datetime) -> None:
    period, _, ask = case
    seen: dict[int, list[date]] = defaultdict(list)
    first: dict[int, datetime] = {}
    for event in sorted(log[2], key=lambda each: each["at"]):
        if period.bot_id in (None, event["bot"]) and event["kind"] not in LEAVING:
            first.setdefault(event["user"], event["at"])
            seen[event["user"]].append(event["at"].astimezone(period.zone).date())
    new = [user for user, at in first.items() if period.since <= at < period.until]
    expected = []
    for day in RETENTION_DAYS:
        wanted = {user: first[user].astimezone(period.zone).date() + timedelta(days=day) for user in new}
        over = [user for user in new if _ends(wanted[user], period.zone) <= now]
        expected.append((day, len(over), len([user for user in over if wanted[user] in seen[user]])))
    assert [(each.day, each.people, each.returned) for each in ask(figures.retention, now=now)] == expected


def test_leaving_is_no_coming_back_and_who_is_new_is_known_without_the_history(database) -> None:
    tenant, bot = database.add_tenant(), str(uuid4())
    on = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)]
    step = {"bot": bot, "data": {}}
    _insert(
        database,
        tenant,
        [
            {**step, "at": on[1], "kind": "code_valid", "user": 1},
            {**step, "at": on[2], "kind": "blocked", "user": 1},
            {**step, "at": on[0], "kind": "blocked", "user": 2},
            {**step, "at": on[1], "kind": "rendered", "user": 2},
            {**step, "at": on[2], "kind": "file_sent", "user": 2},
        ],
    )
    period = Period(on[0] - timedelta(hours=12), on[3], ZoneInfo("UTC"))
    with unit_of_work(tenant) as tx:
        (first, *_) = figures.retention(tx, tenant, period, now=on[3])
        assert (first.people, first.returned) == (2, 1)
        assert figures.summarise(tx, tenant, period).users == 2
        assert [each.user_id for each in figures.people(tx, tenant, period, most=9)] == [2, 1]
    seen = database.query("SELECT user_id, first_seen_at FROM people_seen WHERE tenant_id = %s ORDER BY 1", tenant)
    assert seen == [(1, on[1]), (2, on[1])]


def _ends(day: date, zone: ZoneInfo) -> datetime:
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone)


def test_one_persons_steps_page_by_page(log) -> None:
    tenant, _, events = log
    user = Counter(each["user"] for each in events).most_common(1)[0][0]
    found, before = [], None
    with unit_of_work(tenant) as tx:
        while page := figures.steps(tx, tenant, user_id=user, before=before, most=100):
            found += page
            before = page[-1].id
    assert len(found) > 100
    assert sorted((each.at, each.kind, each.code) for each in found) == sorted(
        (each["at"], each["kind"], each["data"]["code"]) for each in events if each["user"] == user
    )
    assert [each.id for each in found] == sorted((each.id for each in found), reverse=True)


def test_the_days_before_end_where_these_begin() -> None:
    # The clocks of Berlin go forward on 29 March 2026: these days have 167 hours, those before 168.
    days = Days(date(2026, 3, 25), date(2026, 3, 31))
    zone = ZoneInfo("Europe/Berlin")
    period, before = days.period(zone), days.before().period(zone)
    assert before.until == period.since
    assert (period.until - period.since, before.until - before.since) == (timedelta(hours=167), timedelta(hours=168))
    assert days.before().count == days.count == 7
