"""client/analytics: every figure of the answer and of the files equals a count over the raw events, made here."""

import csv
import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import ANY
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from promostack.analytics.report import MOST_LINES, TABLES
from promostack.core.csv_text import csv_bytes
from tests.integration.people import Person, build_house, join

SEED = 20261123
ZONE = ZoneInfo("Europe/Berlin")
ROUTE = "client/analytics"
# The clocks change on 29 March 2026.
FIRST, LAST = date(2026, 3, 23), date(2026, 4, 5)
DAYS = f"since={FIRST}&until={LAST}"
KINDS = {"rendered": 6, "render_failed": 1, "code_valid": 5, "code_invalid": 2, "code_unknown": 1, "file_sent": 1}

Event = dict[str, Any]


@pytest.fixture(scope="module")
def log(database) -> tuple[str, list[str], list[Event]]:
    """(a tenant in Berlin, its two bots, its events over two months); another tenant has events at the same times."""
    tenant_id, other = database.add_tenant(settings=json.dumps({"zone": ZONE.key})), database.add_tenant()
    chance = random.Random(SEED)
    bots = [add_bot(database, tenant_id, name) for name in ("gold_bot", "silver_bot")]
    events = [random_event(chance, bots) for _ in range(2_000)]
    insert(database, tenant_id, events)
    insert(database, other, [random_event(chance, bots) for _ in range(50)])
    return tenant_id, bots, events


@dataclass(frozen=True)
class Staff:
    """Who works at the tenant."""

    admin: Person
    member: Person


@pytest.fixture
def world(log, issuer) -> tuple[Staff, list[str], list[Event]]:
    """(the tenant's people, its bots, its events)."""
    tenant_id, bots, events = log
    return Staff(join(issuer, tenant_id, "admin"), join(issuer, tenant_id, "member")), bots, events


@pytest.fixture(params=["all bots", "one bot"])
def chosen(request, world) -> tuple[Staff, str, list[Event], list[Event]]:
    """(tenant, what to ask, all events of the bots asked for, those within the days)."""
    house, bots, events = world
    bot = bots[0] if request.param == "one bot" else None
    mine = [each for each in events if bot in (None, each["bot"])]
    inside = [each for each in mine if FIRST <= local_day(each) <= LAST]
    return house, DAYS + (f"&bot={bot}" if bot else ""), mine, inside


def add_bot(database, tenant_id: str, name: str) -> str:
    bot_id = str(uuid4())
    database.query(
        "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        tenant_id,
        bot_id,
        bot_id,
        random.SystemRandom().randrange(10**9, 10**15),
        name,
        bot_id,
    )
    return bot_id


def random_event(chance: random.Random, bots: list[str]) -> Event:
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    data: dict[str, Any] = {"code": chance.choice(["GOLD", "SILVER", "A", "B", "=1+1"]), "ms": chance.randrange(900)}
    if kind.startswith("render"):
        data |= {"template": chance.choice(["aurora", "gold"]), "format": chance.choice(["square", "story"])}
    if kind == "render_failed":
        data["error"] = chance.choice(["template_gone", "store_unavailable"])
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=60) * chance.random()
    user = 7_000_000_000 + int(chance.paretovariate(0.7)) % 10**6
    return {"at": at, "kind": kind, "bot": chance.choice(bots), "user": user, "data": data}


def insert(database, tenant_id: str, events: list[Event]) -> None:
    rows = [{**event, "at": event["at"].isoformat()} for event in events]
    database.query(
        """
        INSERT INTO usage_events (tenant_id, at, kind, bot_id, chat_id, user_id, data)
        SELECT %s, (e ->> 'at')::timestamptz, e ->> 'kind', (e ->> 'bot')::uuid, (e ->> 'user')::bigint,
            (e ->> 'user')::bigint, e -> 'data'
        FROM jsonb_array_elements(%s::jsonb) AS e
        """,
        tenant_id,
        json.dumps(rows),
    )


def local_day(event: Event) -> date:
    return event["at"].astimezone(ZONE).date()


def of(events: list[Event], *kinds: str) -> list[Event]:
    return [each for each in events if each["kind"] in kinds]


