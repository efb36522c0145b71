"""scripts/promo batch: a picture of each code in each format, in one archive with a manifest.

What is done lies in a folder beside the archive until that is whole; called again with the same order, it goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from promostack.publishing import batch_files
from promostack.publishing.batch_files import Made
from promostack.rendering.service import UnknownFormat
from scripts.promo_pictures import Order, Refused, draw

Pair = tuple[str, str]
"""(code, format)"""


def run(options: argparse.Namespace, order: Order) -> None:
    formats = chosen_formats(order, options.format)
    with options.codes.open(encoding="utf-8-sig", newline="") as file:
        codes, left_out = batch_files.read_codes(file)
    for each in left_out:
        print(f"promo: row {each.row}: {each.reason}", file=sys.stderr)
    if not codes:
        raise Refused(f"{options.codes} holds no usable code")
    pairs = [(code, name) for code in codes for name in formats]
    head = _head(order, formats) | {"left_out": [asdict(each) for each in left_out]}
    folder = _folder(options.out, head, order, pairs)
    folder.mkdir(parents=True, exist_ok=True)
    _draw_segments(folder, order, pairs)
    [archive] = batch_files.join(sorted(folder.glob("segment-*.zip")), folder, head)
    archive.replace(options.out)
    shutil.rmtree(folder)
    rows = f", {len(left_out)} rows left out" if left_out else ""
    print(f"{options.out}  {len(pairs)} pictures of {len(codes)} codes{rows}")


def chosen_formats(order: Order, wanted: list[str]) -> list[str]:
    """Names given one by one, with commas between, or `all`; raises UnknownFormat."""
    known = list(order.document.formats)
    names = [name for given in wanted for name in given.split(",") if name]
    if "all" in names:
        return known
    for name in names:
        if name not in known:
            raise UnknownFormat(f"This template has no format '{name}'; it has {', '.join(known)}.")
    return list(dict.fromkeys(names))


def _head(order: Order, formats: list[str]) -> dict[str, Any]:
    document = order.document
    return {
        "template": {"slug": document.slug, "name": document.name},
        "formats": formats,
        "fields": order.fields,
        "output": order.output,
        "scale": order.scale,
    }


def _folder(out: Path, head: dict[str, Any], order: Order, pairs: list[Pair]) -> Path:
    """Named by all that the pictures depend on, so that another order begins anew."""
    logo = hashlib.sha256(order.logo).hexdigest() if order.logo else None
    whole = {**head, "document": order.document.model_dump(mode="json"), "pairs": pairs, "logo": logo}
    return out.with_name(f".{out.name}.{batch_files.digest({**whole, 'link': order.link})[:16]}.unfinished")


def _draw_segments(folder: Path, order: Order, pairs: list[Pair]) -> None:
    """Every segment that is not there yet, drawn by as many processes as there are processors."""
    segments = {number: folder / f"segment-{number:05d}.zip" for number, _ in enumerate(_stretches(pairs))}
    todo = [number for number, path in segments.items() if not path.exists()]
    if found := len(segments) - len(todo):
        print(f"promo: {found} of {len(segments)} parts are there from before", file=sys.stderr)
    if not todo:
        return
    draw(order, *pairs[0])  # a fault of the template shows here, before processes start
    is_only = len({name for _, name in pairs}) == 1
    with ProcessPoolExecutor(os.cpu_count(), initializer=_worker.append, initargs=((order, is_only),)) as pool:
        stretches = list(_stretches(pairs))
        drawn = pool.map(_draw_in_worker, [pair for number in todo for pair in stretches[number]], chunksize=8)
        done = len(pairs) - sum(len(stretches[number]) for number in todo)
        for number in todo:
            partial = segments[number].with_suffix(".part")
            done += batch_files.write_segment(partial, itertools.islice(drawn, len(stretches[number])))
            partial.replace(segments[number])
            print(f"promo: {done} of {len(pairs)}", file=sys.stderr)


def _stretches(pairs: list[Pair]) -> Iterator[list[Pair]]:
    for start in range(0, len(pairs), batch_files.SEGMENT_PICTURES):
        yield pairs[start : start + batch_files.SEGMENT_PICTURES]


_worker: list[tuple[Order, bool]] = []


def _draw_in_worker(pair: Pair) -> Made:
    order, is_only = _worker[0]
    code, name = pair
    file = batch_files.file_name(code, name, order.output, is_only_format=is_only)
    return batch_files.made(file, draw(order, code, name), code=code, format=name)
