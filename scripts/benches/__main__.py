"""The command behind scripts/bench: finds a bench, runs it, adds where and with what it was measured.

A bench is a module beside this one with `run(progress) -> dict` and a docstring whose first line `--list` prints.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
_PACKAGES = ("pillow", "uharfbuzz", "freetype-py", "uniseg", "python-bidi", "pydantic", "psycopg2-binary")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Figures, measured.")
    parser.add_argument("name", nargs="?", metavar="NAME", help="which bench; --list names them")
    parser.add_argument("--json", action="store_true", help="print one JSON object (the only form there is)")
    parser.add_argument("--list", action="store_true", help="print the benches")
    options = parser.parse_args()
    if options.list or not options.name:
        for name, about in benches().items():
            print(f"{name:12} {about}")
        return 0
    if options.name not in benches():
        print(f"bench: there is no '{options.name}'; there are: {', '.join(benches())}", file=sys.stderr)
        return 2
    figures = importlib.import_module(f"scripts.benches.{options.name}").run(_progress)
    print(json.dumps({"bench": options.name, **circumstances(), **figures}, indent=1, ensure_ascii=False))
    return 0


def benches() -> dict[str, str]:
    """Name → first line of the docstring, without importing anything."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").split("\n")[0]
    return found


def circumstances() -> dict[str, Any]:
    return {
        "commit": _git("rev-parse", "--short=12", "HEAD") + ("+changes" if _git("status", "--porcelain") else ""),
        "processor": f"{_processor()}, {os.cpu_count()} processors",
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
    }


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _progress(message: str) -> None:
    print(f"bench: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
