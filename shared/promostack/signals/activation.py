"""Switching strategies: at once when nothing is open, else when the open signal has closed."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Choice:
    """A strategy with its settings, as its fingerprint names it."""

    key: str
    fingerprint: str


@dataclass(frozen=True)
class Slot:
    """What runs for a tenant, and what waits its turn. Only the newest wish waits."""

    active: Choice | None = None
    queued: Choice | None = None
    is_switching_off: bool = False


def wish(slot: Slot, choice: Choice | None, *, has_open_signal: bool) -> Slot:
    """The owner picks a strategy, None to switch signals off. Picking what runs already takes a waiting wish back."""
    if choice == slot.active:
        return Slot(active=slot.active)
    wanted = replace(slot, queued=choice, is_switching_off=choice is None)
    return wanted if has_open_signal else settle(wanted)


def settle(slot: Slot) -> Slot:
    """The open signal has closed: what waited begins."""
    if slot.is_switching_off:
        return Slot()
    return Slot(active=slot.queued) if slot.queued is not None else slot
