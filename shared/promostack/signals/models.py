"""What a tenant chose, and a signal as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from promostack.signals.intervals import Interval
from promostack.signals.plans import Plan
from promostack.signals.positions import Position
from promostack.signals.rails import Rails
from promostack.signals.results import Costs

State = Literal["draft", "open", "closed", "unpublished"]


@dataclass(frozen=True)
class Settings:
    """`strategy` None: signals are off. `queued`: what begins when the open signal closes, None when nothing waits."""

    channel_id: str | None = None
    strategy: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    queued: Mapping[str, Any] | None = None
    active_since: datetime | None = None
    paused_until: datetime | None = None
    rails: Rails = field(default_factory=Rails)
    bot_id: str | None = None
    chat_id: int | None = None


@dataclass(frozen=True)
class Signal:
    """A plan that is to be published, is, or was. `position` is None for a draft; `edits` counts changed messages.

    `sending` and the three after it tell what became of its message in the outbox.
    """

    id: str
    symbol: str
    strategy: str
    bar_interval: Interval
    bar_closed_at: datetime
    plan: Plan
    costs: Costs
    state: State
    draft: Position
    """The position as it would be if it were published at the bar's close: plan, terms and readings."""
    position: Position | None = None
    bot_id: str | None = None
    chat_id: int | None = None
    outbox_id: int | None = None
    message_id: int | None = None
    told: tuple[str, ...] = ()
    last_told_at: datetime | None = None
    edits: int = 0
    reason: str = ""
    sending: str | None = None
    sent_as: int | None = None
    sent_at: datetime | None = None
    error_code: str | None = None
    line: str = ""
    """What somebody else wrote beside the facts; empty: the template's."""
