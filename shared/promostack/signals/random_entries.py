"""What the same stops and targets earn when entry and side are left to chance: the yardstick for a strategy."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from promostack.signals.backtest import Trade
from promostack.signals.bars import History
from promostack.signals.contract import Side, Strategy, Terms
from promostack.signals.following import follow
from promostack.signals.plans import Plan, to_cent
from promostack.signals.positions import Position, publish
from promostack.signals.rails import SATURDAY, Rails
from promostack.signals.results import Costs, result_of
from promostack.signals.statistics import Sample
from promostack.signals.thesis import read

DRAWS = 1000
SIDES: tuple[Side, Side] = ("buy", "sell")


def random_entries(
    strategy: Strategy,
    history: History,
    trades: Sequence[Trade],
    *,
    rails: Rails | None = None,
    costs: Costs | None = None,
    draws: int = DRAWS,
    seed: int = 7,
) -> list[Sample]:
    """Signals at random bars of the session, each with the geometry (in ATR) of one of the strategy's own trades.

    They are independent of each other, so they may overlap. Empty when there is no trade to take a geometry from.
    """
    models = [(trade.position.plan, strategy.terms) for trade in trades]
    return draw(models, history, first=strategy.warmup_bars, rails=rails, costs=costs, draws=draws, seed=seed)


def draw(
    models: Sequence[tuple[Plan, Terms]],
    history: History,
    *,
    first: int,
    rails: Rails | None = None,
    costs: Costs | None = None,
    draws: int = DRAWS,
    seed: int = 7,
) -> list[Sample]:
    """The same with the geometry and terms of given plans; `first`: bars that are not entered at."""
    chance = random.Random(seed)
    places = _places(history, rails or Rails(), first)
    if not models or not places:
        return []
    samples = []
    for _ in range(draws):
        place, (model, terms), side = chance.choice(places), chance.choice(models), chance.choice(SIDES)
        plan = _plan(history, place, model, side)
        position = _lived(terms, history, place, plan) if plan is not None else None
        if position is not None:
            result = result_of(position.plan, position.legs, costs or Costs())
            samples.append(Trade(position.published_at, position, result, ()).sample())
    return samples


def _places(history: History, rails: Rails, first: int) -> list[int]:
    """Bars, by count, that are not among the first and close within the session."""
    closes = history.candles.stamps + history.candles.seconds
    hours, days = closes // 3600 % 24, (closes // 86_400 + 3) % 7
    inside = (hours >= rails.session_from) & (hours < rails.session_to) & (days < SATURDAY)
    inside[:first] = False
    return [int(index) + 1 for index in np.flatnonzero(inside)]


def _plan(history: History, end: int, model: Plan, side: Side) -> Plan | None:
    """None where the distances would vanish in rounding."""
    bars = history.until(end)
    atr = Decimal(repr(round(float(bars.atr()[-1]), 4)))
    entry = to_cent(float(bars.close[-1]))
    d, scale = (1 if side == "buy" else -1), atr / model.atr
    stop = to_cent(entry - d * model.risk * scale)
    targets = tuple(to_cent(entry + d * model.gain(price) * scale) for price in model.targets)
    plan = Plan(side, entry, stop, targets, model.split, atr)
    gains = [plan.gain(price) for price in targets]
    return plan if plan.gain(stop) < 0 < gains[0] < gains[1] < gains[2] else None


def _lived(terms: Terms, history: History, end: int, plan: Plan) -> Position | None:
    """The position when it closed; None when the bars end before."""
    position = publish(plan, terms, at=history.until(end).closed_at, readings=read(history.until(end)))
    for later in range(end + 1, len(history) + 1):
        position, _ = follow(position, history.candles.bar(later - 1), bars=history.until(later))
        if not position.is_open:
            return position
    return None
