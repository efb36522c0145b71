"""Signals as JSON and back: exact prices as texts, so that what comes back equals what went in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from promostack.signals.contract import Terms
from promostack.signals.plans import Plan
from promostack.signals.positions import Position
from promostack.signals.results import Costs, Leg
from promostack.signals.thesis import Readings

Json = Mapping[str, Any]


def plan_to(plan: Plan) -> dict[str, Any]:
    return {
        "side": plan.side,
        "entry": str(plan.entry),
        "stop": str(plan.stop),
        "targets": [str(price) for price in plan.targets],
        "split": list(plan.split),
        "atr": str(plan.atr),
        "reasons": list(plan.reasons),
    }


def plan_from(kept: Json) -> Plan:
    return Plan(
        side=kept["side"],
        entry=Decimal(kept["entry"]),
        stop=Decimal(kept["stop"]),
        targets=tuple(Decimal(price) for price in kept["targets"]),
        split=tuple(kept["split"]),
        atr=Decimal(kept["atr"]),
        reasons=tuple(kept["reasons"]),
    )


def terms_to(terms: Terms) -> dict[str, Any]:
    return {
        "max_hold_s": int(terms.max_hold.total_seconds()),
        "stop_moves": terms.stop_moves,
        "revalidates": terms.revalidates,
    }


def terms_from(kept: Json) -> Terms:
    return Terms(timedelta(seconds=kept["max_hold_s"]), kept["stop_moves"], kept["revalidates"])


def costs_to(costs: Costs) -> dict[str, Any]:
    return {"spread": str(costs.spread), "commission": str(costs.commission)}


def costs_from(kept: Json) -> Costs:
    return Costs(Decimal(kept["spread"]), Decimal(kept["commission"]))


def readings_to(readings: Readings | None) -> dict[str, Any] | None:
    return None if readings is None else asdict(readings)


def readings_from(kept: Json | None) -> Readings | None:
    return None if kept is None else Readings(**kept)


def position_to(position: Position) -> dict[str, Any]:
    """Without plan, terms and readings, which stand beside it and never change."""
    return {
        "published_at": position.published_at.isoformat(),
        "stop": str(position.stop),
        "hit": position.hit,
        "legs": [{"share": leg.share, "price": str(leg.price), "why": leg.why} for leg in position.legs],
        "milestones": sorted(position.milestones),
        "ambiguous": position.ambiguous,
        "gap_fills": position.gap_fills,
        "last_bar_at": _time_to(position.last_bar_at),
        "outcome": position.outcome,
        "closed_at": _time_to(position.closed_at),
        "judged_at": _time_to(position.judged_at),
    }


def position_from(kept: Json, *, plan: Plan, terms: Terms, readings: Readings | None) -> Position:
    return Position(
        plan=plan,
        terms=terms,
        published_at=datetime.fromisoformat(kept["published_at"]),
        stop=Decimal(kept["stop"]),
        hit=kept["hit"],
        legs=tuple(Leg(leg["share"], Decimal(leg["price"]), leg["why"]) for leg in kept["legs"]),
        milestones=frozenset(kept["milestones"]),
        ambiguous=kept["ambiguous"],
        gap_fills=kept["gap_fills"],
        last_bar_at=_time_from(kept["last_bar_at"]),
        outcome=kept["outcome"],
        closed_at=_time_from(kept["closed_at"]),
        readings=readings,
        judged_at=_time_from(kept["judged_at"]),
    )


def _time_to(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time_from(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