def people(events: list[Event]) -> int:
    return len({each["user"] for each in events})


def totals(events: list[Event]) -> dict[str, Any]:
    kinds = Counter(each["kind"] for each in events)
    made, failed = kinds["rendered"], kinds["render_failed"]
    return {
        "generations": made, "users": people(events), "failed": failed, "valid": kinds["code_valid"],
        "invalid": kinds["code_invalid"], "unknown": kinds["code_unknown"], "files": kinds["file_sent"],
        "success_rate": made / (made + failed),
    }  # fmt: skip


def shares(events: list[Event], dimension: str) -> list[dict[str, Any]]:
    users = defaultdict(list)
    for event in of(events, "rendered"):
        users[event["data"][dimension]].append(event["user"])
    found = [{"name": name, "generations": len(each), "users": len(set(each))} for name, each in users.items()]
    return sorted(found, key=lambda each: (-each["generations"], each["name"]))


def keenest(events: list[Event]) -> list[dict[str, Any]]:
    mine = defaultdict(list)
    for event in events:
        mine[event["user"]].append(event)
    found = [
        {"user_id": user, "generations": len(of(each, "rendered")), "steps": len(each),
         "last_at": max(event["at"] for event in each)}
        for user, each in mine.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each["generations"], -each["steps"], each["user_id"]))


def calendar() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


def test_totals_series_and_the_days_before(chosen) -> None:
    house, query, mine, inside = chosen
    answer = house.member.caller.get(ROUTE, query=f"{query}&compare=previous").json
    assert answer["summary"] == totals(inside)
    assert (answer["since"], answer["until"], answer["zone"]) == (str(FIRST), str(LAST), ZONE.key)
    assert [point["generations"] for point in answer["series"]] == [
        len(of([each for each in inside if local_day(each) == day], "rendered")) for day in calendar()
    ]
    before = [each for each in mine if date(2026, 3, 9) <= local_day(each) <= date(2026, 3, 22)]
    assert (answer["previous"]["since"], answer["previous"]["until"]) == ("2026-03-09", "2026-03-22")
    assert answer["previous"]["summary"] == totals(before)
    assert sum(point["generations"] for point in answer["previous"]["series"]) == len(of(before, "rendered"))
    assert len(answer["previous"]["series"]) == len(answer["series"]) == 14


def test_lists_heat_map_and_retention(chosen) -> None:
    house, query, mine, inside = chosen
    answer = house.member.caller.get(ROUTE, query=query).json
    for name, dimension in (("templates", "template"), ("formats", "format"), ("codes", "code")):
        assert answer[name] == shares(inside, dimension)[:10]
    failures = Counter(each["data"]["error"] for each in of(inside, "render_failed"))
    assert {each["error"]: each["times"] for each in answer["failures"]} == failures
    bad = Counter((each["data"]["code"], each["kind"][5:]) for each in of(inside, "code_invalid", "code_unknown"))
    assert {(each["code"], each["outcome"]): each["times"] for each in answer["bad_codes"]} == dict(bad.most_common(10))
    grid = [[0] * 24 for _ in range(7)]
    for event in of(inside, "rendered"):
        at = event["at"].astimezone(ZONE)
        grid[at.weekday()][at.hour] += 1
    assert answer["heat_map"] == grid
    first: dict[int, date] = {}
    for event in mine:
        first[event["user"]] = min(first.get(event["user"], LAST + timedelta(days=99)), local_day(event))
    new = {user: day for user, day in first.items() if FIRST <= day <= LAST}
    seen = {(each["user"], local_day(each)) for each in mine}
    assert answer["retention"] == [
        {"day": after, "people": len(new),
         "returned": len([user for user, day in new.items() if (user, day + timedelta(days=after)) in seen])}
        for after in (1, 7, 30)
    ]  # fmt: skip
    told = [{**each, "last_at": datetime.fromisoformat(each["last_at"])} for each in answer["people"]]
    assert told == keenest(inside)[:10]
    assert [each["username"] for each in answer["bots"]] == ["gold_bot", "silver_bot"]
    assert answer["previous"] is None


