"""`scripts/dev fire [TRIGGER]`: fires a trigger in the running product and waits for what came of it."""

from __future__ import annotations

import base64
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> None:
    name = arguments[0] if arguments else "every-minute"
    data = Path(os.environ.get("PROMOSTACK_DATA") or ROOT / ".local")
    try:
        running = json.loads((data / "run.json").read_text())
    except FileNotFoundError:
        sys.exit(f"Nothing runs on {data}; start it with `make run`")
    address = f"{running['url']}/api/v1/namespaces/_/triggers/{name}?blocking=true"
    credentials = base64.b64encode(running["values"]["FUNCTIONS_ACCESS_KEY"].encode()).decode()
    request = urllib.request.Request(address, method="POST", headers={"Authorization": f"Basic {credentials}"})
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            print(json.dumps(json.load(answer), indent=1))
    except urllib.error.HTTPError as problem:
        sys.exit(f"{name}: {problem.code} {problem.read().decode(errors='replace')}")
