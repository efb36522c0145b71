"""The track record as a chain: each row holds the hash of the one before, over canonical JSON.

Whoever keeps a posted head can tell that nothing before it was changed, left out or added. `scripts/verify-ledger`
checks an export without this code. Rows hold texts and whole numbers only: a float would print differently elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from promostack.signals.contract import Strategy
    from promostack.signals.evaluation import Evaluation
    from promostack.signals.positions import Event, Position
    from promostack.signals.results import Costs, Result
    from promostack.signals.statistics import Statistics

Kind = Literal["plan", "fate", "event", "closed", "recap"]
GENESIS = "0" * 64


class LedgerBroken(Exception):
    """A value that cannot be written down exactly."""


@dataclass(frozen=True)
class Row:
    """`hash` covers all the others. `at`: when it was appended, never before the row before it."""

    seq: int
    at: datetime
    kind: Kind
    body: Mapping[str, Any]
    prev: str
    hash: str

    def line(self) -> str:
        """As exported: one line of canonical JSON, hash included."""
        return canonical_json({**_hashed(self.seq, self.at, self.kind, self.body, self.prev), "hash": self.hash})


def append(last: Row | None, *, at: datetime, kind: Kind, body: Mapping[str, Any]) -> Row:
    """The next row. A clock that went back does not turn the order around."""
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    moment = max(at, last.at) if last else at
    digest = hashlib.sha256(canonical_json(_hashed(seq, moment, kind, body, prev)).encode()).hexdigest()
    return Row(seq, moment, kind, body, prev, digest)


def canonical_json(value: Any) -> str:
    """Sorted keys, no blanks, UTF-8; raises LedgerBroken for floats and what JSON does not know."""
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plan_body(signal: str, strategy: Strategy, found: Evaluation, *, symbol: str, costs: Costs) -> dict[str, Any]:
    """A plan that passed the checks, with all that its result will be measured by."""
    plan = found.plan
    assert plan is not None
    return {
        "signal": signal,
        "strategy": strategy.key,
        "fingerprint": strategy.fingerprint,
        "symbol": symbol,
        "interval": strategy.interval,
        "bar_closed_at": time_text(found.bar_closed_at),
        "side": plan.side,
        "entry": str(plan.entry),
        "stop": str(plan.stop),
        "targets": [str(price) for price in plan.targets],
        "split": list(plan.split),
        "max_hold_min": int(strategy.terms.max_hold.total_seconds()) // 60,
        "stop_moves": strategy.terms.stop_moves,
        "spread": str(costs.spread),
        "commission": str(costs.commission),
    }


def fate_body(
    signal: str, fate: str, *, reason: str = "", published_at: datetime | None = None, line: str = ""
) -> dict[str, Any]:
    """What became of a plan: `published` with its time, or why it was not. `line`: what somebody else wrote beside the
    facts; without one there is no such key."""
    return {
        "signal": signal,
        "fate": fate,
        "reason": reason,
        "published_at": time_text(published_at) if published_at else "",
        **({"line": line} if line else {}),
    }


def event_body(signal: str, event: Event) -> dict[str, Any]:
    return {
        "signal": signal,
        "kind": event.kind,
        "name": event.name,
        "at": time_text(event.at),
        "price": plain(event.price),
    }


def closed_body(signal: str, position: Position, result: Result) -> dict[str, Any]:
    """The end of a published signal."""
    assert position.closed_at is not None
    return {
        "signal": signal,
        "outcome": str(position.outcome),
        "closed_at": time_text(position.closed_at),
        "legs": [{"share": leg.share, "price": str(leg.price), "why": leg.why} for leg in position.legs],
        "gross_usd": plain(result.gross_usd),
        "net_usd": plain(result.net_usd),
        "net_pips": plain(result.net_pips),
        "gross_r": plain(result.gross_r),
        "net_r": plain(result.net_r),
        "ambiguous": position.ambiguous,
        "gap_fills": position.gap_fills,
    }


def recap_body(period: str, start: datetime, end: datetime, figures: Statistics) -> dict[str, Any]:
    """Figures of the signals that closed from `start` to before `end`. What is not known is an empty text."""
    return {
        "period": period,
        "from": time_text(start),
        "to": time_text(end),
        "n": figures.n,
        "wins": figures.wins,
        "tp1_hits": figures.tp1_hits,
        "net_r": plain(figures.net_r),
        "net_pips": plain(figures.net_pips),
        "win_rate": _optional(figures.win_rate),
        "profit_factor": _optional(figures.profit_factor),
        "max_drawdown_r": plain(figures.max_drawdown_r),
        "best_r": _optional(figures.best_r),
        "worst_r": _optional(figures.worst_r),
    }


def time_text(at: datetime) -> str:
    """UTC to the microsecond, always of the same length, so that texts sort as times do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Decimal) -> str:
    """Without exponent and without zeros at the end: one text for one number."""
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


def export(rows: Iterable[Row]) -> str:
    """JSON lines, as the verifier takes them."""
    return "".join(f"{row.line()}\n" for row in rows)


def _hashed(seq: int, at: datetime, kind: str, body: Mapping[str, Any], prev: str) -> dict[str, Any]:
    return {"seq": seq, "at": time_text(at), "kind": kind, "body": dict(body), "prev": prev}


def _optional(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _check(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise LedgerBroken(f"the key {key!r} is no text")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif not isinstance(value, (str, int)) or isinstance(value, bool):
        raise LedgerBroken(f"{value!r} is neither text nor whole number")