def test_hours_are_those_of_the_tenants_zone(world) -> None:
    house, _, events = world
    answer = house.member.caller.get(ROUTE, query="since=2026-03-29&until=2026-03-29&unit=hour").json
    assert len(answer["series"]) == 23
    assert answer["series"][0]["at"] == "2026-03-28T23:00:00Z"
    expected = len(of([each for each in events if local_day(each) == date(2026, 3, 29)], "rendered"))
    assert sum(point["generations"] for point in answer["series"]) == expected


def test_without_days_it_is_those_up_to_today(world) -> None:
    house, _, _ = world
    today = datetime.now(ZONE).date()
    answer = house.member.caller.get(ROUTE, query="days=7").json
    # Midnight may pass between the two clocks.
    assert date.fromisoformat(answer["until"]) - today in (timedelta(0), timedelta(days=1))
    assert len(answer["series"]) == 7
    assert len(house.member.caller.get(ROUTE).json["series"]) == 30


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("since=2026-03-01", "until", "give both days"),
        ("until=2026-03-01", "since", "give both days"),
        ("since=2026-03-02&until=2026-03-01", "until", "before the first"),
        ("since=2026-01-01&until=2027-01-02", "until", "at most 366 days"),
        ("since=2026-01-01&until=2026-02-01&unit=hour", "unit", "at most 31 days"),
        ("since=0001-01-01&until=0001-01-02", "since", "use days from"),
        ("since=9999-12-30&until=9999-12-31", "since", "use days from"),
        ("days=0", "days", "greater than"),
        ("days=367", "days", "less than"),
        ("unit=week", "unit", "'hour' or 'day'"),
        ("bot=x", "bot", "valid UUID"),
        ("compare=next", "compare", "'previous'"),
        ("since=2026-02-30&until=2026-03-01", "since", "day value"),
        ("month=1", "month", "not permitted"),
    ],
)
def test_days_that_cannot_be_counted_are_refused_in_words(world, query: str, field: str, words: str) -> None:
    house, _, _ = world
    answer = house.member.caller.get(ROUTE, query=query)
    assert answer.status == 422
    assert words in answer.json["error"]["fields"][field]


def test_a_whole_leap_year_and_a_month_of_hours_are_counted(world) -> None:
    house, _, _ = world
    year = house.member.caller.get(ROUTE, query="since=2028-01-01&until=2028-12-31").json
    month = house.member.caller.get(ROUTE, query="since=2026-03-01&until=2026-03-31&unit=hour").json
    assert (len(year["series"]), len(month["series"])) == (366, 31 * 24 - 1)


def test_every_table_reads_back_as_what_was_counted(chosen) -> None:
    house, query, _, inside = chosen
    shown = house.admin.caller.get(ROUTE, query=query).json
    files = {table: taken(house, table, query) for table in TABLES}
    assert {row["figure"]: float(row["value"]) for row in files["summary"]} == totals(inside)
    assert [int(row["generations"]) for row in files["series"]] == [each["generations"] for each in shown["series"]]
    assert files["series"][0]["day"] == "2026-03-23T00:00:00+01:00"
    assert files["series"][-1]["day"] == "2026-04-05T00:00:00+02:00"
    assert [int(row["generations"]) for row in files["heat-map"]] == [n for row in shown["heat_map"] for n in row]
    for table, column in (("templates", "template"), ("formats", "format"), ("codes", "code")):
        assert [(row[column].removeprefix("'"), int(row["generations"])) for row in files[table]] == [
            (each["name"], each["generations"]) for each in shares(inside, column)
        ]
    assert {row["error"]: int(row["times"]) for row in files["failures"]} == {
        each["error"]: each["times"] for each in shown["failures"]
    }
    assert sum(int(row["times"]) for row in files["bad-codes"]) == len(of(inside, "code_invalid", "code_unknown"))
    assert [int(row["returned"]) for row in files["retention"]] == [each["returned"] for each in shown["retention"]]
    assert [(row["step"], int(row["people"])) for row in files["funnel"]] == [
        (each["step"], each["people"]) for each in shown["funnel"]
    ]
    assert [(int(row["user_id"]), int(row["steps"])) for row in files["people"]] == [
        (each["user_id"], each["steps"]) for each in keenest(inside)
    ]


