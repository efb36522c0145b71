"""Pictures of seed templates and of documents on disk, as scripts/promo draws them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from promostack.rendering.assets import AssetMissing
from promostack.rendering.encode import Output
from promostack.rendering.service import Picture, render
from promostack.templates.document import Document

SEED = Path(__file__).resolve().parent.parent / "shared" / "assets" / "seed"
DEMO_LINK = "https://prop.funderpro.com/buy-challenge/?promo={code}"


class Refused(Exception):
    """A message for the person at the terminal."""


@dataclass(frozen=True)
class Order:
    """All that the pictures of one call have in common."""

    document: Document
    fields: dict[str, str]
    output: Output
    scale: int
    logo: bytes | None
    link: str


class SeedAssets:
    """Asset keys `seed/NAME` are files of shared/assets/seed/art; other keys are paths."""

    def load(self, key: str) -> bytes:
        path = SEED / "art" / key.removeprefix("seed/") if key.startswith("seed/") else Path(key)
        try:
            return path.read_bytes()
        except OSError as error:
            raise AssetMissing(key) from error


def draw(order: Order, code: str, format: str) -> Picture:
    return render(
        order.document,
        format=format,
        fields=order.fields,
        code=code,
        assets=SeedAssets(),
        output=order.output,
        scale=order.scale,
        logo=order.logo,
        referral_link=order.link.replace("{code}", code),
    )
