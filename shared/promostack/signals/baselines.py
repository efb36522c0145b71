"""The yardstick beside a record: the same stops and targets, entered at random bars of the same weeks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.signals import repository
from promostack.signals.bars import History
from promostack.signals.intervals import WARMUP_BARS
from promostack.signals.ledger import plain
from promostack.signals.random_entries import draw
from promostack.signals.statistics import Statistics, summarise

_sql = load(__package__)

DRAWS = 500
MADE_EVERY = timedelta(hours=20)
# The newest: what a tenant's signals look like now.
MOST_MODELS = 200


def refresh(tx: Transaction, tenant_id: str, history: History, *, now: datetime) -> bool:
    """Makes it anew when it is older than a day; False when it is not, or there is nothing to compare with."""
    made_at = tx.value(_sql.baseline_made_at, tenant_id=tenant_id)
    if made_at is not None and now < made_at + MADE_EVERY:
        return False
    published = repository.list_signals(tx, tenant_id, state="published", most=MOST_MODELS)
    closed = [signal for signal in published if signal.state == "closed"]
    if not closed:
        return False
    stamps = history.candles.stamps
    begin = int(np.searchsorted(stamps, min(signal.bar_closed_at for signal in closed).timestamp()))
    settings = repository.find_settings(tx, tenant_id)
    models = [(signal.plan, signal.draft.terms) for signal in closed]
    rails = settings.rails if settings else None
    samples = draw(models, history, first=max(WARMUP_BARS, begin), rails=rails, draws=DRAWS)
    if not samples:
        return False
    figures = json.dumps(figures_of(summarise(samples)))
    tx.run(_sql.keep_baseline, tenant_id=tenant_id, now=now, figures=figures)
    return True


def figures_of(found: Statistics) -> dict[str, Any]:
    """Those that a reader compares; numbers as exact texts."""
    return {
        "n": found.n,
        "expectancy_r": _text(found.expectancy_r),
        "expectancy_r_95": [_text(each) for each in found.expectancy_r_95 or ()] or None,
        "win_rate": _text(found.win_rate),
        "tp1_rate": _text(found.tp1_rate),
        "profit_factor": _text(found.profit_factor),
    }


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)
