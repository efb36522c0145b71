"""What scripts/promo does, once it runs in the project's environment."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from promostack.core.errors import PromoError
from promostack.core.text import InvalidCode, normalise_code
from promostack.rendering.assets import AssetMissing
from promostack.rendering.encode import Output
from promostack.rendering.service import Picture, render
from promostack.templates.document import Document, parse_document

SEED = Path(__file__).resolve().parent.parent / "shared" / "assets" / "seed"
# WCAG AA for large text.
WEAK_CONTRAST = 3.0
DEMO_LINK = "https://prop.funderpro.com/buy-challenge/?promo={code}"
OUTPUTS: dict[str, Output] = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}
# Zip entries carry a time; this one makes equal pictures give equal archives.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Refused(Exception):
    """A message for the person at the terminal."""


@dataclass(frozen=True)
class Job:
    """All that the pictures of one call have in common."""

    document: Document
    format: str
    fields: dict[str, str]
    output: Output
    scale: int
    logo: bytes | None
    link: str


class SeedAssets:
    """Asset keys `seed/NAME` are files of shared/assets/seed/art; other keys are paths."""

    def load(self, key: str) -> bytes:
        path = SEED / "art" / key.removeprefix("seed/") if key.startswith("seed/") else Path(key)
        try:
            return path.read_bytes()
        except OSError as error:
            raise AssetMissing(key) from error


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
    one.set_defaults(run=_render)
    many = commands.add_parser("batch", help="draw a picture for each code of a CSV file into a ZIP")
    many.add_argument("--codes", required=True, type=Path, metavar="FILE.csv", help="codes in the first column")
    many.add_argument("--output", default="jpeg", choices=["jpeg", "png", "webp"])
    many.set_defaults(run=_batch)
    for command in (one, many):
        command.add_argument("--template", required=True, metavar="SLUG", help="a seed template, or a document's path")
        command.add_argument("--format", required=True, help="square, story, feed, …")
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
    picture = draw(_job(options, output), normalise_code(options.code))
    _write(options.out, [picture.data])
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
    codes, faults = read_codes(options.codes)
    for row, fault in faults:
        print(f"promo: row {row}: {fault}", file=sys.stderr)
    if not codes:
        raise Refused(f"{options.codes} holds no usable code")
    job = _job(options, options.output)
    _write(options.out, _zipped(draw_all(job, codes), job.output))
    print(f"{options.out}  {len(codes)} pictures" + (f", {len(faults)} rows left out" if faults else ""))


def read_codes(path: Path) -> tuple[list[str], list[tuple[int, str]]]:
    """Different codes in the file's order, and (row, why) of what cannot be one; a heading `code` is passed over."""
    codes: dict[str, None] = {}
    faults = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file), 1):
            cell = row[0].strip() if row else ""
            if not cell or (number == 1 and cell.lower() in ("code", "codes", "coupon")):
                continue
            try:
                codes[normalise_code(cell)] = None
            except InvalidCode as error:
                faults.append((number, error.message))
    return list(codes), faults


def _job(options: argparse.Namespace, output: Output) -> Job:
    document = _document(options.template)
    fields = {}
    for given in options.field:
        name, equals, text = given.partition("=")
        if not equals or name not in document.fields:
            known = ", ".join(document.fields) or "none"
            raise Refused(f"--field {given}: write NAME=TEXT with a field of this template: {known}")
        fields[name] = text
    logo = None if options.no_logo else _logo(options.logo)
    return Job(document, options.format, fields, output, options.scale, logo, options.link)


def _logo(path: Path | None) -> bytes | None:
    """The file named, else the demo tenant's."""
    if path is not None:
        return path.read_bytes()
    found = sorted((SEED / "art").glob("logo-*"))
    return found[0].read_bytes() if found else None


def draw(job: Job, code: str) -> Picture:
    return render(
        job.document,
        format=job.format,
        fields=job.fields,
        code=code,
        assets=SeedAssets(),
        output=job.output,
        scale=job.scale,
        logo=job.logo,
        referral_link=job.link.replace("{code}", code),
    )


_worker: list[Job] = []


def _draw_in_worker(code: str) -> tuple[str, bytes]:
    return code, draw(_worker[0], code).data


def draw_all(job: Job, codes: list[str]) -> Iterator[tuple[str, bytes]]:
    """Pictures in the order of the codes, drawn by as many processes as there are processors."""
    draw(job, codes[0])  # a fault of the template shows here, before processes start
    with ProcessPoolExecutor(os.cpu_count(), initializer=_worker.append, initargs=(job,)) as pool:
        yield from pool.map(_draw_in_worker, codes, chunksize=8)


def _zipped(pictures: Iterable[tuple[str, bytes]], output: str) -> Iterator[bytes]:
    ending = {"jpeg": "jpg"}.get(output, output)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for code, data in pictures:
                archive.writestr(zipfile.ZipInfo(f"{code}.{ending}", ZIP_TIME), data)
        file.seek(0)
        while chunk := file.read(1 << 20):
            yield chunk


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    """All of the file, or nothing: a full disk leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
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
