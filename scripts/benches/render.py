"""Time from fields to a picture's bytes, warm and cold, beside Pillow, takumi, satori and Chromium.

Scene: 1080×1080, photo, headline in two fitted lines, code in a pill with a stroke, logo with alpha; the same fonts
and quality everywhere, JPEG q90 4:4:4 (Chromium writes 4:2:0). One thread. Each iteration a code not seen before; the
engines take turns in one loop. Each one's picture is checked: size, pill, and that the code's pixels follow the code.
`jpeg_new_texts` has another headline with each code, too, so that only what no value touches is taken over.
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageChops

from scripts.benches import render_scene as scene
from scripts.benches.render_ours import Ours
from scripts.benches.render_peers import open_peers
from scripts.benches.render_pillow import AsFound, Cached
from scripts.benches.statistics_ms import percentile

WARM_UP, ITERATIONS = 20, 300
THROUGHPUT_S = 10

Engine = Callable[[str], tuple[bytes, float]]


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    with open_peers(progress) as (peers, reasons):
        ours, anew = Ours(), Ours("bench-anew")
        engines: dict[str, Engine] = {
            "jpeg": _timed(lambda code: ours.render(code, "jpeg")),
            "jpeg_new_texts": _timed(lambda code: anew.render(code, "jpeg", f"{scene.HEADLINE} {code[-2:]}")),
            "png": _timed(lambda code: ours.render(code, "png")),
            "webp": _timed(lambda code: ours.render(code, "webp")),
            "hit": _timed(_Hit(ours).look_up),
            "pillow_asfound_jpeg": _timed(AsFound().render),
            "pillow_cached_jpeg": _timed(Cached().render),
            **peers,
        }
        for name, engine in engines.items():
            _check(name, engine)
        times = _measure(engines, progress)
    figures: dict[str, Any] = {f"{name}_p50_ms": percentile(taken, 0.5) for name, taken in times.items()}
    figures["jpeg_p95_ms"] = percentile(times["jpeg"], 0.95)
    figures |= {f"{name}_p50_ms": None for name in reasons}
    progress(f"two processes, {THROUGHPUT_S} s")
    figures["pictures_per_s"] = _throughput()
    progress("cold starts and memory")
    figures |= _cold()
    figures["rss_mb"] = _memory()
    figures["asfound_over_ours"] = round(figures["pillow_asfound_jpeg_p50_ms"] / figures["jpeg_p50_ms"], 1)
    counts = {name: len(taken) for name, taken in times.items()}
    return {**figures, "counts": {"warm_up": WARM_UP, **counts}, "reasons": reasons}


class _Hit:
    """A render found again: the key is worked out, the bytes are read from the store (a dictionary here)."""

    def __init__(self, ours: Ours) -> None:
        self._picture = ours.render(scene.code(0), "jpeg")
        self._store: dict[str, bytes] = {}

    def look_up(self, code: str) -> bytes:
        key = hashlib.sha256(json.dumps(["version", "square", {"headline": scene.HEADLINE}, code]).encode()).hexdigest()
        return self._store.setdefault(key, self._picture)


def _timed(work: Callable[[str], bytes]) -> Engine:
    def call(code: str) -> tuple[bytes, float]:
        start = time.perf_counter()
        data = work(code)
        return data, time.perf_counter() - start

    return call


def _check(name: str, engine: Engine) -> None:
    """Raises when an engine's picture is not the scene."""
    first, second = (Image.open(io.BytesIO(engine(code)[0])).convert("RGB") for code in ("AAAA-000001", "WWWW-999999"))
    if first.size != (scene.SIDE, scene.SIDE):
        raise RuntimeError(f"{name} draws {first.size}")
    x, y, _, height = scene.CODE_BOX
    # A lossy encoder moves other pixels a little, too.
    changed = ImageChops.difference(first, second).convert("L").point(lambda value: 255 * (value > 48)).getbbox()
    if name not in ("hit", "jpeg_new_texts") and (
        changed is None or changed[1] < y - 16 or changed[3] > y + height + 16
    ):
        raise RuntimeError(f"{name} does not draw the code in its place: {changed}")
    if first.crop((x + 60, y + 20, x + 90, y + height - 20)).getpixel((0, 0))[0] < 200:
        raise RuntimeError(f"{name} draws no pill")


def _measure(engines: dict[str, Engine], progress: Callable[[str], None]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(-WARM_UP, ITERATIONS):
        if number % 100 == 0:
            progress(f"iteration {number} of {ITERATIONS}")
        for name, engine in engines.items():
            _, taken = engine(scene.code(number + WARM_UP))
            if number >= 0:
                times[name].append(taken)
    return times


def _throughput() -> float:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return round(sum(pool.map(_draw_for, [THROUGHPUT_S] * 2, chunksize=1)), 1)


def _draw_for(seconds: float) -> float:
    ours = Ours()
    for number in range(WARM_UP):
        ours.render(scene.code(number), "jpeg")
    start, done = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - start) < seconds:
        ours.render(scene.code(WARM_UP + done), "jpeg")
        done += 1
    return done / elapsed


_COLD = "from scripts.benches.render_ours import Ours; Ours().render('COLD-START', 'jpeg')"
COLD_STARTS = 10


def _cold() -> dict[str, float]:
    """A new process to its first picture: the median of ten; the built function's own start is in `functions`."""
    walls, processors = [], []
    for _ in range(COLD_STARTS):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, "-c", _COLD], check=True)
        walls.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processors.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"cold_first_jpeg_ms": percentile(walls, 0.5), "cold_cpu_ms": percentile(processors, 0.5)}


def _memory() -> float | None:
    """VmHWM in MB of a process that drew every seed template in every format and output."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benches.render_memory"], capture_output=True, text=True, check=True
    )
    return float(done.stdout) if done.stdout.strip() else None
