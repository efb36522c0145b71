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
    def __init__(self) -> None:
        self._document = parse_document(scene.document())
        self._logo = scene.logo().read_bytes()

    def render(self, code: str, output: Output) -> bytes:
        return render(
            self._document,
            format="square",
            fields={"headline": scene.HEADLINE},
            code=code,
            assets=Assets(),
            output=output,
            logo=self._logo,
        ).data
