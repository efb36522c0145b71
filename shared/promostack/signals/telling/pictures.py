"""Result cards and equity charts as template documents, in the tenant's colours. Pure; lengths are pixels.

A loss looks as a win does: same layout, same colours. Nothing here imitates a terminal or a statement.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from promostack.signals.ledger import plain
from promostack.signals.messages import OUTCOMES
from promostack.signals.models import Signal
from promostack.signals.positions import Position
from promostack.signals.recaps import Recap
from promostack.signals.results import result_of

WIDE, CARD_HIGH, CHART_HIGH = 1080, 1080, 810
_MARGIN, _PLATE_PAD = 84, 40
# Two layers a step, and a document takes 64.
_MOST_POINTS = 26
_LINE = 6
FOOTER = "No advice. Past results say little about the next one."
_PERIODS = {"day": "Day", "week": "Week", "month": "Month"}

Layer = dict[str, Any]


@dataclass(frozen=True)
class Brand:
    """#RRGGBB colours; `has_logo`: a logo is drawn beside the name."""

    name: str
    background: str = "#0B1739"
    accent: str = "#8B7BFF"
    has_logo: bool = False

    @property
    def ink(self) -> str:
        """White or black, whichever stands out more from the ground."""
        return readable_on(self.background)


def readable_on(background: str) -> str:
    """By relative luminance as WCAG 2.2 defines it: above 0.179 black reaches more than white."""
    channels = (int(background[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return "#000000" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 else "#FFFFFF"


def card(signal: Signal, brand: Brand) -> dict[str, Any]:
    """Of a signal that has closed."""
    position = signal.position
    assert position is not None
    assert position.outcome is not None
    result = result_of(signal.plan, position.legs, signal.costs)
    on_plate = readable_on(brand.accent)
    earned = f"{signed(result.net_pips)} pips, {signed_cents(result.net_usd)} USD an ounce, after costs"
    outcome = OUTCOMES[position.outcome]
    layers = [
        *_head(brand),
        _text("title", f"{signal.plan.side.upper()} {signal.symbol}", 236, 92, brand.ink, weight=800, size=84),
        _text("outcome", outcome[0].upper() + outcome[1:], 330, 54, brand.ink, size=40),
        _text("result", f"{signed(result.net_r)} R", 396, 190, brand.ink, weight=800, size=176),
        _text("earned", earned, 588, 48, brand.ink, size=36),
        _rect("plate", _MARGIN, 664, WIDE - 2 * _MARGIN, 288, brand.accent, radius=32),
        *_rows(signal, position, on_plate),
        _text("when", _when(position), 964, 38, brand.ink, size=28),
        _text("footer", FOOTER, 1006, 34, brand.ink, size=24),
    ]
    return _document("signal-result", CARD_HIGH, brand, layers)


def chart(recap: Recap, brand: Brand) -> dict[str, Any]:
    """The equity of a recap with at least one signal, in R after costs, a step for each signal."""
    figures = recap.figures
    won = f"{figures.wins} of {figures.n} won, deepest drawdown {plain(figures.max_drawdown_r)} R, after costs"
    layers = [
        *_head(brand),
        _text("title", f"{_PERIODS[recap.period]}: {span(recap)}", 212, 60, brand.ink, weight=800, size=44),
        _text("result", f"{signed(figures.net_r)} R", 272, 110, brand.ink, weight=800, size=92),
        _text("won", won, 384, 44, brand.ink, size=30),
        *_steps([value for _, value in recap.curve], brand),
        _text("footer", FOOTER, 752, 34, brand.ink, size=24),
    ]
    return _document("signal-equity", CHART_HIGH, brand, layers)


def span(recap: Recap) -> str:
    """The trading days of a recap."""
    first, last = recap.start + timedelta(hours=12), recap.end - timedelta(hours=12)
    return f"{first:%d %b %Y}" if recap.period == "day" else f"{first:%d %b} to {last:%d %b %Y}"


def signed(value: Decimal) -> str:
    text = plain(value)
    return text if text.startswith("-") or text == "0" else f"+{text}"


def signed_cents(value: Decimal) -> str:
    return f"{value:+.2f}"


def _head(brand: Brand) -> list[Layer]:
    name = _text("name", "{tenant}", _MARGIN, 96, brand.ink, weight=600, size=44, indent=130 if brand.has_logo else 0)
    logo = {"id": "logo", "type": "logo", "x": _MARGIN, "y": _MARGIN, "width": 96, "height": 96}
    return [logo, name] if brand.has_logo else [name]


def _rows(signal: Signal, position: Position, ink: str) -> list[Layer]:
    """One price a line, with what became of it."""
    plan = signal.plan
    rows = [("ENTRY", plan.entry, ""), ("SL", plan.stop, "")]
    for number, price in enumerate(plan.targets, 1):
        rows.append((f"TP{number}", price, "reached" if number <= position.hit else ""))
    layers = []
    for at, (name, price, became) in enumerate(rows):
        top, inner = 676 + at * 53, _PLATE_PAD
        layers.append(_text(f"row{at}", name, top, 50, ink, size=34, weight=600, indent=inner))
        layers.append(_text(f"price{at}", str(price), top, 50, ink, size=34, family="JetBrains Mono", indent=240))
        if became:
            layers.append(_text(f"became{at}", became, top, 50, ink, size=34, indent=inner, align="right"))
    return layers


def _steps(values: Sequence[Decimal], brand: Brand) -> list[Layer]:
    """From nought, on axes that hold nought."""
    points = _thinned([Decimal(0), *values])
    high, low = max(*points, Decimal(0)), min(*points, Decimal(0))
    left, wide, top, tall = _MARGIN + 130, WIDE - 2 * _MARGIN - 130, 460, 250
    reach = (high - low) or Decimal(1)
    ys = [top + float((high - value) / reach) * tall for value in points]
    step = wide / max(1, len(points) - 1)
    zero = top + float(high / reach) * tall
    layers = [_rect("zero", left, zero - 1, wide, 2, brand.ink)]
    for at, (one, other) in enumerate(itertools.pairwise(ys)):
        x = left + at * step
        layers.append(_rect(f"up{at}", x, min(one, other) - _LINE / 2, _LINE, abs(one - other) + _LINE, brand.accent))
        layers.append(_rect(f"on{at}", x, other - _LINE / 2, step + _LINE / 2, _LINE, brand.accent))
    for name, value in {"high": high, "low": low}.items():
        y = top + float((high - value) / reach) * tall - 20
        layers.append(_text(name, f"{signed(round(value, 2))} R", y, 40, brand.ink, size=28, wide=118))
    return layers


def _thinned(points: list[Decimal]) -> list[Decimal]:
    """At most so many points, the last one among them; peaks between may be lost, the figures above are exact."""
    if len(points) <= _MOST_POINTS:
        return points
    return [points[round(at * (len(points) - 1) / (_MOST_POINTS - 1))] for at in range(_MOST_POINTS)]


def _when(position: Position) -> str:
    opened, closed = position.published_at, position.closed_at or position.published_at
    same_day = opened.date() == closed.date()
    return f"{opened:%d %b %Y %H:%M} to {_end(closed, same_day)} UTC"


def _end(at: datetime, same_day: bool) -> str:
    return f"{at:%H:%M}" if same_day else f"{at:%d %b %H:%M}"


def _text(
    name: str,
    text: str,
    top: float,
    high: float,
    fill: str,
    *,
    size: float,
    weight: int = 400,
    family: str = "Inter",
    indent: float = 0,
    align: str = "left",
    wide: float | None = None,
) -> Layer:
    left = _MARGIN if align == "right" else _MARGIN + indent
    width = wide or WIDE - 2 * _MARGIN - indent
    box = {"x": left, "y": top, "width": width, "height": high}
    style = {"max_size": size, "min_size": 12, "lines": 1, "fill": fill, "align": align, "valign": "middle"}
    return {"id": name, "type": "text", **box, "text": text, "font": {"family": family, "weight": weight}, **style}


def _rect(name: str, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0) -> Layer:
    box = {"x": x, "y": y, "width": width, "height": height}
    return {"id": name, "type": "rect", **box, "fill": fill, "radius": radius}


def _document(slug: str, height: int, brand: Brand, layers: list[Layer]) -> dict[str, Any]:
    shape: Mapping[str, Any] = {
        "width": WIDE,
        "height": height,
        "background": {"color": brand.background},
        "layers": layers,
    }
    return {
        "schema": 2,
        "slug": slug,
        "name": "Signals",
        "fields": {"tenant": {"sample": "Signals", "public": False, "max": 200}},
        "formats": {"picture": shape},
    }
