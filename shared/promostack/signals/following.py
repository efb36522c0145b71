"""A signal's next bar: fills and milestones first, then the question whether its reason still stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from promostack.signals import thesis
from promostack.signals.bars import Bars
from promostack.signals.candles import Bar
from promostack.signals.positions import Event, Position
from promostack.signals.tracking import advance, invalidate


def follow(
    position: Position, bar: Bar, *, bars: Bars, finer: Sequence[Bar] = ()
) -> tuple[Position, tuple[Event, ...]]:
    """The position after a closed base bar. `bars` ends with that bar. A broken thesis closes the signal there."""
    position, events = advance(position, bar, finer=finer)
    if not thesis.is_due(position, bar.closed_at):
        return position, events
    verdict = thesis.judge(position, thesis.read(bars), bar.close)
    position = replace(position, judged_at=bar.closed_at)
    events = (*events, Event("thesis", verdict, bar.closed_at, bar.close))
    if verdict == "broken":
        position, ended = invalidate(position, price=bar.close, at=bar.closed_at)
        events = (*events, *ended)
    return position, events
