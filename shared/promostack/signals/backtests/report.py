"""What a backtest tells: figures beside those of live signals and of random entries, equity, trades."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np

from promostack.signals import backtest
from promostack.signals.backtest import Trade
from promostack.signals.bars import History
from promostack.signals.candles import Candles
from promostack.signals.contract import Strategy
from promostack.signals.errors import NothingToTest
from promostack.signals.evaluation import is_warm
from promostack.signals.ledger import plain
from promostack.signals.rails import Rails
from promostack.signals.random_entries import random_entries
from promostack.signals.results import Costs
from promostack.signals.statistics import Sample, Statistics, equity, summarise

DRAWS = 500
MOST_TRADES = 300
# Of the percent: random entries take the rest.
WALKED = 80


def report_of(
    strategy: Strategy,
    quarters: Candles,
    finer: Candles,
    *,
    since: datetime,
    rails: Rails | None,
    costs: Costs,
    live: Sequence[Sample],
    note: Callable[[int], None],
) -> dict[str, Any]:
    """Numbers as exact texts. `note`: told how far it is, in percent. Raises NothingToTest when too few bars are."""
    history = History(quarters)
    if not len(history) or not is_warm(strategy, history.all()):
        raise NothingToTest(
            "Too few bars are stored for this strategy; a thousand of each of its intervals are needed."
        )
    found = backtest.run(
        strategy,
        history,
        rails=rails,
        costs=costs,
        finer=finer,
        since=since,
        progress=lambda share: note(int(share * WALKED)),
    )
    chance = random_entries(strategy, history, found.trades, rails=rails, costs=costs, draws=DRAWS)
    samples = found.samples()
    first = int(np.searchsorted(quarters.stamps + quarters.seconds, since.timestamp()))
    return {
        "from": quarters.opened_at(min(first, len(quarters) - 1)).isoformat(),
        "to": quarters.closed_at(len(quarters) - 1).isoformat(),
        "bars": len(quarters) - first,
        "evaluations": dict(found.fates),
        "blocked": dict(found.blocks),
        "problems": sorted({each.reason for each in found.plans if each.fate in ("failed", "refused")})[:10],
        "statistics": _figures(summarise(samples)),
        "live": _figures(summarise(live)) if live else None,
        "random_entries": _figures(summarise(chance)) if chance else None,
        "equity_r": [[at.isoformat(), plain(total)] for at, total in equity(samples)],
        "trades": [_trade(trade) for trade in reversed(found.trades[-MOST_TRADES:])],
    }


def _figures(figures: Statistics) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(figures).items()}


def _trade(trade: Trade) -> dict[str, Any]:
    position, plan = trade.position, trade.position.plan
    return {
        "bar_closed_at": trade.bar_closed_at.isoformat(),
        "closed_at": trade.closed_at.isoformat(),
        "side": plan.side,
        "entry": str(plan.entry),
        "stop": str(plan.stop),
        "hit": position.hit,
        "outcome": position.outcome,
        "net_r": plain(trade.result.net_r),
        "net_pips": plain(trade.result.net_pips),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