def taken(house: Staff, table: str, query: str) -> list[dict[str, str]]:
    """The rows of a file, read by another implementation of RFC 4180."""
    answer = house.admin.caller.get(f"{ROUTE}/export/{table}", query=query)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="bot-{table}-{FIRST}-{LAST}.csv"'
    return list(csv.DictReader(io.StringIO(answer.body.decode(), newline=""), strict=True))


def test_files_are_for_leaders_and_of_tables_that_there_are(world) -> None:
    house, _, _ = world
    refused = house.member.caller.get(f"{ROUTE}/export/summary")
    assert (refused.status, refused.error) == (403, "not_allowed")
    missing = house.admin.caller.get(f"{ROUTE}/export/secrets")
    assert (missing.status, missing.error) == (404, "table_not_found")


def test_a_full_table_fits_into_an_answer_of_the_platform(database, issuer) -> None:
    house = build_house(database, issuer)
    database.query(
        "INSERT INTO usage_events (tenant_id, kind, user_id, data) SELECT %s, 'code_invalid', n,"
        " jsonb_build_object('code', lpad(n::text, 64, 'X')) FROM generate_series(1, %s) AS n",
        house.tenant_id,
        MOST_LINES + 1,
    )
    answer = house.owner.caller.get(f"{ROUTE}/export/bad-codes", query="days=2")
    assert answer.body.count(b"\r\n") == MOST_LINES + 1
    assert len(answer.body) < 1_000_000


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", '=HYPERLINK("http://x","y")'],
)
def test_no_cell_starts_a_formula(text: str) -> None:
    [[cell]] = csv.reader(io.StringIO(csv_bytes([text], []).decode(), newline=""), strict=True)
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["a,b", 'say "hi"', "two\r\nlines", "ünï \U0001f389 ✓", "", " 5 ", "A-1"])
def test_cells_read_back_as_they_were(text: str) -> None:
    [row] = csv.reader(io.StringIO(csv_bytes([text, "x"], []).decode(), newline=""), strict=True)
    assert row == [text, "x"]


def test_numbers_and_moments_stay_what_they_are() -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert csv_bytes(["n"], [[-5], [0.25], [None], [moment]]) == b"n\r\n-5\r\n0.25\r\n\r\n2026-03-01T12:00:00+00:00\r\n"


def test_one_persons_steps_page_by_page(world) -> None:
    house, _, events = world
    user, times = Counter(each["user"] for each in events).most_common(1)[0]
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"limit=200&cursor={cursor}" if cursor else "limit=200"
        page = house.member.caller.get(f"{ROUTE}/people/{user}", query=query).json
        found, cursor = found + page["items"], page["next"]
    assert len(found) == times > 200
    assert [each["id"] for each in found] == sorted((each["id"] for each in found), reverse=True)
    mine = [each for each in reversed(events) if each["user"] == user]
    assert [(datetime.fromisoformat(each.pop("at")), each.pop("kind"), each) for each in found] == [
        (each["at"], each["kind"], {"id": ANY, "template": None, "format": None, "error": None, **each["data"]})
        for each in mine
    ]


@pytest.mark.parametrize("user", ["1", "9999999999999999", "99999999999999999", "-1", "x", "７", "%00"])
def test_a_person_whom_nobody_met_is_not_found(world, user: str) -> None:
    house, _, _ = world
    answer = house.admin.caller.get(f"{ROUTE}/people/{user}")
    assert (answer.status, answer.error) == (404, "person_not_found")


def test_another_tenants_bot_and_people_are_not_ours(world, database, issuer) -> None:
    _, bots, _ = world
    other = build_house(database, issuer)
    for route in (ROUTE, f"{ROUTE}/export/series"):
        answer = other.owner.caller.get(route, query=f"bot={bots[0]}")
        assert (answer.status, answer.error) == (404, "bot_not_found")
    empty = other.owner.caller.get(ROUTE, query=DAYS).json
    assert (empty["summary"]["generations"], empty["summary"]["success_rate"], empty["bots"]) == (0, None, [])
