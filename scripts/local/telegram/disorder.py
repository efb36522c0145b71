"""Disorder among updates on demand: doubled, overtaken, or answered into the void. Settings, all 0 unless asked for.

double_share     of the updates arrive twice, half of them at the same time
overtaken_share  of the updates come up to OVERTAKEN_S later, so that later ones of the same chat come first;
                 Telegram itself reorders across chats and kinds only
deaf_share       of the webhook's answers are lost on the way back: the work was done, the update comes again
"""

from __future__ import annotations

import random

from .state import World

OVERTAKEN_S = 3.0
SEED = 1


class Disorder:
    """Chooses by a seeded sequence, anew after a reset."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.restart()

    def restart(self) -> None:
        self._chance = random.Random(SEED)
        self._queues = 0

    def _strikes(self, setting: str) -> bool:
        share = float(self.world.settings[setting])
        return share > 0 and self._chance.random() < share

    def place(self, queue: str) -> tuple[str, float]:
        """(the queue of a new update, its delay in seconds)."""
        if not self._strikes("overtaken_share"):
            return queue, 0.0
        self._queues += 1
        return f"overtaken:{self._queues}", self._chance.uniform(0, OVERTAKEN_S)

    def copies(self) -> list[int]:
        """How often an update is delivered now, and how often again after that."""
        if not self._strikes("double_share"):
            return [1]
        return [2] if self._chance.random() < 0.5 else [1, 1]

    def is_deaf(self) -> bool:
        return self._strikes("deaf_share")
