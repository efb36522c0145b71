"""What scripts/promo does, once it runs in the project's environment."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from promostack.core.errors import PromoError
from promostack.core.text import normalise_code
from promostack.rendering.encode import Output
from promostack.templates.document import Document, parse_document
from scripts import promo_batch
from scripts.promo_pictures import DEMO_LINK, SEED, Order, Refused, draw

# WCAG AA for large text.
WEAK_CONTRAST = 3.0
OUTPUTS: dict[str, Output] = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (Refused, PromoError) as error:
        print(f"promo: {error}", file=sys.stderr)
        for path, fault in (getattr(error, "fields", None) or {}).items():
            print(f"  {path}: {fault}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"promo: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/promo", description="Pictures without a server or a database.")
    commands = parser.add_subparsers(required=True, metavar="templates | render | batch")
    commands.add_parser("templates", help="print the seed templates").set_defaults(run=_templates)
    one = commands.add_parser("render", help="draw one picture")
    one.add_argument("--code", required=True, help="the coupon code")
    one.add_argument("--format", required=True, help="square, story, feed, …")
    one.set_defaults(run=_render)
    many = commands.add_parser("batch", help="draw pictures for each code of a CSV file into a ZIP, or go on with one")
    many.add_argument("--codes", required=True, type=Path, metavar="FILE.csv", help="codes in the first column")
    many.add_argument("--output", default="jpeg", choices=["jpeg", "png", "webp"])
    many.add_argument("--format", required=True, action="append", help="may be repeated; all for all of the template's")
    many.set_defaults(run=_batch)
    for command in (one, many):
        command.add_argument("--template", required=True, metavar="SLUG", help="a seed template, or a document's path")
        command.add_argument("--field", action="append", default=[], metavar="NAME=TEXT", help="may be repeated")
        command.add_argument("--scale", type=int, default=1, choices=[1, 2])
        command.add_argument("--logo", type=Path, metavar="FILE", help="a logo other than the demo tenant's")
        command.add_argument("--no-logo", action="store_true")
        command.add_argument("--link", default=DEMO_LINK, help="referral link, {code} stands for the code")
        command.add_argument("--out", required=True, type=Path)
    return parser


def _templates(_: argparse.Namespace) -> None:
    for path in _documents():
        document = parse_document(json.loads(path.read_text(encoding="utf-8")))
        sizes = ", ".join(f"{name} {shape.width}×{shape.height}" for name, shape in document.formats.items())
        print(f"{document.slug:24} {document.name:28} {sizes}")


def _render(options: argparse.Namespace) -> None:
    output = OUTPUTS.get(options.out.suffix.lower())
    if output is None:
        raise Refused(f"--out must end in .png, .jpg or .webp, not '{options.out.suffix}'")
    picture = draw(_order(options, output), normalise_code(options.code), options.format)
    _write(options.out, picture.data)
    for text in picture.report.texts:
        if text.missing:
            print(f"promo: no font has {' '.join(text.missing)} (layer '{text.id}')", file=sys.stderr)
        if text.outcome != "fits":
            print(f"promo: layer '{text.id}': {text.outcome}", file=sys.stderr)
        if text.clipped:
            print(f"promo: layer '{text.id}' is clipped", file=sys.stderr)
        if text.contrast is not None and text.contrast < WEAK_CONTRAST:
            print(f"promo: layer '{text.id}': contrast of {text.contrast} only", file=sys.stderr)
    print(f"{options.out}  {picture.width}×{picture.height}  {len(picture.data)} bytes  sha256 {picture.sha256}")


def _batch(options: argparse.Namespace) -> None:
    promo_batch.run(options, _order(options, options.output))


def _order(options: argparse.Namespace, output: Output) -> Order:
    document = _document(options.template)
    fields = {}
    for given in options.field:
        name, equals, text = given.partition("=")
        if not equals or name not in document.fields:
            known = ", ".join(document.fields) or "none"
            raise Refused(f"--field {given}: write NAME=TEXT with a field of this template: {known}")
        fields[name] = text
    logo = None if options.no_logo else _logo(options.logo)
    return Order(document, fields, output, options.scale, logo, options.link)


def _logo(path: Path | None) -> bytes | None:
    """The file named, else the demo tenant's."""
    if path is not None:
        return path.read_bytes()
    found = sorted((SEED / "art").glob("logo-*"))
    return found[0].read_bytes() if found else None


def _write(path: Path, data: bytes) -> None:
    """All of the file, or nothing: a full disk leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _document(name: str) -> Document:
    paths = {path.stem: path for path in _documents()}
    path = Path(name) if name.endswith(".json") else paths.get(name)
    if path is None:
        raise Refused(f"there is no template '{name}'; there are: {', '.join(paths) or 'none'}")
    try:
        return parse_document(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise Refused(f"{path} is not JSON: {error}") from error


def _documents() -> list[Path]:
    return sorted((SEED / "templates").glob("*.json"))


if __name__ == "__main__":
    sys.exit(main())
