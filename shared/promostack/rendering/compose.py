"""A compiled format and values painted: what the last picture has in common with this one is taken from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PIL import Image

from promostack.rendering import paint as layers
from promostack.rendering.canvas import Canvas
from promostack.rendering.compiled import Compiled, Step, visible
from promostack.rendering.contrast import Finding
from promostack.rendering.encode import Held
from promostack.rendering.layout import TextLayout


@dataclass(frozen=True)
class Painted:
    """`held`: strips of files that show it; `found`: how the changing texts stand out."""

    image: Image.Image
    held: Held
    found: Mapping[str, Finding]


def paint(
    compiled: Compiled, values: Mapping[str, str], texts: Mapping[str, TextLayout], image_of: layers.ImageOf
) -> Painted:
    """Begins where the layers look at the code, if the picture before had the same values but for that."""
    scene = layers.Scene(compiled.scale, values, {**compiled.texts, **texts}, image_of, compiled.logo)
    settled, rest = compiled.steps[: compiled.settled], compiled.steps[compiled.settled :]
    looked_at = tuple(values.get(name, "") for name in compiled.looked_at)
    stage = compiled.stages.get(looked_at)
    if stage:
        canvas, early = Canvas(stage.image.copy()), stage.touched
        scene.found.update(stage.found)
    else:
        canvas = Canvas(compiled.base.copy())
        _take(settled, canvas, scene)
        stage = compiled.stages.offer(looked_at, canvas, scene.found) if settled else None
        early, canvas.touched = canvas.touched, []
    _take(rest, canvas, scene)
    held = [(compiled.kept, [*early, *canvas.touched])]
    if stage:
        held.append((stage.kept, canvas.touched))
    return Painted(canvas.image, held, scene.found)


def _take(steps: Iterable[Step], canvas: Canvas, scene: layers.Scene) -> None:
    """Paints the layers that change, and the patches, which do not count as touching."""
    for step in steps:
        if step.patch:
            if step.text:
                layers.judge(canvas, step.text, scene)
            fixed = len(canvas.touched)
            canvas.picture(step.patch)
            del canvas.touched[fixed:]
        elif step.layer and visible(step.layer, scene.values):
            layers.paint(canvas, step.layer, scene, has_pill=step.has_pill)
