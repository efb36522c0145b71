"""One picture everywhere: what the API publishes and what the command line renders are the same bytes."""

import hashlib
import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT, Stack
from tests.sampling import each_with_one

CODE = "WELCOME-30"


def templates() -> list[str]:
    return sorted(path.stem for path in (ROOT / "shared" / "assets" / "seed" / "templates").glob("*.json"))


@pytest.mark.parametrize(
    ("slug", "kind"), each_with_one([(slug, kind) for slug in templates() for kind in ("square jpeg", "story png")])
)
def test_the_command_line_renders_what_the_api_publishes(stack: Stack, tmp_path: Path, slug: str, kind: str) -> None:
    format_name, output = kind.split()
    order = {"tenant": "demo", "template": slug, "format": format_name, "code": CODE, "fields": {}}
    request = urllib.request.Request(
        f"{stack.base}/api/public/render-coupon",
        json.dumps({**order, "output": output, "scale": 1, "delivery": "url"}).encode(),
        {"Content-Type": "application/json", "X-Forwarded-For": f"10.9.{templates().index(slug)}.{len(format_name)}"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        published = json.load(answer)

    out = tmp_path / f"picture.{output.replace('jpeg', 'jpg')}"
    command = [ROOT / "scripts" / "promo", "render", "--template", slug, "--format", format_name]
    subprocess.run([*command, "--code", CODE, "--out", out], check=True, timeout=120)

    with urllib.request.urlopen(published["url"], timeout=60) as answer:
        assert hashlib.sha256(answer.read()).hexdigest() == published["sha256"]
    assert hashlib.sha256(out.read_bytes()).hexdigest() == published["sha256"]
