#!/usr/bin/env python3
"""Builds the preview engine's libraries under web/vendor from published packages, without what is not used.

    .venv/bin/python scripts/assets/build_engine.py            # installs the pinned packages under .local/, then builds
    .venv/bin/python scripts/assets/build_engine.py --check    # compares with what is committed instead of writing

The engine is fetched by everyone who opens a coupon page, so it is kept within 250 kB compressed.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / ".local" / "engine-sources"
VENDOR = ROOT / "web" / "vendor"
PINNED = {
    "harfbuzzjs": "1.6.4",
    "nayuki-qr-code-generator": "1.8.0",
    "bidi-js": "1.1.0",
    "esbuild": "0.28.2",
    "binaryen": "132.0.0",
}
CLASSES = ("Blob", "Buffer", "Direction", "Face", "Feature", "Font", "PaintFuncs", "Variation", "shape")
# What those classes call, and what Emscripten's loader needs.
_EXPORTS = """
memory __wasm_call_ctors __indirect_function_table malloc free
_emscripten_timeout _emscripten_stack_restore _emscripten_stack_alloc emscripten_stack_get_current
hb_blob_create hb_blob_destroy hb_blob_get_data hb_blob_get_length
hb_buffer_add_codepoints hb_buffer_clear_contents hb_buffer_create hb_buffer_destroy hb_buffer_get_glyph_infos
hb_buffer_get_glyph_positions hb_buffer_get_length hb_buffer_reference hb_buffer_set_direction hb_buffer_set_language
hb_buffer_set_script hb_glyph_info_get_glyph_flags hb_language_from_string hb_script_from_string hb_shape
hb_draw_funcs_create hb_draw_funcs_destroy hb_draw_funcs_set_close_path_func hb_draw_funcs_set_cubic_to_func
hb_draw_funcs_set_line_to_func hb_draw_funcs_set_move_to_func hb_draw_funcs_set_quadratic_to_func
hb_face_create hb_face_destroy hb_face_get_upem hb_face_reference hb_face_reference_table
hb_font_create hb_font_destroy hb_font_draw_glyph hb_font_get_face hb_font_get_glyph_extents hb_font_get_nominal_glyph
hb_font_paint_glyph hb_font_reference hb_font_set_scale hb_font_set_variations
hb_color_line_get_color_stops hb_color_line_get_extend hb_ot_color_has_paint hb_ot_var_get_axis_infos
"""
PAINT = "hb_paint_funcs_"
# What every browser in use understands; with more, the optimiser writes types that none does.
FEATURES = (
    "--mvp-features",
    *(f"--enable-{name}" for name in ("bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int")),
    *(f"--enable-{name}" for name in ("reference-types", "sign-ext")),
)


def install() -> None:
    PACKAGES.mkdir(parents=True, exist_ok=True)
    described = {"private": True, "dependencies": PINNED}
    (PACKAGES / "package.json").write_text(json.dumps(described), encoding="utf-8")
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=PACKAGES, check=True)


def run(tool: str, *args: str | Path) -> str:
    command = [str(PACKAGES / "node_modules" / tool), *map(str, args)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def build(out: Path) -> None:
    modules = PACKAGES / "node_modules"
    for folder in ("harfbuzzjs", "qrcodegen", "bidi-js"):
        (out / folder).mkdir(parents=True)
    shutil.copy(modules / "harfbuzzjs/dist/harfbuzz.js", out / "harfbuzzjs/harfbuzz.js")
    shutil.copy(modules / "bidi-js/dist/bidi.min.mjs", out / "bidi-js/bidi.js")
    classes = f'export {{{", ".join(CLASSES)}}} from "./node_modules/harfbuzzjs/dist/index.mjs";'
    entry = PACKAGES / "engine.mjs"
    entry.write_text(classes, encoding="utf-8")
    small(entry, out / "harfbuzzjs/index.js", f"harfbuzzjs {PINNED['harfbuzzjs']}, the classes in use")
    qr = PINNED["nayuki-qr-code-generator"]
    small(modules / "nayuki-qr-code-generator/index.js", out / "qrcodegen/qrcodegen.js", f"Project Nayuki, {qr}")
    shaken(modules / "harfbuzzjs/dist/harfbuzz.wasm", out / "harfbuzzjs/harfbuzz.wasm")


def small(source: Path, target: Path, name: str) -> None:
    """Without comments, long names and unused classes."""
    banner = f"/*! {name}; MIT, see LICENSE beside this file */"
    how = (
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--external:*/harfbuzz.js",
        f"--banner:js={banner}",
    )
    run(".bin/esbuild", source, *how, f"--outfile={target}")
    # Left outside of the bundle under the package's path; here it stands beside it.
    text = re.sub(r'from"[^"]*/harfbuzz\.js"', 'from"./harfbuzz.js"', target.read_text(encoding="utf-8"))
    target.write_text(text, encoding="utf-8")


def shaken(source: Path, target: Path) -> None:
    """The module without the functions that no kept export reaches."""
    names = re.findall(r'\(export "([^"]+)"', run("binaryen/bin/wasm-dis", "--all-features", source))
    exports = _EXPORTS.split()
    kept = [name for name in names if name in exports or name.startswith(PAINT)]
    roots = [{"name": f"kept {name}", "export": name, "root": True} for name in kept]
    graph = PACKAGES / "exports.json"
    graph.write_text(json.dumps(roots), encoding="utf-8")
    run("binaryen/bin/wasm-metadce", *FEATURES, f"--graph-file={graph}", source, "-o", target)
    run("binaryen/bin/wasm-opt", *FEATURES, "-Oz", target, "-o", target)


def differences(made: Path) -> list[str]:
    files = [path.relative_to(made) for path in sorted(made.rglob("*")) if path.is_file()]
    return [str(path) for path in files if (made / path).read_bytes() != (VENDOR / path).read_bytes()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with web/vendor and write nothing")
    wants_check = parser.parse_args().check
    install()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "vendor"
        build(made)
        if wants_check:
            found = differences(made)
            print("\n".join(f"differs: {path}" for path in found) or "web/vendor is as built")
            return 1 if found else 0
        shutil.copytree(made, VENDOR, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
