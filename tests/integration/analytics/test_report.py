"""What client/analytics answers, whole, against a recount of the usage log's rows by an oracle that shares no code."""

import ast
import contextlib
import csv
import io
import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from promostack.analytics.report import TABLES
from tests.integration.analytics import oracle
from tests.integration.analytics.oracle import Asked, Event
from tests.integration.client.test_analytics import add_bot, insert
from tests.integration.people import join

SEED = 20261124
EVENTS = 1_200
ROUTE = "client/analytics"
# The clocks of Berlin change on 30 March 2025, those of Chatham, off by 45 minutes, on 6 April.
ZONES = ("Europe/Berlin", "Pacific/Chatham")
FIRST = datetime(2025, 3, 1, tzinfo=UTC)
PERIODS = [
    (date(2025, 3, 24), date(2025, 4, 7), "day"),
    (date(2025, 4, 5), date(2025, 4, 6), "hour"),
    (date(2025, 1, 1), date(2025, 12, 31), "day"),
    (date(2024, 7, 1), date(2024, 7, 2), "hour"),
]


@pytest.fixture(scope="module", params=ZONES)
def world(request, database) -> tuple[str, ZoneInfo, list[dict[str, str]]]:
    """(a tenant with events of every kind, its zone, its bots by name)."""
    chance = random.Random(SEED)
    tenant_id = database.add_tenant(settings=json.dumps({"zone": request.param}))
    bots = [{"id": add_bot(database, tenant_id, name), "username": name} for name in ("a_bot", "b_bot")]
    (rule,) = database.query(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conname = 'usage_events_kind_check' AND conrelid = 'usage_events'::regclass"
    )
    kinds = rule[0].split("'")[1::2]
    assert len(kinds) > 20
    insert(database, tenant_id, [any_event(chance, kinds, [bot["id"] for bot in bots]) for _ in range(EVENTS)])
    return tenant_id, ZoneInfo(request.param), bots


def any_event(chance: random.Random, kinds: list[str], bots: list[str]) -> Event:
    """Of any kind, with facts or without, of a person or of nobody."""
    facts = {
        "code": ["GOLD", "SILVER", "A", "B"],
        "template": ["aurora", "gold", "snow"],
        "format": ["square", "story"],
        "error": ["template_gone", "store_unavailable"],
    }
    data = {name: chance.choice(values) for name, values in facts.items() if chance.random() < 0.8}
    common = ["rendered", "rendered", "code_valid", "code_invalid", "code_unknown", "render_failed"]
    user = 7_000_000_000 + int(chance.paretovariate(0.6)) % 997 if chance.random() < 0.95 else None
    at = FIRST + timedelta(days=60) * chance.random()
    kind = chance.choice(common if chance.random() < 0.6 else kinds)
    return {"at": at, "kind": kind, "bot": chance.choice(bots), "user": user, "data": data}


@pytest.mark.parametrize("period", PERIODS, ids=lambda each: f"{each[0]}-{each[2]}")
@pytest.mark.parametrize("is_one_bot", [False, True], ids=["all", "one"])
def test_the_whole_answer_is_what_the_rows_give(world, database, issuer, period, is_one_bot: bool) -> None:
    tenant_id, zone, bots = world
    asked = Asked(zone, *period, bots[0]["id"] if is_one_bot else None)
    query = f"since={asked.first}&until={asked.last}&unit={asked.unit}&compare=previous"
    answer = join(issuer, tenant_id, "member").caller.get(
        ROUTE, query=query + (f"&bot={asked.bot}" if asked.bot else "")
    )
    expected = oracle.report(rows_of(database, tenant_id), asked, bots=bots, now=datetime.now(UTC))
    assert with_moments(answer.json) == expected


@pytest.mark.parametrize("period", PERIODS[:2], ids=lambda each: f"{each[0]}-{each[2]}")
@pytest.mark.parametrize("is_one_bot", [False, True], ids=["all", "one"])
def test_every_cell_of_every_file_is_what_the_rows_give(world, database, issuer, period, is_one_bot: bool) -> None:
    tenant_id, zone, bots = world
    asked = Asked(zone, *period, bots[0]["id"] if is_one_bot else None)
    query = f"since={asked.first}&until={asked.last}&unit={asked.unit}" + (f"&bot={asked.bot}" if asked.bot else "")
    expected = oracle.files(rows_of(database, tenant_id), asked, now=datetime.now(UTC))
    caller = join(issuer, tenant_id, "admin").caller
    assert set(expected) == set(TABLES)
    for table, rows in expected.items():
        file = caller.get(f"{ROUTE}/export/{table}", query=query).body.decode()
        found = csv.DictReader(io.StringIO(file, newline=""), strict=True)
        assert [{name: read(cell) for name, cell in row.items()} for row in found] == rows, table
    assert len(expected["people"]) > oracle.SHOWN


def read(cell: str) -> str | float | datetime | None:
    """The value of a cell: numbers and moments stand in it as everybody reads them."""
    if not cell:
        return None
    with contextlib.suppress(ValueError):
        return float(cell)
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(cell)
    return cell


def rows_of(database, tenant_id: str) -> list[Event]:
    """The usage log as it is stored."""
    found = database.query(
        "SELECT at, kind, bot_id::text, user_id, data FROM usage_events WHERE tenant_id = %s", tenant_id
    )
    return [dict(zip(("at", "kind", "bot", "user", "data"), row, strict=True)) for row in found]


def with_moments(value: Any) -> Any:
    """The answer with its moments read."""
    if isinstance(value, list):
        return [with_moments(each) for each in value]
    if isinstance(value, dict):
        return {
            name: datetime.fromisoformat(each) if name in ("at", "last_at") else with_moments(each)
            for name, each in value.items()
        }
    return value


def test_the_oracle_shares_no_code_with_what_it_judges() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"collections", "collections.abc", "dataclasses", "datetime", "typing", "zoneinfo"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
