"""What scripts/build-functions runs; see there."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from scripts.local import build, measuring, product, project

ROUNDS = 3
FIRST_CALL_LIMIT_MS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--no-calls", action="store_true")
    parser.add_argument("function", nargs="*")
    args = parser.parse_args(arguments)
    functions = [function for function in project.read() if not args.function or function.path in args.function]
    if len(functions) < len(args.function):
        parser.error(f"no such function among {', '.join(args.function)}")
    items = build.build(functions)
    measured = {} if args.no_calls else _first_calls(items)
    rows = [
        asdict(measured[item.function.path])
        if item.function.path in measured
        else {"name": item.function.path, "zip_mib": item.zip_mib, "first_call_ms": None}
        for item in items
    ]
    problems = _problems(items, measured)
    if args.json:
        print(json.dumps({"functions": rows, "problems": problems}))
    else:
        for row in rows:
            first_call = f"{row['first_call_ms']:>10.1f} ms" if row["first_call_ms"] else ""
            print(f"{row['name']:<28}{row['zip_mib']:>8.2f} MiB{first_call}")
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


def _first_calls(items: Sequence[build.Built]) -> dict[str, measuring.Measured]:
    with product.running(**measuring.PRODUCT) as facts:
        return {each.name: each for each in measuring.measure(items, facts["values"], rounds=ROUNDS)}


def _problems(items: Sequence[build.Built], measured: dict[str, measuring.Measured]) -> list[str]:
    too_large = [
        f"{item.function.path} has {item.zip_mib} MiB; its limit is {item.limit_mib}"
        for item in items
        if item.zip_mib > item.limit_mib
    ]
    too_slow = [
        f"{name} takes {each.first_call_ms} ms to its first answer; the limit is {FIRST_CALL_LIMIT_MS}"
        for name, each in measured.items()
        if each.first_call_ms > FIRST_CALL_LIMIT_MS
    ]
    return too_large + too_slow


if __name__ == "__main__":
    sys.exit(main())
