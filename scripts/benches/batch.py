"""A thousand codes of a CSV file to a finished ZIP of one format, as `scripts/promo batch` makes it."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from promostack.publishing.batch_files import MANIFEST
from scripts import promo_command

CODES = 1000
TEMPLATE, FORMAT = "aurora", "square"


def run(progress: Callable[[str], None]) -> dict[str, Any]:
    progress(f"{CODES} codes, {TEMPLATE}, {FORMAT}")
    with tempfile.TemporaryDirectory() as folder:
        codes, archive = Path(folder) / "codes.csv", Path(folder) / "pictures.zip"
        codes.write_text("code\n" + "".join(f"SAVE-{number:04d}\n" for number in range(CODES)), encoding="utf-8")
        start = time.perf_counter()
        arguments = ["--template", TEMPLATE, "--format", FORMAT, "--codes", str(codes), "--out", str(archive)]
        with contextlib.redirect_stdout(sys.stderr):
            failed = promo_command.main(["batch", *arguments])
        if failed:
            raise RuntimeError("promo batch failed; see the lines above")
        seconds = time.perf_counter() - start
        with zipfile.ZipFile(archive) as made:
            entries = [entry for entry in made.infolist() if entry.filename != MANIFEST]
            named = {picture["file"] for picture in json.loads(made.read(MANIFEST))["pictures"]}
    pictures, different = len(entries), len({entry.CRC for entry in entries})
    if named != {entry.filename for entry in entries}:
        raise RuntimeError("the manifest does not name the pictures")
    if pictures != CODES or different != CODES:
        raise RuntimeError(f"{pictures} pictures, {different} different ones, instead of {CODES}")
    return {"pictures": pictures, "seconds_1000_codes": round(seconds, 2)}
