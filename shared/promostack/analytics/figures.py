"""The figures of a period (product rule 7), each one query over the usage events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from promostack.analytics.models import (
    FUNNEL,
    RETENTION_DAYS,
    BadCode,
    Dimension,
    Failure,
    FunnelStep,
    NamedBot,
    Period,
    Person,
    Point,
    Retention,
    Share,
    Step,
    Summary,
    Unit,
)
from promostack.db.sql import load
from promostack.db.uow import Transaction

_sql = load(__package__)

WEEKDAYS, HOURS = 7, 24


def summarise(tx: Transaction, tenant_id: str, period: Period) -> Summary:
    """The period's totals."""
    row = tx.row(_sql.summarise, **_scope(tenant_id, period))
    assert row is not None  # an aggregate always gives one row
    return Summary(**row)


def series(tx: Transaction, tenant_id: str, period: Period, unit: Unit) -> list[Point]:
    """Every hour or day of the period, those without any event too, oldest first."""
    rows = tx.rows(_sql.count_by_time, **_scope(tenant_id, period), unit=unit, zone=period.zone.key)
    found = {row.pop("bucket").astimezone(UTC): row for row in rows}
    nothing = {"generations": 0, "users": 0, "failed": 0}
    return [Point(at, **found.get(at.astimezone(UTC), nothing)) for at in period.buckets(unit)]


def heat_map(tx: Transaction, tenant_id: str, period: Period) -> list[list[int]]:
    """Pictures by weekday (7 rows, Monday first) and local hour (24 columns)."""
    grid = [[0] * HOURS for _ in range(WEEKDAYS)]
    for row in tx.rows(_sql.count_by_weekday, **_scope(tenant_id, period), zone=period.zone.key):
        grid[row["weekday"] - 1][row["hour"]] = row["generations"]
    return grid


def top(tx: Transaction, tenant_id: str, period: Period, dimension: Dimension, *, most: int) -> list[Share]:
    """The most used templates, formats or codes."""
    rows = tx.rows(_sql.count_by_dimension, **_scope(tenant_id, period), dimension=dimension, most=most)
    return [Share(**row) for row in rows]


def failures(tx: Transaction, tenant_id: str, period: Period) -> list[Failure]:
    """Why pictures were not made, the most frequent reason first."""
    return [Failure(**row) for row in tx.rows(_sql.count_failures, **_scope(tenant_id, period))]


def bad_codes(tx: Transaction, tenant_id: str, period: Period, *, most: int) -> list[BadCode]:
    """Codes that were refused or could not be checked, the most frequent first."""
    return [BadCode(**row) for row in tx.rows(_sql.count_bad_codes, **_scope(tenant_id, period), most=most)]


def retention(
    tx: Transaction, tenant_id: str, period: Period, *, now: datetime, days: Sequence[int] = RETENTION_DAYS
) -> list[Retention]:
    """How many of the people first seen in the period came back on the first, seventh and thirtieth day after."""
    params = {**_scope(tenant_id, period), "zone": period.zone.key, "now": now, "days": list(days)}
    found = {row["day"]: Retention(**row) for row in tx.rows(_sql.count_returning, **params)}
    return [found.get(day, Retention(day, 0, 0)) for day in days]


def funnel(tx: Transaction, tenant_id: str, period: Period) -> list[FunnelStep]:
    """How far the people first seen in the period came within it."""
    row = tx.row(_sql.count_funnel, **_scope(tenant_id, period))
    assert row is not None  # an aggregate always gives one row
    return [FunnelStep(step, row[step]) for step in FUNNEL]


def people(tx: Transaction, tenant_id: str, period: Period, *, most: int) -> list[Person]:
    """Who used the bots, the keenest first."""
    return [Person(**row) for row in tx.rows(_sql.list_people, **_scope(tenant_id, period), most=most)]


def bots(tx: Transaction, tenant_id: str) -> list[NamedBot]:
    """The bots whose events can be told apart."""
    return [NamedBot(**row) for row in tx.rows(_sql.list_bot_names, tenant_id=tenant_id)]


def steps(tx: Transaction, tenant_id: str, *, user_id: int, before: int | None, most: int) -> list[Step]:
    """What one person did, the latest first; `before` is the last id of the page before."""
    rows = tx.rows(_sql.list_steps, tenant_id=tenant_id, user_id=user_id, before=before, most=most)
    return [Step(**row) for row in rows]


def _scope(tenant_id: str, period: Period) -> dict[str, Any]:
    return {"tenant_id": tenant_id, "since": period.since, "until": period.until, "bot_id": period.bot_id}
