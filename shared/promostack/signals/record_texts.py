"""The messages of a signal as its rows of the record tell them, so that they can be read when Telegram's are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from promostack.signals import messages
from promostack.signals.announcements import ALWAYS_TOLD
from promostack.signals.contract import Terms
from promostack.signals.models import Signal
from promostack.signals.plans import Plan
from promostack.signals.positions import Event, Position, publish
from promostack.signals.results import Costs, Leg

Body = Mapping[str, Any]


def texts(life: Mapping[str, Any]) -> list[dict[str, str]]:
    """{"at", "text"} of the signal itself, of each target and of the end, oldest first; Telegram's HTML.

    `life`: the bodies of its rows by kind, its events in a list. What may be left out when the next one comes (progress
    on the way) is not among them. Nothing for a plan that was not published.
    """
    fate = life["fate"]
    if fate["fate"] != "published":
        return []
    published_at = datetime.fromisoformat(fate["published_at"])
    signal = replace(_signal(life["plan"], published_at), line=fate.get("line", ""))
    told = [{"at": fate["published_at"], "text": messages.signal_text(signal)}]
    position = signal.draft
    for body in life["events"]:
        event = _event(body)
        if event.kind == "target":
            position = replace(position, hit=position.hit + 1)
        # A message is made when its bar has been walked to the end: a stop that this bar moved stands in it.
        moved = [_event(each) for each in life["events"] if each["kind"] == "stop_moved" and each["at"] <= body["at"]]
        position = replace(position, stop=moved[-1].price if moved else position.stop)
        if event.kind == "target" and event.name in ALWAYS_TOLD:
            told.append({"at": body["at"], "text": messages.news_text(replace(signal, position=position), event)})
    if "closed" in life:
        told.append(_end(signal, position, life["closed"]))
    return told


def _end(signal: Signal, position: Position, body: Body) -> dict[str, str]:
    closed_at = datetime.fromisoformat(body["closed_at"])
    legs = tuple(Leg(leg["share"], Decimal(leg["price"]), leg["why"]) for leg in body["legs"])
    ended = replace(position, legs=legs, outcome=body["outcome"], closed_at=closed_at)
    event = Event("closed", body["outcome"], closed_at, legs[-1].price)
    return {"at": body["closed_at"], "text": messages.news_text(replace(signal, position=ended), event)}


def _signal(body: Body, published_at: datetime) -> Signal:
    plan = Plan(
        side=body["side"],
        entry=Decimal(body["entry"]),
        stop=Decimal(body["stop"]),
        targets=tuple(Decimal(price) for price in body["targets"]),
        split=tuple(body["split"]),
        atr=Decimal(1),  # not in the record, and in no message
    )
    terms = Terms(timedelta(minutes=body["max_hold_min"]), body["stop_moves"])
    return Signal(
        id=body["signal"],
        symbol=body["symbol"],
        strategy=body["strategy"],
        bar_interval=body["interval"],
        bar_closed_at=datetime.fromisoformat(body["bar_closed_at"]),
        plan=plan,
        costs=Costs(Decimal(body["spread"]), Decimal(body["commission"])),
        state="open",
        draft=publish(plan, terms, at=published_at),
    )


def _event(body: Body) -> Event:
    return Event(body["kind"], body["name"], datetime.fromisoformat(body["at"]), Decimal(body["price"]))
