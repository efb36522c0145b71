"""The peers of the `render` bench that are not Python: takumi and satori in Node, Chromium by playwright."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scripts.benches import render_scene as scene

NODE_HOME = scene.ROOT / "tests" / "node"
SCRIPT = Path(__file__).with_suffix(".mjs")
# Node's packages of each peer, and the key of its figure.
NODE_PEERS = {"takumi": ("@takumi-rs/core", "takumi_jpeg"), "satori": ("satori", "satori_png")}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

Engine = Callable[[str], tuple[bytes, float]]


@contextlib.contextmanager
def open_peers(progress: Callable[[str], None]) -> Iterator[tuple[dict[str, Engine], dict[str, str]]]:
    """Engines that work, and why the others do not. A peer's time is its own; talking to it does not count."""
    engines: dict[str, Engine] = {}
    reasons: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for peer, (package, key) in NODE_PEERS.items():
            progress(f"starting {peer}")
            try:
                engines[key] = _open_node_peer(stack, folder, peer, package)
            except PeerMissing as error:
                reasons[key] = str(error)
        progress("starting chromium")
        try:
            engines["chromium_jpeg"] = _open_chromium(stack)
        except PeerMissing as error:
            reasons["chromium_jpeg"] = str(error)
        yield engines, reasons


class PeerMissing(Exception):
    """Why a peer cannot take part."""


def _open_node_peer(stack: contextlib.ExitStack, folder: Path, peer: str, package: str) -> Engine:
    if shutil.which("node") is None:
        raise PeerMissing("node is not installed")
    if not (NODE_HOME / "node_modules" / package).exists():
        raise PeerMissing(f"{package} is not installed: run npm ci in tests/node")
    process = subprocess.Popen(
        ["node", str(SCRIPT), peer, str(NODE_HOME), str(_scene_file(folder))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)

    def call(code: str, wants_bytes: bool = False) -> tuple[bytes, float]:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps({"code": code, "wantsBytes": wants_bytes}) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
        except (OSError, ValueError) as error:
            raise PeerMissing(f"{peer} ended") from error
        return base64.b64decode(answer.get("bytes", "")), answer["ms"] / 1000

    call("FIRST")
    return lambda code: call(code, wants_bytes=not code.startswith("SAVE-"))


def _scene_file(folder: Path) -> Path:
    """The scene in plain values. Peers do not fit text: they get the sizes that we find."""
    path = folder / "scene.json"
    if not path.exists():
        sizes = _sizes()
        values: dict[str, Any] = {
            "photo": str(scene.photo()),
            "logo": str(scene.logo()),
            "font": str(scene.font()),
            "staticFont": str(_static_font(folder)),
            "headline": scene.HEADLINE,
            "headlineBox": scene.HEADLINE_BOX,
            "headlineSize": sizes["headline"],
            "codeBox": scene.CODE_BOX,
            "codeSize": sizes["code"],
            "logoBox": scene.LOGO_BOX,
        }
        path.write_text(json.dumps(values), encoding="utf-8")
    return path


def _sizes() -> dict[str, float]:
    from promostack.rendering.fonts import bundled
    from promostack.rendering.layout import lay_out
    from promostack.templates.document import TextLayer, parse_document

    layers = parse_document(scene.document()).formats["square"].layers
    texts = [layer for layer in layers if isinstance(layer, TextLayer)]
    values = {"headline": scene.HEADLINE, "code": scene.code(0)}
    return {name: layout.size for name, layout in lay_out(texts, values, bundled()).items()}


def _static_font(folder: Path) -> Path:
    """satori reads no variable fonts: Inter at the scene's weight."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    path = folder / "inter.ttf"
    instancer.instantiateVariableFont(TTFont(scene.font()), {"wght": scene.WEIGHT}).save(path)
    return path


def _open_chromium(stack: contextlib.ExitStack) -> Engine:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise PeerMissing("neither chromium nor google-chrome is installed")
    from playwright.sync_api import sync_playwright

    driver = stack.enter_context(sync_playwright())
    browser = driver.chromium.launch(executable_path=browser_path, args=CHROMIUM)
    stack.callback(browser.close)
    page = browser.new_page(viewport={"width": scene.SIDE, "height": scene.SIDE})
    page.set_content(_page())
    page.evaluate("() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode())])")

    def call(code: str) -> tuple[bytes, float]:
        start = time.perf_counter()
        page.evaluate("(code) => { document.querySelector('#code').textContent = code }", code)
        data = page.screenshot(type="jpeg", quality=90)
        return data, time.perf_counter() - start

    return call


def _page() -> str:
    sizes = _sizes()

    def data_url(path: Path, media_type: str) -> str:
        return f"data:{media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"

    def box(values: tuple[int, int, int, int], more: str = "") -> str:
        x, y, width, height = values
        return f"position:absolute;left:{x}px;top:{y}px;width:{width}px;height:{height}px;box-sizing:border-box;{more}"

    centred = "display:flex;align-items:center;justify-content:center;text-align:center;font:800"
    pill = "background:#FFD54A;border:6px solid #FFF;border-radius:75px;color:#081028"
    headline_style = box(scene.HEADLINE_BOX, f"{centred} {sizes['headline']}px/1.15 F;color:#FFF")
    code_style = box(scene.CODE_BOX, f"{centred} {sizes['code']}px/1.15 F;{pill}")
    return f"""<!doctype html><style>@font-face{{font-family:F;src:url({data_url(scene.font(), "font/ttf")});
        font-weight:100 900}}body{{margin:0}}</style>
        <img src="{data_url(scene.photo(), "image/jpeg")}" style="{box((0, 0, scene.SIDE, scene.SIDE))}">
        <div style="{headline_style}">{scene.HEADLINE}</div>
        <div id="code" style="{code_style}">X</div>
        <img src="{data_url(scene.logo(), "image/png")}" style="{box(scene.LOGO_BOX)}">"""
