"""What is vendored says where it comes from, and the preview engine stays small."""

import gzip
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "web/vendor"
ENGINE = ("harfbuzzjs", "bidi-js", "qrcodegen")
MOST_COMPRESSED_BYTES = 250_000


def test_every_vendored_folder_is_listed_with_its_licence() -> None:
    rows = (VENDOR / "VENDORED.md").read_text(encoding="utf-8")

    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert [path.name for path in folders if f"`{path.name}/`" not in rows] == []
    assert [path.name for path in folders if not list(path.glob("LICENSE*"))] == []


def test_the_preview_engine_is_small() -> None:
    libraries = [path for name in ENGINE for path in (VENDOR / name).iterdir() if path.suffix in (".js", ".wasm")]
    files = [*libraries, *(ROOT / "web/shared/render").rglob("*.js")]

    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in files) <= MOST_COMPRESSED_BYTES
