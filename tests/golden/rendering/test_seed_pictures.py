"""One golden picture per seed template, its formats taking turns; looked at by people when it changes.

`PYTHONPATH=shared:. .venv/bin/python -m tests.golden.rendering.test_seed_pictures` writes them anew.
"""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.golden.rendering.seeds import SLUGS, draw, load

FOLDER = Path(__file__).with_name("seeds")
# Kept at a third of their size; processors may round the last bit of a coverage differently.
REDUCED = 3
TOLERANCE = 2


def format_of(slug: str) -> str:
    formats = list(load(slug).formats)
    return formats[SLUGS.index(slug) % len(formats)]


def drawn(slug: str) -> Image.Image:
    picture = draw(load(slug), format_of(slug))
    return Image.open(io.BytesIO(picture.data)).convert("RGB").reduce(REDUCED)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_picture_is_the_golden_one(slug):
    golden = Image.open(FOLDER / f"{slug}.png").convert("RGB")
    found = drawn(slug)
    assert found.size == golden.size
    difference = ImageChops.difference(found, golden)
    assert max(high for _, high in difference.getextrema()) <= TOLERANCE


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in SLUGS:
        drawn(each).save(FOLDER / f"{each}.png", optimize=True)
