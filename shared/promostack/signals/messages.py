"""What subscribers read: facts made from stored state. One price a line, because people copy them into trades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from html import escape

from promostack.signals.ledger import plain
from promostack.signals.line_facts import as_html, facts_of, template_line
from promostack.signals.models import Signal
from promostack.signals.positions import Event, Position
from promostack.signals.recaps import Recap
from promostack.signals.results import PIP, Result, result_of

DISCLAIMER = "No advice. Past results say little about the next one; trade only what you can afford to lose."
OUTCOMES = {
    "tp3": "all targets reached",
    "stopped": "stopped out",
    "breakeven": "stopped at the entry",
    "locked_profit": "stopped at the first target",
    "timeout": "closed at the end of its time",
    "invalidated": "closed early, its reason no longer stands",
}
NEWS = {
    "progress_40": "40 % of the way to TP1",
    "progress_70": "70 % of the way to TP1",
    "progress_tp2_50": "half of the way from TP1 to TP2",
    "danger_60": "60 % of the way to the stop",
    "weakening": "its reason weakens",
}
_PERIODS = {"day": "Day", "week": "Week", "month": "Month"}


def signal_text(signal: Signal) -> str:
    """Telegram's HTML: the plan and, once it is followed, how it stands."""
    plan = signal.plan
    lines = [f"<b>{plan.side.upper()} {escape(signal.symbol)}</b>", f"ENTRY {plan.entry}", f"SL {plan.stop}"]
    hit = signal.position.hit if signal.position else 0
    for number, (price, share) in enumerate(zip(plan.targets, plan.split, strict=True), 1):
        reached = " ✅" if number <= hit else ""
        lines.append(f"TP{number} {price} ({share} %){reached}")
    lines += ["", f"{signal.bar_interval} bars, longest hold {_span(signal.draft.terms.max_hold)}"]
    lines += _standing(signal, signal.position) if signal.position else []
    lines += ["", as_html(signal.line or template_line(facts_of(signal)))]
    return "\n".join([*lines, "", f"<i>{DISCLAIMER}</i>"])


def news_text(signal: Signal, event: Event) -> str:
    """A reply under the signal."""
    name = f"{signal.plan.side.upper()} {escape(signal.symbol)}"
    if event.kind == "closed" and signal.position is not None:
        return f"<b>{name} closed</b>: {OUTCOMES[event.name]}\n{_result(_result_of(signal, signal.position))}"
    if event.kind == "target":
        lines = [f"<b>{name}: {event.name.upper()} {plain(event.price)} reached</b>"]
        if signal.position is not None and signal.position.stop != signal.plan.stop:
            lines.append(f"SL {signal.position.stop}")
        return "\n".join(lines)
    return f"{name}: {NEWS[event.name]}"


def result_caption(signal: Signal) -> str:
    """Under the card of a signal that has closed, for those who do not see it."""
    assert signal.position is not None
    assert signal.position.outcome is not None
    name = f"{signal.plan.side.upper()} {escape(signal.symbol)}"
    return f"<b>{name}</b>: {OUTCOMES[signal.position.outcome]}\n{_result(_result_of(signal, signal.position))}"


def recap_text(recap: Recap, head: str) -> str:
    """Losing periods read the same as winning ones."""
    figures = recap.figures
    last = recap.end - timedelta(hours=12)
    first = recap.start + timedelta(hours=12)
    days = f"{first:%d %b %Y}" if recap.period == "day" else f"{first:%d %b} to {last:%d %b %Y}"
    lines = [f"<b>{_PERIODS[recap.period]}: {days}</b>", f"Signals closed: {figures.n}"]
    if figures.n:
        low, high = figures.win_rate_95 or (Decimal(0), Decimal(1))
        lines += [
            f"Net: {_signed(figures.net_r)} R, {_signed(figures.net_pips)} pips of {PIP} USD, costs included",
            f"Won: {figures.wins} of {figures.n} ({_percent(figures.win_rate)}, 95 % interval {_percent(low)} to"
            f" {_percent(high)})",
            f"TP1 reached: {figures.tp1_hits} of {figures.n}",
            f"Profit factor: {'no loss' if figures.profit_factor is None else plain(figures.profit_factor)}",
            f"Deepest drawdown: {plain(figures.max_drawdown_r)} R",
            f"Best {_signed(figures.best_r)} R, worst {_signed(figures.worst_r)} R",
        ]
    return "\n".join([*lines, "", f"Record ends in <code>{head}</code>", f"<i>{DISCLAIMER}</i>"])


def _standing(signal: Signal, position: Position) -> Sequence[str]:
    if position.outcome is not None:
        return [f"<b>Closed</b>: {OUTCOMES[position.outcome]}", _result(_result_of(signal, position))]
    return [f"SL now {position.stop}"] if position.stop != signal.plan.stop else []


def _result_of(signal: Signal, position: Position) -> Result:
    return result_of(signal.plan, position.legs, signal.costs)


def _result(result: Result) -> str:
    return f"Net {_signed(result.net_r)} R, {_signed(result.net_pips)} pips, {_signed(result.net_usd)} USD an ounce"


def _signed(value: Decimal | None) -> str:
    text = plain(value or Decimal(0))
    return text if text.startswith("-") or text == "0" else f"+{text}"


def _percent(share: Decimal | None) -> str:
    return f"{plain(((share or Decimal(0)) * 100).quantize(Decimal(1)))} %"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def message_params(text: str, **more: object) -> Mapping[str, object]:
    """Of sendMessage and editMessageText."""
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}, **more}
