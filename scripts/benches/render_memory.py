"""Draws every seed template in every format and output, then prints the process's largest memory in MB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

from promostack.rendering.encode import Output
from promostack.rendering.service import SAMPLE_CODE, SAMPLE_LINK, render
from promostack.templates.document import parse_document
from scripts.benches import render_scene as scene
from scripts.promo_pictures import SEED, SeedAssets


def main() -> None:
    paths = sorted((SEED / "templates").glob("*.json"))
    for path in paths:
        document = parse_document(json.loads(path.read_text(encoding="utf-8")))
        for name in document.formats:
            for output in get_args(Output):
                render(
                    document,
                    format=name,
                    fields={},
                    code=SAMPLE_CODE,
                    assets=SeedAssets(),
                    output=output,
                    logo=scene.logo().read_bytes(),
                    referral_link=SAMPLE_LINK,
                )
    if paths:
        status = Path("/proc/self/status").read_text()
        print(round(int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024, 1))


if __name__ == "__main__":
    main()
