"""Markets of any length to test on: days of the real excerpt, drawn in random order, some of them upside down.

Volatility by hour, gaps and wicks are real; the path is new for each seed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from promostack.signals import market_calendar
from promostack.signals.bars import History
from promostack.signals.candle_files import read_candles
from promostack.signals.candles import Candles

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "local" / "candles"
QUARTERS_A_DAY = 92
# A Monday; the market has been open for seconds.
START = int(np.datetime64("2024-04-07T22:00:00", "s").astype(np.int64))


@cache
def quarters() -> Candles:
    """The real quarter-hours."""
    return read_candles(FOLDER / "xauusd_m15.csv")


@cache
def real() -> History:
    """The real excerpt, hours warmed up."""
    return History(quarters(), higher={"1h": read_candles(FOLDER / "xauusd_h1.csv")})


@cache
def market(seed: int, days: int) -> Candles:
    """So many days of 92 quarter-hours."""
    chance = np.random.default_rng(seed)
    moves = _moves()
    picked = chance.integers(0, len(moves), days)
    logs = moves[picked]
    turned = chance.random(days) < 0.5
    logs[turned] = -logs[turned][:, :, [0, 2, 1, 3]]  # a mirrored bar's high comes from its low
    flat = logs.reshape(-1, 4)
    closes = np.log(2000.0) + np.cumsum(flat[:, 3])
    before = np.concatenate([[np.log(2000.0)], closes[:-1]])
    prices = np.round(np.exp(before[:, None] + flat), 2)
    prices[:, 1] = np.maximum(prices[:, 1], prices[:, [0, 3]].max(axis=1))
    prices[:, 2] = np.minimum(prices[:, 2], prices[:, [0, 3]].min(axis=1))
    return Candles("15min", _opens(len(flat)), *(np.ascontiguousarray(prices[:, column]) for column in range(4)))


@cache
def _moves() -> np.ndarray:
    """(days, 92, 4): open, high, low, close of each bar against the close before it, as logarithms."""
    candles = quarters()
    prices = np.log(np.stack([candles.open, candles.high, candles.low, candles.close], axis=1))
    moves = prices[1:] - prices[:-1, 3:]
    days = [market_calendar.trading_day(candles.opened_at(index)) for index in range(1, len(candles))]
    places = [[i for i, day in enumerate(days) if day == wanted] for wanted in sorted(set(days))]
    return np.stack([moves[place] for place in places if len(place) == QUARTERS_A_DAY])


def _opens(count: int) -> np.ndarray:
    stamps = START + 900 * np.arange(count * 2, dtype=np.int64)
    return stamps[market_calendar.open_mask(stamps)][:count].copy()
