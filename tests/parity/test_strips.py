"""Files put together from strips: Chromium's decoders and Pillow's see what one encode of the whole picture shows."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import Page

from promostack.rendering import service
from promostack.rendering.encode import encode
from promostack.rendering.service import render
from tests.parity.pictures import _SeedArt, seed_documents

SEEDS = dict(seed_documents())
DECODED = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data: pixels } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", pixels));
  return [bitmap.width, bitmap.height, ...digest].join();
}"""


@pytest.mark.parametrize("output", ["png", "jpeg"])
def test_strips_and_the_whole_are_one_picture_to_a_browser(page: Page, output: str, monkeypatch) -> None:
    def drawn(code: str) -> bytes:
        document = SEEDS["golden-hour"]
        return render(document, format="square", fields={}, code=code, assets=_SeedArt(), output=output).data

    service._kept.clear()
    strips = [drawn(code) for code in ("FIRST", "SECOND-ONE", "THIRD")][2]
    monkeypatch.setattr(service, "encode", lambda image, kind, **_: encode(image, kind))
    whole = drawn("THIRD")

    assert Image.open(io.BytesIO(strips)).tobytes() == Image.open(io.BytesIO(whole)).tobytes()
    seen = [page.evaluate(DECODED, base64.b64encode(data).decode()) for data in (strips, whole, drawn("OTHER"))]
    assert seen[0] == seen[1]
    assert seen[1] != seen[2]
