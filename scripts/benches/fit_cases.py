"""The cases of the bench `fit`: texts of fit_texts.json in boxes, fonts and weights drawn with a fixed seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.benches.fit_search import Face, is_of_one_direction, places

TEXTS = Path(__file__).with_name("fit_texts.json")
CASES = 10_500
MOST_PLACES = 40
SEED = 20264


def layers(faces: list[Face]) -> Iterator[tuple[Face, dict[str, Any]]]:
    """Text layers, each with the face that holds all of its characters."""
    rng = random.Random(SEED)
    texts = [" ".join(text.split()) for text in json.loads(TEXTS.read_text(encoding="utf-8"))["texts"]]
    holders = {text: [face for face in faces if face.holds(text)] for text in texts if is_of_one_direction(text)}
    usable = [text for text in texts if holders.get(text) and len(places(text)) <= MOST_PLACES]
    for _ in range(CASES):
        text = rng.choice(usable)
        face = rng.choice(holders[text])
        yield face, _layer(text, face, rng)


def _layer(text: str, face: Face, rng: random.Random) -> dict[str, Any]:
    return {
        "id": "text",
        "type": "text",
        "text": text,
        "font": {"family": face.family, "weight": rng.choice([100, 400, 640, 900])},
        "x": rng.choice([0, 40, 77.25]),
        "y": rng.choice([0, 60, 133.3]),
        "width": rng.choice([240, 420.5, 640, 920]),
        "height": rng.choice([90, 180, 320, 500]),
        "lines": rng.choice([1, 2, 2, 3, 3, 4, 6]),
        "max_size": rng.choice([48, 96, 160, 300]),
        "min_size": rng.choice([8, 12, 20]),
        "align": rng.choice(["left", "center", "right"]),
        "valign": rng.choice(["top", "middle", "bottom"]),
        "line_height": rng.choice([0.9, 1.15, 1.4]),
        "overflow": rng.choice(["shrink", "ellipsis"]),
    }
