"""What the values of a template painted last, kept while only the code changes.

A campaign asks for one picture after the other with the same texts and another code. The layers below the first one
that looks at the code are then the same each time: the second picture with the same values keeps them, later ones
begin there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from promostack.rendering.canvas import Canvas
from promostack.rendering.contrast import Finding
from promostack.rendering.encode import Kept
from promostack.rendering.strips import Rows

Values = tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """`image` with everything below the first layer that looks at the code; `touched` since the compiled base;
    `found`: how its texts stand out."""

    image: Image.Image
    touched: Rows
    found: Mapping[str, Finding]
    kept: Kept = field(default_factory=Kept)


class Stages:
    """The last one only: other values begin anew."""

    def __init__(self) -> None:
        self._values: Values | None = None
        self.last: Stage | None = None

    def get(self, values: Values) -> Stage | None:
        return self.last if values == self._values else None

    def forget(self) -> None:
        self._values = self.last = None

    def offer(self, values: Values, canvas: Canvas, found: Mapping[str, Finding]) -> Stage | None:
        """Keeps what is painted so far, if the picture before had the same values."""
        if values != self._values:
            self._values, self.last = values, None
            return None
        self.last = Stage(canvas.image.copy(), list(canvas.touched), dict(found))
        return self.last
