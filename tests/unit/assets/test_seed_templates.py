"""The seed templates: complete, readable, inside the safe zones, and able to carry what people type."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from promostack.rendering.assets import AssetMissing
from promostack.rendering.service import Picture, render
from promostack.templates.document import Document, LogoLayer, TextLayer, parse_document
from tests.sampling import each_with_one

SEED = Path(__file__).resolve().parents[3] / "shared" / "assets" / "seed"
SLUGS = sorted(path.stem for path in (SEED / "templates").glob("*.json"))
FORMATS = {"square": (1080, 1080), "story": (1080, 1920), "feed": (1080, 1350)}
EVERY = [(slug, name) for slug in SLUGS for name in FORMATS]
LINK = "https://example.com/?promo=WELCOME-30"
HEADLINES = ("ЛЕТО −50 %", "خصم ٢٠٪ حتى الجمعة", "夏セール", "ग्रीष्म छूट", "ลดราคาฤดูร้อน", "Family 👨‍👩‍👧‍👦")
LONG_HEADLINE = "The biggest price drop of the whole year ends this Sunday!!!"
LONG_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" * 2
# A story's first and last 250 px lie under the app's own controls.
STORY_SAFE = (250, 1920 - 250)
# Seen on a phone, a picture's 1 080 px are about 360 px wide: what is 72 px or more counts as large text.
LARGE_PX = 72


class Art:
    def load(self, key: str) -> bytes:
        path = SEED / "art" / key.removeprefix("seed/")
        if not path.is_file():
            raise AssetMissing(key)
        return path.read_bytes()


@cache
def document(slug: str) -> Document:
    return parse_document(json.loads((SEED / "templates" / f"{slug}.json").read_text(encoding="utf-8")))


def drawn(
    slug: str, shape: str, *, code: str = "WELCOME-30", fields: dict[str, str] | None = None, **options: Any
) -> Picture:
    return render(
        document(slug), format=shape, fields=fields or {}, code=code, assets=Art(), referral_link=LINK, **options
    )


def asset_keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "asset" and isinstance(inner, str):
                yield inner
            else:
                yield from asset_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from asset_keys(inner)


def test_there_are_at_least_eight_templates() -> None:
    assert len(SLUGS) >= 8


@pytest.mark.parametrize("path", sorted((SEED / "art").glob("*.*g")), ids=lambda path: path.stem)
def test_art_is_named_by_its_content(path: Path) -> None:
    assert path.name.split(".")[-2] == hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def test_every_picture_is_used_and_every_photograph_recorded() -> None:
    used = {key for slug in SLUGS for key in asset_keys(json.loads((SEED / "templates" / f"{slug}.json").read_text()))}
    art = {f"seed/{path.name}" for path in (SEED / "art").glob("*.*g") if "-logo." not in path.name}
    assert used == art
    recorded = (SEED / "art" / "VENDORED.md").read_text(encoding="utf-8")
    assert all(name in recorded for name in ("golden-hour", "liftoff", "logo-northwind-logo"))


def test_art_stays_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in (SEED / "art").iterdir()) < 6.5 * 2**20


@pytest.mark.parametrize("slug", SLUGS)
def test_document_is_complete(slug: str) -> None:
    parsed = document(slug)
    assert parsed.slug == slug
    assert {name: (shape.width, shape.height) for name, shape in parsed.formats.items()} == FORMATS
    assert parsed.fields["headline"].public
    assert parsed.fields["headline"].sample
    for shape in parsed.formats.values():
        texts = " ".join(layer.text for layer in shape.layers if isinstance(layer, TextLayer))
        assert {"{headline}", "{code}"} <= set(re.findall(r"\{\w+\}", texts))
        assert any(isinstance(layer, LogoLayer) for layer in shape.layers)


@pytest.mark.parametrize("slug", SLUGS)
def test_samples_promise_no_discount_and_no_date(slug: str) -> None:
    """A field left out is drawn with its sample, so a sample must be true of any code."""
    assert not any(re.search(r"\d|%", rule.sample) for rule in document(slug).fields.values())


@pytest.mark.parametrize(("slug", "shape"), EVERY)
def test_text_and_logo_stay_inside_the_picture_and_the_safe_zone(slug: str, shape: str) -> None:
    width, height = FORMATS[shape]
    top, bottom = STORY_SAFE if shape == "story" else (48, height - 48)
    for layer in document(slug).formats[shape].layers:
        if isinstance(layer, TextLayer | LogoLayer):
            reach = 1.5 * layer.shadow.blur if isinstance(layer, TextLayer) and layer.shadow else 0
            assert layer.x + reach >= 48
            assert layer.x + layer.width - reach <= width - 48
            assert layer.y + reach >= top
            assert layer.y + layer.height - reach <= bottom


@pytest.mark.parametrize(("slug", "shape"), each_with_one(EVERY))
def test_long_texts_fit_without_shrinking_below_their_minimum(slug: str, shape: str) -> None:
    report = drawn(slug, shape, code=LONG_CODE, fields={"headline": LONG_HEADLINE}).report
    outcomes = {text.id: text.outcome for text in report.texts}
    assert outcomes["headline"] == "fits"
    assert outcomes["code"] in ("fits", "emergency")  # a code without a break is cut between letters
    assert next(text.size for text in report.texts if text.id == "code") >= 24


@pytest.mark.parametrize(("slug", "headline"), each_with_one(list(product(SLUGS, HEADLINES))))
def test_headline_of_any_script_has_all_its_glyphs(slug: str, headline: str) -> None:
    report = drawn(slug, "square", fields={"headline": headline}).report
    assert report.missing == ()
    assert {text.id: text.outcome for text in report.texts}["headline"] == "fits"


def luminance(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """WCAG relative luminance of sRGB 0–255."""
    share = pixels / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    weighted: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def pixels(picture: Picture) -> NDArray[np.float64]:
    return np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGBA"), np.float64)


@cache
def without_text(slug: str) -> Document:
    data = json.loads((SEED / "templates" / f"{slug}.json").read_text(encoding="utf-8"))
    for shape in data["formats"].values():
        shape["layers"] = [layer for layer in shape["layers"] if layer["type"] != "text"]
    return parse_document(data)


@pytest.mark.parametrize(("slug", "shape"), each_with_one(EVERY))
def test_text_stands_out_from_what_is_under_it(slug: str, shape: str) -> None:
    """WCAG AA for nineteen in twenty of the inked pixels: 4.5, for large text 3."""
    layers = document(slug).formats[shape].layers
    texts = [layer for layer in layers if isinstance(layer, TextLayer) and layer.background is None]
    filled = {name: "−30 %" for name, rule in document(slug).fields.items() if not rule.sample}
    below = pixels(render(without_text(slug), format=shape, fields=filled, code="A", assets=Art(), output="png"))
    ink = drawn(slug, shape, fields=filled, only=[layer.id for layer in texts], output="png")
    over = pixels(ink)
    sizes = {text.id: text.size for text in ink.report.texts}
    for layer in texts:
        rows = slice(max(0, int(layer.y)), int(layer.y + layer.height))
        columns = slice(max(0, int(layer.x)), int(layer.x + layer.width))
        inked = over[rows, columns, 3] > 250
        light, dark = luminance(over[rows, columns][inked][:, :3]), luminance(below[rows, columns][inked][:, :3])
        contrast = (np.maximum(light, dark) + 0.05) / (np.minimum(light, dark) + 0.05)
        needed = 3.0 if sizes[layer.id] >= LARGE_PX else 4.5
        assert np.percentile(contrast, 5) >= needed, layer.id
