"""The scene by PromoStack; alone in its module, so that a cold start measures nothing else."""

from __future__ import annotations

from promostack.rendering.encode import Output
from promostack.rendering.service import render
from promostack.templates.document import parse_document
from scripts.benches import render_scene as scene


class Assets:
    """The scene's files by name."""

    def load(self, key: str) -> bytes:
        return (scene.ART / key).read_bytes()


class Ours:
    def __init__(self, slug: str = "bench") -> None:
        self._document = parse_document({**scene.document(), "slug": slug})
        self._logo = scene.logo().read_bytes()

    def render(self, code: str, output: Output, headline: str = scene.HEADLINE) -> bytes:
        return render(
            self._document,
            format="square",
            fields={"headline": headline},
            code=code,
            assets=Assets(),
            output=output,
            logo=self._logo,
        ).data
