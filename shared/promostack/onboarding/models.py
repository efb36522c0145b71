"""How far a workspace is."""

from dataclasses import dataclass
from typing import Literal

StepName = Literal["telegram", "codes", "business", "done"]
StepState = Literal["done", "next", "later"]
# What the page offers for it.
Do = Literal[
    "connect_bot",
    "mend_bot",
    "connect_channel",
    "mend_channel",
    "choose_codes",
    "fill_business",
    "make_template",
    "post",
]


@dataclass(frozen=True)
class Action:
    """The one thing that a step lacks first, in words for the owner."""

    do: Do
    title: str
    text: str


@dataclass(frozen=True)
class Step:
    """`done` when nothing is missing; the first that lacks something is `next`, all behind it are `later`."""

    name: StepName
    state: StepState
    missing: Action | None
