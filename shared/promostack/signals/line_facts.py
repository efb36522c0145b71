"""What a line may say: the plan's facts, the line made from them without anybody's help, and how a draft is filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from promostack.signals.models import Signal

MOST_CHARACTERS = 240
PLACEHOLDER = re.compile(r"\{([a-z0-9]+)\}")
REQUIRED = ("entry", "stop")


@dataclass(frozen=True)
class Facts:
    """`values` by placeholder, as texts; `direction` 1 for a buy, -1 for a sell; `reasons` are the strategy's own."""

    direction: int
    values: Mapping[str, str]
    reasons: tuple[str, ...] = ()


def facts_of(signal: Signal) -> Facts:
    plan, hold = signal.plan, int(signal.draft.terms.max_hold.total_seconds()) // 60
    values = {
        "side": plan.side.upper(),
        "symbol": signal.symbol,
        "entry": str(plan.entry),
        "stop": str(plan.stop),
        **{f"tp{number}": str(price) for number, price in enumerate(plan.targets, 1)},
        "hold": f"{hold // 60} h" if hold % 60 == 0 else f"{hold} min",
        "interval": signal.bar_interval,
    }
    return Facts(plan.direction, values, plan.reasons)


def template_line(facts: Facts) -> str:
    """What is said when nobody else says it; plain text."""
    beyond = "under" if facts.direction > 0 else "over"
    return fill("The plan enters at {entry}; " + beyond + " {stop} its reason is gone.", facts)


def fill(draft: str, facts: Facts) -> str:
    """The draft with the values in it, on one line. Raises KeyError for a placeholder that there is not."""
    return PLACEHOLDER.sub(lambda found: facts.values[found[1]], " ".join(draft.split()))


def as_html(line: str) -> str:
    """Telegram's."""
    return escape(line, quote=False)
