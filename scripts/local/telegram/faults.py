"""Troubles on demand: which calls of which bot go wrong, how, and how often."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

from .errors import ApiError, forbidden, too_many_requests

REFUSALS = {
    "blocked": lambda: forbidden("bot was blocked by the user"),
    "deactivated": lambda: forbidden("user is deactivated"),
    "kicked": lambda: forbidden("bot was kicked from the channel chat"),
    "500": lambda: ApiError(500, "Internal Server Error"),
    "502": lambda: ApiError(502, "Bad Gateway"),
}
KINDS = ("429", "slow", "lost_answer", "lost_request", "html", "refuse", *REFUSALS)


@dataclass
class Fault:
    """A trouble for the calls that fit.

    kind: `429` (with retry_after; `gate` also refuses every later call of the bot until it ends), `slow` (performed,
    answered after delay_s), `lost_answer` (performed, connection closed), `lost_request` (closed before anything
    happens), `html` (502 page of a proxy), `refuse` (status and description as given), `blocked`, `deactivated`,
    `kicked`, `500`, `502`.
    bot, method, chat_id: None fits all. times: None is until removed. share: of the fitting calls, by a seeded choice.
    """

    id: int
    kind: str
    bot: int | None = None
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    share: float = 1.0
    retry_after: int = 3
    delay_s: float = 5.0
    gate: bool = True
    status: int = 400
    description: str = "Bad Request: refused on demand"
    used: int = 0

    def fits(self, bot_id: int, method: str, chat_id: str) -> bool:
        return (
            (self.times is None or self.used < self.times)
            and self.bot in (None, bot_id)
            and (self.method or method).lower() == method.lower()
            and (self.chat_id is None or str(self.chat_id) == chat_id)
        )

    def refusal(self) -> ApiError | None:
        """The error that the caller gets instead of an answer, None for troubles of the connection."""
        if self.kind == "429":
            return too_many_requests(self.retry_after)
        if self.kind == "refuse":
            return ApiError(self.status, self.description)
        return REFUSALS[self.kind]() if self.kind in REFUSALS else None


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._next_id = 1
        self._chance = random.Random(1)

    def add(self, data: dict[str, Any]) -> Fault:
        """Raises ValueError for an unknown kind or field."""
        unknown = set(data) - set(Fault.__dataclass_fields__) | ({"id", "used"} & set(data))
        if unknown or data.get("kind") not in KINDS:
            raise ValueError(f"a fault has a kind of {KINDS} and the fields of Fault; unknown: {sorted(unknown)}")
        fault = Fault(id=self._next_id, **data)
        self._next_id += 1
        self._faults.append(fault)
        return fault

    def remove(self, fault_id: int | None = None) -> None:
        self._faults = [fault for fault in self._faults if fault_id is not None and fault.id != fault_id]

    def seed(self, seed: int) -> None:
        self._chance.seed(seed)

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]

    def take(self, bot_id: int, method: str, chat_id: str) -> Fault | None:
        """The first fault that fits this call, used up by one."""
        for fault in self._faults:
            if fault.fits(bot_id, method, chat_id) and self._chance.random() < fault.share:
                fault.used += 1
                return fault
        return None
