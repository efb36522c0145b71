"""The public record: figures and signals re-derived from the chain alone, so that everybody gets the same ones.

Rows from the first plan of a signal that has not ended are kept back until it has: subscribers paid for it. The chain's
newest hash is told all the same, which gives nothing away and lets nobody change what is kept back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.signals import ledger
from promostack.signals.record_texts import texts
from promostack.signals.statistics import Sample, Statistics, equity, summarise

_sql = load(__package__)

PAGE_ROWS = 1_000
NOTE = "Results after costs, fills read against us where the order inside a bar is not known. No advice, no promise."


@dataclass(frozen=True)
class Record:
    """`head`: the chain's newest hash; `rows`: those that are public, whose last hash is `public_head`."""

    head: str
    public_head: str
    rows: tuple[ledger.Row, ...]


def read(tx: Transaction, tenant_id: str) -> Record:
    """All public rows, oldest first."""
    rows: list[ledger.Row] = []
    while page := rows_after(tx, tenant_id, rows[-1].seq if rows else 0):
        rows += page
    public = [row for row in rows if row.seq < _first_kept_back(rows)]
    return Record(
        head=rows[-1].hash if rows else ledger.GENESIS,
        public_head=public[-1].hash if public else ledger.GENESIS,
        rows=tuple(public),
    )


def rows_after(tx: Transaction, tenant_id: str, seq: int) -> list[ledger.Row]:
    """A page of the chain, public or not."""
    rows = tx.rows(_sql.list_rows, tenant_id=tenant_id, after_number=seq, most=PAGE_ROWS)
    return [row_of(row) for row in rows]


def row_of(row: dict[str, Any]) -> ledger.Row:
    """A stored row."""
    return ledger.Row(row["seq"], row["appended_at"], row["kind"], row["body"], row["prev"], row["hash"])


def baseline(tx: Transaction, tenant_id: str) -> dict[str, Any] | None:
    """What random entries earn, with the moment at which that was found; None before the first time."""
    found = tx.row(_sql.find_baseline, tenant_id=tenant_id)
    return {"made_at": found["made_at"].isoformat(), **found["figures"]} if found else None


def told(record: Record, yardstick: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the public page shows; numbers as exact texts."""
    lives = _lives(record.rows)
    samples = [_sample(life) for life in lives.values() if "closed" in life]
    figures = summarise(samples)
    return {
        "head": record.head,
        "public_head": record.public_head,
        "rows": len(record.rows),
        "plans": len(lives),
        "kept_back": sum(life["fate"]["fate"] != "published" for life in lives.values()),
        "since": next((life["plan"]["bar_closed_at"] for life in lives.values()), None),
        "statistics": _figures(figures),
        "random_entries": yardstick,
        "equity_r": [[at.isoformat(), ledger.plain(total)] for at, total in equity(samples)],
        "signals": [_signal(life) for life in reversed(lives.values())],
        "note": NOTE,
    }


def _first_kept_back(rows: Iterable[ledger.Row]) -> float:
    """The number of the first plan whose signal has not ended."""
    living: dict[str, int] = {}
    for row in rows:
        name = str(row.body.get("signal"))
        if row.kind == "plan":
            living[name] = row.seq
        elif row.kind == "closed" or (row.kind == "fate" and row.body["fate"] != "published"):
            living.pop(name, None)
    return min(living.values(), default=float("inf"))


def _lives(rows: Iterable[ledger.Row]) -> dict[str, dict[str, Any]]:
    """Per signal its plan, fate, events and end."""
    lives: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.kind == "recap":
            continue
        life = lives.setdefault(row.body["signal"], {"events": []})
        if row.kind == "event":
            life["events"].append(row.body)
        else:
            life[row.kind] = row.body
    return lives


def _sample(life: dict[str, Any]) -> Sample:
    closed = life["closed"]
    return Sample(
        closed_at=datetime.fromisoformat(closed["closed_at"]),
        outcome=closed["outcome"],
        hit=sum(leg["why"].startswith("tp") for leg in closed["legs"]),
        net_r=Decimal(closed["net_r"]),
        net_usd=Decimal(closed["net_usd"]),
        net_pips=Decimal(closed["net_pips"]),
        ambiguous=closed["ambiguous"],
        gap_fills=closed["gap_fills"],
    )


def _signal(life: dict[str, Any]) -> dict[str, Any]:
    """Unpublished plans too, with what became of them."""
    plan, fate = life["plan"], life["fate"]
    names = ("signal", "strategy", "symbol", "interval", "bar_closed_at", "side", "entry", "stop", "targets", "split")
    events = [{name: event[name] for name in ("kind", "name", "at", "price")} for event in life["events"]]
    return {
        **{name: plan[name] for name in names},
        "fate": fate["fate"],
        "reason": fate["reason"],
        "published_at": fate["published_at"] or None,
        "events": events,
        "messages": texts(life),
        "result": {name: value for name, value in life["closed"].items() if name != "signal"}
        if "closed" in life
        else None,
    }


def _figures(figures: Statistics) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(figures).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return ledger.plain(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
