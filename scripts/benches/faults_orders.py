"""What people will do and what has to come of it: planned by a seed, written to a file before anything starts.

An effect is something that a person sees once in his chat: `welcome`, `refusal` (of a wrong code), `gallery`, `page`
(of the gallery; an edit leaves the same behind when it is made twice), `picture`, `file`, and `message` (enqueued by
somebody else, of the kinds of delivery).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = {"journey": 10, "signal": 20, "broadcast": 30}
MESSAGES_A_CHAT = 4
PICTURE_SHARE = 0.2
_FIRST_USER = 800_000_001


@dataclass
class Chat:
    """One person with one bot. steps: [what he does, the code or nothing]; messages: [kind, text]."""

    number: int
    bot: dict[str, Any]
    user: int
    steps: list[tuple[str, str]] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    effects: list[dict[str, str]] = field(default_factory=list)

    @property
    def valid_codes(self) -> list[str]:
        return [code for what, code in self.steps if what == "code"]

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def plan(bots: Sequence[dict[str, Any]], chats: int, seed: int) -> list[Chat]:
    """`chats` of them, dealt to the bots in turn, every fifth one up to the picture and its file."""
    rng = random.Random(seed)
    return [_chat(number, bots[number % len(bots)], rng) for number in range(chats)]


def _chat(number: int, bot: dict[str, Any], rng: random.Random) -> Chat:
    made = Chat(number, bot, _FIRST_USER + number)
    made.steps.append(("start", ""))
    made.effects.append({"what": "welcome", "marker": ""})
    wants_picture = number % round(1 / PICTURE_SHARE) == 0
    words = ["code"] if wants_picture else rng.choice((["wrong", "code", "wrong"], ["code", "wrong", "code"]))
    for at, word in enumerate(words):
        code = f"{'W' if word == 'wrong' else 'V'}{number:05d}-{at}"
        made.steps.append((word, code))
        made.effects.append({"what": "refusal" if word == "wrong" else "gallery", "marker": code})
    if wants_picture:
        code = made.valid_codes[0]
        for what in ("page", "picture", "file"):
            made.steps.append((what, code))
            made.effects.append({"what": what, "marker": code})
    for at in range(MESSAGES_A_CHAT):
        kind = rng.choice(list(KINDS))
        text = f"News {number:05d}-{at}"
        made.messages.append((kind, text))
        made.effects.append({"what": "message", "marker": text, "kind": kind})
    return made
