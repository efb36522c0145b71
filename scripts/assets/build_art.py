#!/usr/bin/env python3
"""Draws shared/assets/seed/art: one background per template and format, and the demo tenant's logo.

    .venv/bin/python scripts/assets/build_art.py [NAME…]

Two pictures are cut from photographs in the public domain. Their originals come from a Debian package and a Python
package, which the script downloads with those systems' own clients into .local/art-sources.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from art import logo, sources
from PIL import Image

OUT = Path(__file__).resolve().parents[2] / "shared" / "assets" / "seed" / "art"
FORMATS = {"square": (1080, 1080), "story": (1080, 1920), "feed": (1080, 1350)}
QUALITY = {
    "aurora": 88,
    "breakout": 88,
    "broadsheet": 82,
    "first_snow": 86,
    "gold_reserve": 84,
    "golden_hour": 82,
    "liftoff": 80,
    "night_market": 86,
    "papercut": 88,
    "sunburst": 84,
    "ticket": 86,
}


def fetch_photographs() -> None:
    """Puts the two originals into .local/art-sources."""
    sources.FOLDER.mkdir(parents=True, exist_ok=True)
    if all((sources.FOLDER / name).is_file() for name in sources.FILES.values()):
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "lomiri-wallpapers-16.04"], cwd=folder, check=True)
        package = next(Path(folder).glob("*.deb"))
        subprocess.run(["dpkg", "-x", str(package), "debian"], cwd=folder, check=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "scikit-image==0.26.0"], cwd=folder, check=True)
        dandelion, rocket = sources.FILES["dandelion"], sources.FILES["rocket"]
        found = next(Path(folder).rglob(dandelion))
        (sources.FOLDER / dandelion).write_bytes(found.read_bytes())
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            (sources.FOLDER / rocket).write_bytes(wheel.read(f"skimage/data/{rocket}"))


def jpeg(name: str, width: int, height: int) -> bytes:
    """4:4:4, so that text laid over coloured edges stays crisp when the picture is encoded again."""
    picture = importlib.import_module(f"art.{name}").draw(width, height)
    image = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY[name], subsampling=0, optimize=True)
    return out.getvalue()


def keep(stem: str, suffix: str, data: bytes) -> None:
    """Writes under the hashed name and removes earlier versions."""
    for old in OUT.iterdir():
        if re.fullmatch(rf"{re.escape(stem)}\.[0-9a-f]{{8}}\.{suffix}", old.name):
            old.unlink()
    path = OUT / f"{stem}.{hashlib.sha256(data).hexdigest()[:8]}.{suffix}"
    path.write_bytes(data)
    print(f"{path.name:44} {len(data):>8,} bytes")


def main(names: list[str]) -> None:
    fetch_photographs()
    OUT.mkdir(parents=True, exist_ok=True)
    for name in names or sorted(QUALITY):
        for format_name, (width, height) in FORMATS.items():
            keep(f"{name.replace('_', '-')}-{format_name}", "jpg", jpeg(name, width, height))
    if not names:
        out = io.BytesIO()
        logo.draw().save(out, "PNG", optimize=True)
        # Ends in -logo for the seeding of the demo tenant, begins with logo- for scripts/promo.
        keep("logo-northwind-logo", "png", out.getvalue())


if __name__ == "__main__":
    main(sys.argv[1:])
