"""Whatever is changed in an exported record, the verifier finds it; what is right, it passes."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from promostack.signals import backtest, ledger
from promostack.signals.backtest_record import record
from promostack.signals.results import Costs
from strategies.strategy_loader import load_strategies
from tests.strategies.market import FOLDER, real

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "scripts" / "verify-ledger"
CANDLES = FOLDER / "xauusd_m15.csv"
STRATEGIES, _ = load_strategies()


@cache
def rows(key: str = "aggressive") -> list[ledger.Row]:
    strategy = STRATEGIES[key]()
    return record(backtest.run(strategy, real()), strategy, costs=Costs())


@cache
def _verifier() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("verify_ledger", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("verify_ledger", loader))
    loader.exec_module(module)
    return module


def _lines(key: str = "aggressive") -> list[str]:
    return [row.line() for row in rows(key)]


def _fault(lines: list[str], head: str | None = None) -> str | None:
    """What the verifier says of these rows, None when they are whole."""
    verifier = _verifier()
    taken = verifier.Record()
    try:
        for line in lines:
            taken.take(line)
    except verifier.Bad as bad:
        return str(bad)
    return None if head is None or taken.head == head else "head"


def _run(*arguments: object, folder: Path) -> subprocess.CompletedProcess:
    """Alone: without site packages, and with nothing of the project beside it."""
    (folder / "verify-ledger").write_text(SCRIPT.read_text())
    command = [sys.executable, "-I", "-S", folder / "verify-ledger", *arguments]
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=60)


def test_a_whole_record_is_ok_with_its_head_and_its_candles(tmp_path: Path) -> None:
    (tmp_path / "record.jsonl").write_text(ledger.export(rows()))
    done = _run("record.jsonl", "--head", rows()[-1].hash, "--bars", CANDLES, folder=tmp_path)
    assert (done.stdout, done.returncode) == (f"ok {len(rows())}\n", 0)
    assert "0 not covered" in done.stderr


def test_the_first_bad_row_is_named(tmp_path: Path) -> None:
    lines = _lines()
    lines[16] = lines[16].replace('"at":"2024', '"at":"2023', 1)
    (tmp_path / "record.jsonl").write_text("\n".join(lines) + "\n")
    done = _run("record.jsonl", folder=tmp_path)
    assert (done.stdout, done.returncode) == ("row 17: its hash does not fit its content\n", 1)


def test_a_record_cut_at_its_end_is_found_by_the_posted_head(tmp_path: Path) -> None:
    (tmp_path / "record.jsonl").write_text("\n".join(_lines()[:-1]) + "\n")
    assert _run("record.jsonl", folder=tmp_path).returncode == 0
    done = _run("record.jsonl", "--head", rows()[-1].hash, folder=tmp_path)
    assert done.returncode == 1
    assert "not in the head given" in done.stdout


def test_an_empty_or_missing_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "record.jsonl").write_text("")
    assert _run("record.jsonl", folder=tmp_path).stdout == "ok 0\n"
    assert _run("record.jsonl", "--head", "ab", folder=tmp_path).returncode == 1
    assert _run("other.jsonl", folder=tmp_path).returncode == 2


def _rehash(lines: list[str], start: int) -> list[str]:
    """What a forger does after an edit: every row from there on gets a hash that fits."""
    prev = json.loads(lines[start - 1])["hash"] if start else ledger.GENESIS
    forged = lines[:start]
    for place, line in enumerate(lines[start:], start):
        row = {**json.loads(line), "seq": place + 1, "prev": prev}
        row.pop("hash")
        prev = hashlib.sha256(ledger.canonical_json(row).encode()).hexdigest()
        forged.append(ledger.canonical_json({**row, "hash": prev}))
    return forged


def _rehash_one(lines: list[str], place: int) -> list[str]:
    """A forger who leaves the rows behind the edit, and so the head, as they were."""
    row = json.loads(lines[place])
    row.pop("hash")
    digest = hashlib.sha256(ledger.canonical_json(row).encode()).hexdigest()
    return [*lines[:place], ledger.canonical_json({**row, "hash": digest}), *lines[place + 1 :]]


def _tampered(chance: random.Random, lines: list[str]) -> list[str]:
    """One random change of one of the kinds, many of them covered up by hashing one row or all behind it anew."""
    place, other = chance.sample(range(len(lines)), 2)
    changed = list(lines)
    kind = chance.choice(["edit", "digit", "delete", "insert", "reorder", "cut", "blank"])
    if kind == "edit":
        row = json.loads(changed[place])
        key = chance.choice(sorted(row["body"]))
        row["body"][key] = _other_value(chance, row["body"][key])
        changed[place] = ledger.canonical_json(row)
    elif kind == "digit":
        at = chance.choice([index for index, char in enumerate(changed[place]) if char.isdigit()])
        digit = chance.choice([each for each in "0123456789" if each != changed[place][at]])
        changed[place] = changed[place][:at] + digit + changed[place][at + 1 :]
    elif kind == "delete":
        del changed[place]
    elif kind == "insert":
        changed.insert(place, changed[other])
    elif kind == "reorder":
        changed[place], changed[other] = changed[other], changed[place]
    elif kind == "cut":
        changed = changed[:place]
    else:
        changed[place] = changed[place].replace(",", ", ", 1)
    if kind == "edit" and chance.random() < 0.3:
        return _rehash_one(changed, place)
    if kind in ("edit", "delete", "insert", "reorder") and chance.random() < 0.5:
        return _rehash(changed, min(place, other, len(changed)))
    return changed


def _other_value(chance: random.Random, value: object) -> object:
    if isinstance(value, int):
        return value + chance.choice([-1, 1])
    return [*value, "1"] if isinstance(value, list) else f"{value}1"


def _undetected(seed: int, count: int) -> list[list[str]]:
    chance, lines = random.Random(seed), _lines("impulse_breakout")[:60]
    head = json.loads(lines[-1])["hash"]
    assert _fault(lines, head) is None
    tampered = (_tampered(chance, lines) for _ in range(count))
    return [each for each in tampered if each != lines and _fault(each, head) is None]


def test_random_tamperings_are_found_with_the_posted_head() -> None:
    assert _undetected(seed=1, count=500) == []


@pytest.mark.long
def test_ten_thousand_random_tamperings_are_found_with_the_posted_head() -> None:
    assert _undetected(seed=2, count=10_000) == []


@pytest.mark.parametrize(
    ("kind", "change", "fault"),
    [
        ("closed", {"net_r": "9"}, "net_r"),
        ("closed", {"net_usd": "9"}, "net_usd"),
        ("closed", {"net_pips": "99"}, "net_pips"),
        ("closed", {"legs": [{"share": 90, "price": "2100.00", "why": "stop"}]}, "whole position"),
        ("fate", {"fate": "blocked"}, "time of publication"),
        ("recap", {"wins": 99}, "wins"),
        ("recap", {"max_drawdown_r": "0"}, "max_drawdown_r"),
        ("plan", {"stop": "1.00", "side": "sell"}, "sides"),
        ("plan", {"split": [60, 60, 20]}, "split"),
    ],
)
def test_figures_that_do_not_follow_are_found_even_when_every_hash_fits(kind: str, change: dict, fault: str) -> None:
    """Somebody who forges the whole chain, head and all, still has to make the figures follow."""
    lines = _lines()
    places = [place for place, row in enumerate(rows()) if row.kind == kind]
    place = next(p for p in places if kind != "fate" or rows()[p].body["fate"] == "published")
    row = json.loads(lines[place])
    row["body"].update(change)
    lines[place] = ledger.canonical_json(row)
    assert fault in (_fault(_rehash(lines, place)) or "")


def test_a_deleted_loser_is_missed_by_the_figures_though_the_chain_is_forged() -> None:
    lines = _lines()
    loser = next(row.body["signal"] for row in rows() if row.kind == "closed" and row.body["net_r"].startswith("-"))
    assert _fault(_rehash([line for line in lines if f'"{loser}"' not in line], 0)) is not None


def test_candles_disprove_a_better_ending(tmp_path: Path) -> None:
    """The chain and all figures are forged consistently; the candles are not."""
    lines = _lines()
    place = next(p for p, row in enumerate(rows()) if row.kind == "closed" and row.body["outcome"] == "stopped")
    row = json.loads(lines[place])
    plan = next(each.body for each in rows() if each.kind == "plan" and each.body["signal"] == row["body"]["signal"])
    row["body"]["legs"] = [{"share": 100, "price": plan["entry"], "why": "timeout"}]
    row["body"].update(_verifier().result(plan, row["body"]["legs"]), outcome="timeout")
    lines[place] = ledger.canonical_json(row)
    forged = [line for line in _rehash(lines, place) if '"kind":"recap"' not in line]
    assert _fault(forged) is None
    (tmp_path / "record.jsonl").write_text("\n".join(forged) + "\n")
    done = _run("record.jsonl", "--bars", CANDLES, folder=tmp_path)
    assert done.stdout.startswith(f"row {place + 1}: outcome is timeout")


def test_the_record_holds_plans_that_were_kept_back() -> None:
    fates = [row.body["fate"] for row in rows() if row.kind == "fate"]
    assert fates.count("blocked") > fates.count("published") > 10
    assert len(fates) == sum(row.kind == "plan" for row in rows())


@pytest.mark.parametrize("value", [1.5, True, None, {"a": 2.0}, [Decimal(1)], {1: "a"}])
def test_what_prints_differently_elsewhere_is_not_written(value: object) -> None:
    with pytest.raises(ledger.LedgerBroken):
        ledger.canonical_json({"value": value})


def test_one_number_has_one_text() -> None:
    texts = [ledger.plain(Decimal(text)) for text in ("1.50", "1.5000", "100", "1E+2", "-0.0", "0.10")]
    assert texts == ["1.5", "1.5", "100", "100", "0", "0.1"]


def test_a_clock_that_goes_back_does_not_turn_the_order_around() -> None:
    at = datetime(2024, 3, 4, 10, tzinfo=UTC)
    first = ledger.append(None, at=at, kind="recap", body={})
    second = ledger.append(first, at=at - timedelta(hours=1), kind="recap", body={})
    assert (second.seq, second.at, second.prev) == (2, at, first.hash)
