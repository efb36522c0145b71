"""A tenant asks for a backtest and looks at what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promostack.core import ids
from promostack.db.errors import AlreadyThere
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.signals import stored
from promostack.signals.errors import BacktestOpen, BacktestUnknown
from promostack.signals.results import Costs
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

KEPT = 20


@dataclass(frozen=True)
class Wanted:
    """A strategy with checked parameters, over so many days up to now."""

    strategy: str
    params: Mapping[str, Any]
    fingerprint: str
    days: int
    costs: Costs


@dataclass(frozen=True)
class Backtest:
    """`progress` in percent; `report` only of one that was looked for by its id, and is done."""

    id: str
    state: str
    strategy: str
    params: Mapping[str, Any]
    days: int
    costs: Costs
    progress: int
    created_at: datetime
    finished_at: datetime | None
    problem: str | None
    report: Mapping[str, Any] | None


def ask(tenant_id: str, wanted: Wanted, *, actor: Actor, now: datetime) -> Backtest:
    """work/backtest makes it within minutes. Raises BacktestOpen while there is another one."""
    backtest_id = ids.new_id()
    values = {
        "strategy": wanted.strategy,
        "params": json.dumps(wanted.params),
        "fingerprint": wanted.fingerprint,
        "days": wanted.days,
        "costs": json.dumps(stored.costs_to(wanted.costs)),
    }
    try:
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            tx.run(_sql.add_backtest, tenant_id=tenant_id, id=backtest_id, asked_by=actor.id, now=now, **values)
            tx.run(_sql.drop_old_backtests, tenant_id=tenant_id, most=KEPT)
            told = {"strategy": wanted.strategy, "days": wanted.days}
            audit.record(tx, tenant_id, actor, "signals.backtest", target=backtest_id, data=told)
    except AlreadyThere as error:
        raise BacktestOpen("A backtest is being made already; wait until it is there.") from error
    return find(tenant_id, backtest_id)


def latest(tenant_id: str) -> list[Backtest]:
    """The newest first."""
    with unit_of_work(tenant_id) as tx:
        return [_backtest(row) for row in tx.rows(_sql.list_backtests, tenant_id=tenant_id, most=KEPT)]


def find(tenant_id: str, backtest_id: str) -> Backtest:
    """Raises BacktestUnknown."""
    row = None
    if ids.is_id(backtest_id):
        with unit_of_work(tenant_id) as tx:
            row = tx.row(_sql.find_backtest, tenant_id=tenant_id, id=backtest_id)
    if row is None:
        raise BacktestUnknown("There is no such backtest; the oldest are forgotten.")
    return _backtest(row)


def is_tried(tx: Transaction, tenant_id: str, fingerprint: str) -> bool:
    """Whether a backtest of exactly this strategy with these parameters was made, and is still kept."""
    return bool(tx.value(_sql.is_tried, tenant_id=tenant_id, fingerprint=fingerprint))


def _backtest(row: dict[str, Any]) -> Backtest:
    return Backtest(**{**row, "id": str(row["id"]), "costs": stored.costs_from(row["costs"])})
