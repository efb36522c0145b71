"""Fires project.yml's scheduler triggers: `minute hour day month weekday`, in UTC, as the platform does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from scripts.local.project import Function, ProjectInvalid, Trigger

MAX_TRIGGERS = 3  # of one namespace
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
Fire = Callable[[Function, Mapping[str, Any]], object]


def is_due(cron: str, at: datetime) -> bool:
    """Raises ValueError for an expression that is not five fields of numbers, lists, ranges, steps or `*`."""
    fields = cron.split()
    if len(fields) != len(_RANGES):
        raise ValueError(f"{cron!r} does not have five fields")
    minute, hour, day, month, weekday = (_numbers(text, *ends) for text, ends in zip(fields, _RANGES, strict=True))
    days = at.day in day, (at.isoweekday() % 7 in weekday or at.isoweekday() in weekday)
    # When both days are restricted, either is enough (POSIX crontab).
    right_day = any(days) if fields[2] != "*" and fields[4] != "*" else all(days)
    return at.minute in minute and at.hour in hour and at.month in month and right_day


def triggers(functions: Sequence[Function]) -> dict[str, tuple[Function, Trigger]]:
    """By name. Raises ProjectInvalid for more than a namespace takes, two of one name, or an unreadable time."""
    found = [(function, trigger) for function in functions for trigger in function.triggers]
    if len(found) > MAX_TRIGGERS:
        raise ProjectInvalid(f"{len(found)} triggers, but a namespace takes {MAX_TRIGGERS}")
    by_name = {trigger.name: (function, trigger) for function, trigger in found}
    if len(by_name) != len(found):
        raise ProjectInvalid("two triggers have the same name")
    for function, trigger in found:
        try:
            is_due(trigger.cron, datetime.now(UTC))
        except ValueError as problem:
            raise ProjectInvalid(f"{function.path}: trigger {trigger.name}: {problem}") from None
    return by_name


async def run(functions: Sequence[Function], fire: Fire) -> None:
    """Call `fire` for what is due at the start of each minute, until cancelled. A missed minute is not made up for."""
    due = triggers(functions)
    while True:
        now = datetime.now(UTC)
        minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        await asyncio.sleep((minute - now).total_seconds())
        for function, trigger in due.values():
            if is_due(trigger.cron, minute):
                fire(function, trigger.body)


def _numbers(text: str, low: int, high: int) -> set[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("*", "", "") if span == "*" else span.partition("-")
        start = low if first == "*" else int(first)
        stop = high if first == "*" or (step and not last) else int(last or first)
        if not low <= start <= stop <= high or (step and int(step) < 1):
            raise ValueError(f"{text!r} is not within {low}-{high}")
        numbers |= set(range(start, stop + 1, int(step or 1)))
    return numbers
