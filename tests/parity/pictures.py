"""One picture drawn twice: by the server's renderer and on a canvas in the browser."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from promostack.rendering.service import render

ROOT = Path(__file__).parents[2]
SEED = ROOT / "shared/assets/seed"
WORST = ROOT / ".local/parity"
GROUND = (26, 43, 76)
LINK = "https://example.com/?promo=WELCOME-30"


@dataclass(frozen=True)
class Pair:
    name: str
    server: Image.Image
    browser: Image.Image

    def save(self, folder: Path = WORST) -> Path:
        """Server, browser and four times their difference, side by side."""
        folder.mkdir(parents=True, exist_ok=True)
        width, height = self.server.size
        apart = np.abs(np.asarray(self.server, dtype=np.int16) - np.asarray(self.browser, dtype=np.int16))
        sheet = Image.new("RGB", (3 * width, height))
        for place, image in enumerate(
            (self.server, self.browser, Image.fromarray(np.clip(4 * apart, 0, 255).astype(np.uint8)))
        ):
            sheet.paste(image, (place * width, 0))
        path = folder / f"{self.name}.png"
        sheet.save(path)
        return path


class _SeedArt:
    def load(self, key: str) -> bytes:
        return (SEED / "art" / key.removeprefix("seed/")).read_bytes()


def seed_documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((SEED / "templates").glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def text_document(case: dict[str, Any], *, rotation: float = 0) -> dict[str, Any]:
    """A case's layer alone on a plain ground."""
    layer = {**case["layer"], "fill": "#FFFFFF", "rotation": rotation}
    ground = "#{:02X}{:02X}{:02X}".format(*GROUND)
    shape = {"width": 1000, "height": 700, "background": {"color": ground}, "layers": [layer]}
    return {"schema": 2, "slug": "text", "name": "Text", "formats": {"only": shape}}


def draw_twice(
    page: Page, document: dict[str, Any], *, name: str, format: str, code: str = "WELCOME-30", scale: int = 1
) -> Pair:
    samples = {field: rule.get("sample", "") for field, rule in document.get("fields", {}).items()}
    served = render(
        document,
        format=format,
        fields=samples,
        code=code,
        assets=_SeedArt(),
        output="png",
        scale=scale,
        referral_link=LINK,
    )
    order = {"format": format, "fields": samples, "code": code, "link": LINK, "scale": scale}
    drawn = page.evaluate("([document, order]) => parity.draw(document, order)", [document, order])
    return Pair(name, _image(served.data), _image(base64.b64decode(drawn)))


def _image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")
