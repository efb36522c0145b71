"""What scripts/rebuild-record does, once it runs in the project's environment."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from promostack.core.errors import PromoError
from promostack.signals import ledger
from promostack.signals.bars import History
from promostack.signals.candle_files import read_candles
from promostack.signals.candles import Candles, clean
from promostack.signals.contract import Terms
from promostack.signals.following import follow
from promostack.signals.plans import Plan
from promostack.signals.positions import Event, Position, publish
from promostack.signals.results import Costs, result_of
from promostack.signals.statistics import Sample, summarise
from promostack.signals.thesis import read

Body = Mapping[str, Any]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/rebuild-record", description="An exported record, made again.")
    parser.add_argument("file", type=Path, metavar="FILE", help="the export, one JSON row a line")
    parser.add_argument("--bars", type=Path, required=True, metavar="CSV", help="quarter-hours")
    parser.add_argument("--shorter", type=Path, metavar="CSV", help="the five-minute bars that were stored")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines()]
        shorter = clean(read_candles(options.shorter)).candles if options.shorter else None
        record = Rebuilt(rows, clean(read_candles(options.bars)).candles, shorter)
    except (PromoError, OSError, ValueError, KeyError) as error:
        print(f"rebuild-record: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    told = {**record.counts, "differences": len(record.differences), "differing": record.differences[:50]}
    if options.json:
        print(json.dumps(told, indent=1))
    else:
        print("\n".join([*record.differences, ", ".join(f"{name} {count}" for name, count in record.counts.items())]))
    return 1 if record.differences else 0


class Rebuilt:
    """`counts`: rows that were made again, by kind; milestones are counted apart. `differences`: in words."""

    def __init__(self, rows: list[dict[str, Any]], quarters: Candles, shorter: Candles | None) -> None:
        self._history, self._shorter = History(quarters), shorter
        self._closes = quarters.stamps + quarters.seconds
        self.counts: Counter[str] = Counter(signals=0, events=0, milestones=0, closed=0, recaps=0)
        self.differences: list[str] = []
        self._samples: list[Sample] = []
        lives = self._lives(rows)
        made = {name: self._made(life) for name, life in lives.items() if "published" in life}
        self._compare(rows, lives, made)

    def _lives(self, rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Per signal its plan, when it was published, and whether its reason was looked at."""
        lives: dict[str, dict[str, Any]] = {}
        for row in rows:
            body = row["body"]
            if row["kind"] == "plan":
                lives[body["signal"]] = {"plan": body, "revalidates": False, "written": []}
            elif row["kind"] == "fate" and body["fate"] == "published":
                lives[body["signal"]]["published"] = datetime.fromisoformat(body["published_at"])
            elif row["kind"] in ("event", "closed"):
                lives[body["signal"]]["written"].append(body)
                lives[body["signal"]]["revalidates"] |= body.get("kind") == "thesis"
        return lives

    def _made(self, life: Mapping[str, Any]) -> list[Body]:
        """The rows after its publication, as the candles make them."""
        body, name = life["plan"], life["plan"]["signal"]
        plan, costs = _plan(body), Costs(Decimal(body["spread"]), Decimal(body["commission"]))
        terms = Terms(timedelta(minutes=body["max_hold_min"]), body["stop_moves"], life["revalidates"])
        entered = self._count(datetime.fromisoformat(body["bar_closed_at"]))
        readings = read(self._history.until(entered)) if terms.revalidates else None
        position = publish(plan, terms, at=life["published"], readings=readings)
        found: list[Body] = []
        for end in range(self._count(life["published"]) + 1, len(self._history) + 1):
            position, events = self._followed(position, end)
            found += [ledger.event_body(name, event) for event in events if event.kind != "closed"]
            if not position.is_open:
                result = result_of(plan, position.legs, costs)
                return [*found, ledger.closed_body(name, position, result)]
        return found

    def _followed(self, position: Position, end: int) -> tuple[Position, tuple[Event, ...]]:
        bar = self._history.candles.bar(end - 1)
        finer = self._shorter.bars_between(bar.opened_at, bar.closed_at) if self._shorter is not None else []
        return follow(position, bar, bars=self._history.until(end), finer=finer)

    def _count(self, at: datetime) -> int:
        """Bars that had closed by then."""
        return int(np.searchsorted(self._closes, at.timestamp(), side="right"))

    def _compare(self, rows: list[dict[str, Any]], lives: Mapping[str, Any], made: Mapping[str, list[Body]]) -> None:
        for name, found in made.items():
            written = lives[name]["written"]
            self.counts["signals"] += 1
            if not (written and "outcome" in written[-1]):
                found = found[: len(written)]  # it goes on; what came later is not in the record yet
            for ours, theirs in zip([*found, *[{}] * len(written)], [*written, *[{}] * len(found)], strict=False):
                if dict(ours) != dict(theirs):
                    self.differences.append(f"{name}: {_short(ours)} made, {_short(theirs)} written")
        for row in rows:
            self._count_row(row["kind"], row["body"])
            if row["kind"] == "closed":
                self._samples.append(_sample(row["body"]))
            elif row["kind"] == "recap":
                self._compare_recap(row["body"])

    def _count_row(self, kind: str, body: Body) -> None:
        if kind in ("event", "closed", "recap"):
            self.counts[{"event": "events", "recap": "recaps"}.get(kind, kind)] += 1
            self.counts["milestones"] += body.get("kind") == "milestone"

    def _compare_recap(self, body: Body) -> None:
        start, end = datetime.fromisoformat(body["from"]), datetime.fromisoformat(body["to"])
        inside = [each for each in self._samples if start <= each.closed_at < end]
        ordered = sorted(inside, key=lambda each: each.closed_at)
        again = ledger.recap_body(body["period"], start, end, summarise(ordered))
        if again != dict(body):
            self.differences.append(f"recap from {body['from']}: {again} made, {dict(body)} written")


def _plan(body: Body) -> Plan:
    return Plan(
        side=body["side"],
        entry=Decimal(body["entry"]),
        stop=Decimal(body["stop"]),
        targets=tuple(Decimal(price) for price in body["targets"]),
        split=tuple(body["split"]),
        atr=Decimal(1),  # not in the record, and nothing depends on it any more
    )


def _sample(body: Body) -> Sample:
    return Sample(
        closed_at=datetime.fromisoformat(body["closed_at"]),
        outcome=body["outcome"],
        hit=sum(leg["why"].startswith("tp") for leg in body["legs"]),
        net_r=Decimal(body["net_r"]),
        net_usd=Decimal(body["net_usd"]),
        net_pips=Decimal(body["net_pips"]),
        ambiguous=body["ambiguous"],
        gap_fills=body["gap_fills"],
    )


def _short(body: Body) -> str:
    told = {name: value for name, value in body.items() if name != "signal"}
    return json.dumps(told) if told else "nothing"


if __name__ == "__main__":
    sys.exit(main())
