"""Bars a second of our backtest beside backtesting.py's: the same rule, the same levels, the same fills.

Two means cross; the stop is 1.5 ATR away, three targets close 50, 30 and 20 %; one position at a time, Monday to
Friday, entered at the close, no costs, stops that do not move (the peer has no rule for that). Both count indicators,
take the same ones and run in turns. The legs (entry, share, bar and price of the exit) must agree before a speed is
printed. Times are the processor's: both are one thread, and a busy machine is no figure.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy

from promostack.signals import backtest, indicators
from promostack.signals.bars import Bars, History
from promostack.signals.candles import Candles
from promostack.signals.contract import SignalPlan, Terms
from promostack.signals.rails import Rails
from promostack.signals.results import Costs
from scripts.benches.statistics_ms import percentile
from strategies.base_strategy import BaseStrategy
from tests.strategies.market import market

DAYS = 626
ROUNDS = 5
FAST, SLOW, WARMUP = 20, 50, 200
STOP, TARGETS, SHARES = 1.5, (1.0, 2.0, 3.0), (50, 30, 20)
OPEN = Rails(session_from=0, session_to=24, daily_loss_pips=Decimal(10**9))
FREE = Costs(spread=Decimal(0))
Leg = tuple[int, int, int, str]


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    candles = market(6, DAYS)
    frame = _frame(candles)
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    for number in range(ROUNDS + 1):
        progress(f"round {number}")
        start = time.process_time()
        report = backtest.run(Crossing({"throttle_min": 0}), History(candles), rails=OPEN, costs=FREE)
        middle = time.process_time()
        peer = _peer(frame)
        end = time.process_time()
        if number:
            times["ours"].append(middle - start)
            times["peer"].append(end - middle)
    ours, theirs = _our_legs(report, candles), _peer_legs(peer)
    equal = 100 * len(set(ours) & set(theirs)) / max(len(ours), len(theirs), 1)
    figures: dict[str, Any] = {"trades_equal_pct": round(equal, 2), "legs": len(ours), "bars": len(candles)}
    if equal == 100:
        rate = {name: round(1000 * len(candles) / percentile(seconds, 0.5)) for name, seconds in times.items()}
        figures |= {"bars_per_s": rate["ours"], "peer_bars_per_s": rate["peer"]}
        figures["times_faster"] = round(rate["ours"] / rate["peer"], 2)
    else:
        figures["differing"] = sorted(set(ours) ^ set(theirs))[:10]
    return {**figures, "rounds": ROUNDS, "peer": f"backtesting {metadata.version('backtesting')}"}


class Crossing(BaseStrategy):
    """Ours."""

    key, name, description = "crossing", "Crossing", "Two means cross."
    warmup_bars = WARMUP

    @property
    def terms(self) -> Terms:
        return Terms(max_hold=timedelta(days=36_500), stop_moves="never", revalidates=False)

    def decide(self, bars: Bars) -> SignalPlan | None:
        fast, slow = bars.ema(FAST), bars.ema(SLOW)
        side = _side(fast[-1], slow[-1], fast[-2], slow[-2])
        if not side:
            return None
        close, atr = float(bars.close[-1]), float(bars.atr()[-1])
        stop, targets = _levels(close, atr, side)
        return SignalPlan("buy" if side > 0 else "sell", stop, targets, SHARES)


class PeerCrossing(Strategy):
    """The peer's."""

    def init(self) -> None:
        high, low, close = (np.asarray(self.data[name], dtype=float) for name in ("High", "Low", "Close"))
        self.fast = self.I(indicators.ema, close, FAST)
        self.slow = self.I(indicators.ema, close, SLOW)
        self.atr = self.I(indicators.atr, high, low, close)

    def next(self) -> None:
        closed_at = self.data.index[-1] + pd.Timedelta(minutes=15)
        if len(self.data) < WARMUP or self.trades or closed_at.weekday() >= 5:
            return
        side = _side(self.fast[-1], self.slow[-1], self.fast[-2], self.slow[-2])
        if side:
            stop, targets = _levels(float(self.data.Close[-1]), float(self.atr[-1]), side)
            order = self.buy if side > 0 else self.sell
            for share, target in zip(SHARES, targets, strict=True):
                order(size=share, sl=round(stop, 2), tp=round(target, 2))


def _side(fast: float, slow: float, fast_before: float, slow_before: float) -> int:
    if fast > slow and fast_before <= slow_before:
        return 1
    return -1 if fast < slow and fast_before >= slow_before else 0


def _levels(close: float, atr: float, side: int) -> tuple[float, tuple[float, float, float]]:
    first, second, third = (close + side * multiple * atr for multiple in TARGETS)
    return close - side * STOP * atr, (first, second, third)


def _peer(frame: pd.DataFrame) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test = Backtest(frame, PeerCrossing, cash=1e9, trade_on_close=True, finalize_trades=False)
        return test.run()["_trades"]


def _our_legs(report: backtest.Report, candles: Candles) -> list[Leg]:
    """(bar of the entry, share, bar of the exit, price). A fill at an open belongs to the bar that opens."""
    closes = candles.stamps + candles.seconds
    legs = []
    for trade in report.trades:
        entry = int(np.searchsorted(closes, trade.bar_closed_at.timestamp()))
        at_open = {event.at for event in trade.events if event.kind == "gap"}
        fills = [event for event in trade.events if event.kind == "target"]
        fills += [event for event in trade.events if event.kind == "closed"][: len(trade.position.legs) - len(fills)]
        for leg, fill in zip(trade.position.legs, fills, strict=True):
            column = candles.stamps if fill.at in at_open else closes
            legs.append((entry, leg.share, int(np.searchsorted(column, fill.at.timestamp())), f"{leg.price:.2f}"))
    return legs


def _peer_legs(trades: pd.DataFrame) -> list[Leg]:
    """Legs that one stop closed together are one leg, as ours."""
    together: dict[tuple[int, int, str], int] = {}
    for row in trades.itertuples():
        key = (int(row.EntryBar), int(row.ExitBar), f"{row.ExitPrice:.2f}")
        together[key] = together.get(key, 0) + abs(int(row.Size))
    return [(entry, share, end, price) for (entry, end, price), share in together.items()]


def _frame(candles: Candles) -> pd.DataFrame:
    columns = {name.title(): getattr(candles, name) for name in ("open", "high", "low", "close")}
    return pd.DataFrame(columns, index=pd.DatetimeIndex(candles.stamps.view("datetime64[s]")))
