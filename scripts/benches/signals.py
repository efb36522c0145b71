"""Signals replayed live against the batch: quarter-hours through the built functions, hours in process; scan's CPU.

SIGNALS_M15 and SIGNALS_H1 name candle files (the committed excerpts by default); SIGNALS_BARS replays fewer quarters.
`differences` counts over all strategies: quarter-hours with perfect ticks against a batch without recorded times, then
with lag and five percent of the ticks missed and doubled against one with them (SIGNALS_FAULTY_BARS), the same for
hours. Hours have base 1h and loosened parameters, so that every outcome comes often. Compute is the CPU of one scan,
which serves five tenants in the long run and one in a short one of its own; credits are the vendor's count.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts.benches.statistics_ms import percentile
from scripts.local import measuring, product

CANDLES = Path(__file__).resolve().parents[1] / "local" / "candles"
QUARTERS = Path(os.environ.get("SIGNALS_M15", CANDLES / "xauusd_m15.csv"))
HOURS = Path(os.environ.get("SIGNALS_H1", CANDLES / "xauusd_h1.csv"))
BARS = int(os.environ.get("SIGNALS_BARS", "1000000"))
FAULTY_BARS = int(os.environ.get("SIGNALS_FAULTY_BARS", "1000"))
# Beside the strategies' own defaults: what makes thirty signals of each outcome in ten years of hours.
LOOSENED: dict[str, dict[str, Any]] = {
    "aggressive": {},
    "conservative": {"adx": 15, "rsi": 45, "stop_atr": 1.8, "targets_atr": (1.2, 2.0, 2.6)},
    "custom": {},
    "impulse_breakout": {},
    "trend_pullback_multi_tp": {"adx": 10, "mean_atr": 1.0, "per_day": None, "hours": ((0, 24),)},
}
HELD_MIN = 720
ALONE, ALONE_BARS = "aggressive", 320


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    progress("hours in process")
    hourly, outcomes, hours_s = _hours()
    with product.running(**measuring.PRODUCT) as facts:
        os.environ.update(facts["values"])
        from scripts.benches import signals_quarters as quarters
        from strategies.strategy_loader import load_strategies

        made = {key: each() for key, each in load_strategies()[0].items()}
        perfect = quarters.replay(facts, QUARTERS, made, quarters.PERFECT, most=BARS, progress=progress)
        progress("the same with faults")
        faulty = quarters.replay(facts, QUARTERS, made, quarters.FAULTY, most=FAULTY_BARS, progress=progress)
        progress("one tenant alone")
        one = {ALONE: made[ALONE]}
        alone = quarters.replay(facts, QUARTERS, one, quarters.PERFECT, most=min(BARS, ALONE_BARS), progress=progress)
    replays = (perfect, faulty, alone)
    found = [*(lines for each in replays for lines in each.differences.values()), *hourly]
    for key, lived in perfect.lived.items():
        outcomes[key] += lived.outcomes()
    return {
        "bars": perfect.bars,
        "signals": sum(len(lived.published_at) for lived in perfect.lived.values()),
        "differences": sum(map(len, found)),
        "differing": [line for each in found for line in each][:20],
        "replay_s": round(perfect.seconds, 1),
        "scan_compute_p50_ms": round(percentile(alone.scan_ms, 0.5) / 1000, 2),
        "scan_compute_p95_ms": round(percentile(alone.scan_ms, 0.95) / 1000, 2),
        "scan_compute_of_five_p50_ms": round(percentile(perfect.scan_ms, 0.5) / 1000, 2),
        "scans": len(perfect.scan_ms),
        "credits_per_day": max(credits for each in replays for credits in each.credits.values()),
        "faulty": {"bars": faulty.bars, "seconds": round(faulty.seconds, 1), "lag_s": quarters.FAULTY.lag_s},
        "hours_s": round(hours_s, 1),
        "outcomes": {key: dict(sorted(counted.items())) for key, counted in outcomes.items()},
        "limits_lifted": ["a chat's waits: forgotten between two calls, because hours pass there"],
    }


def _hours() -> tuple[list[list[str]], dict[str, Counter[str]], float]:
    """Differences and outcomes of each strategy with base 1h, and the seconds that all of it took."""
    from promostack.signals import backtest
    from promostack.signals.bars import History
    from promostack.signals.candle_files import read_candles
    from promostack.signals.candles import clean
    from promostack.signals.rails import Rails
    from scripts.benches.signals_compare import differences
    from scripts.benches.signals_hourly import FAULTY, PERFECT, Replay
    from strategies.strategy_loader import load_strategies

    started, rails = time.monotonic(), Rails(daily_loss_pips=Decimal(10**6))
    history = History(clean(read_candles(HOURS)).candles)
    found, outcomes = [], {}
    for key, made in load_strategies()[0].items():
        strategy = made({"max_hold_min": HELD_MIN, **LOOSENED[key]}, interval="1h")
        for faults in (PERFECT, FAULTY):
            lived = Replay(strategy, history, rails, faults, seed=5).run()
            schedule = lived.schedule() if faults is FAULTY else None
            report = backtest.run(strategy, history, rails=rails, schedule=schedule)
            found.append(differences(lived, report, with_times=schedule is not None))
        outcomes[key] = lived.outcomes()
    return found, outcomes, time.monotonic() - started
