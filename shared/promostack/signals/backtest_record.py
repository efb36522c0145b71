"""A backtest written down as the live record would be: the same rows, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from promostack.signals import ledger
from promostack.signals.backtest import Report, Trade
from promostack.signals.contract import Strategy
from promostack.signals.evaluation import Evaluation
from promostack.signals.positions import Event, Position
from promostack.signals.results import Costs
from promostack.signals.statistics import summarise

Entry = tuple[datetime, ledger.Kind, Mapping[str, Any]]


def record(report: Report, strategy: Strategy, *, costs: Costs, symbol: str = "XAUUSD") -> list[ledger.Row]:
    """Every plan that passed the checks with its fate, each event, each end, and one recap over all of it."""
    entries = sorted(_entries(report, strategy, costs, symbol), key=lambda entry: entry[0])
    rows: list[ledger.Row] = []
    for at, kind, body in (*entries, *_recap(report)):
        rows.append(ledger.append(rows[-1] if rows else None, at=at, kind=kind, body=body))
    return rows


def _entries(report: Report, strategy: Strategy, costs: Costs, symbol: str) -> Iterator[Entry]:
    lives = {trade.bar_closed_at: trade for trade in report.trades}
    for found in report.plans:
        if found.plan is None:
            continue
        signal = f"{strategy.key}-{found.bar_closed_at:%Y%m%dT%H%M}"
        yield found.bar_closed_at, "plan", ledger.plan_body(signal, strategy, found, symbol=symbol, costs=costs)
        yield from _life(signal, found, lives.get(found.bar_closed_at), report.still_open)


def _life(signal: str, found: Evaluation, trade: Trade | None, still_open: Position | None) -> Iterator[Entry]:
    position = trade.position if trade else still_open if found.fate == "draft" else None
    if position is None or position.plan != found.plan:
        fate = "blocked" if found.fate == "blocked" else "unpublished"
        yield found.bar_closed_at, "fate", ledger.fate_body(signal, fate, reason=found.reason)
        return
    at = position.published_at
    yield at, "fate", ledger.fate_body(signal, "published", published_at=at)
    if trade is not None:
        yield from ((event.at, "event", ledger.event_body(signal, event)) for event in _before_end(trade))
        yield trade.closed_at, "closed", ledger.closed_body(signal, trade.position, trade.result)


def _before_end(trade: Trade) -> list[Event]:
    """Its end has a row of its own."""
    return [event for event in trade.events if event.kind != "closed"]


def _recap(report: Report) -> Iterator[Entry]:
    closes = [trade.closed_at for trade in report.trades]
    if closes:
        end = max(closes)
        last = end.replace(microsecond=end.microsecond + 1)
        body = ledger.recap_body("backtest", min(closes), last, summarise(report.samples()))
        yield last, "recap", body
