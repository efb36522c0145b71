"""A record is made again from candles alone: every event, milestone, end, figure and recap."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from promostack.signals import ledger
from promostack.signals.statistics import Sample, summarise
from scripts import rebuild_record_command
from tests.strategies.market import FOLDER
from tests.unit.signals.test_ledger import rows

CANDLES = FOLDER / "xauusd_m15.csv"
DAY = (datetime(2024, 3, 5, 22, tzinfo=UTC), datetime(2024, 3, 6, 22, tzinfo=UTC))


def _with_recaps(key: str) -> list[ledger.Row]:
    """A backtest's record, and two more recaps behind it: of one of its days, and of one without signals."""
    made = list(rows(key))
    samples: list[Sample] = [rebuild_record_command._sample(row.body) for row in made if row.kind == "closed"]
    for start, end in (DAY, (DAY[1].replace(year=2025), DAY[1].replace(year=2025, day=7))):
        inside = [each for each in samples if start <= each.closed_at < end]
        body = ledger.recap_body("day", start, end, summarise(inside))
        made.append(ledger.append(made[-1], at=made[-1].at, kind="recap", body=body))
    return made


def _rebuilt(capsys: pytest.CaptureFixture, path: Path) -> tuple[int, dict]:
    code = rebuild_record_command.main([str(path), "--bars", str(CANDLES), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("key", ["aggressive", "impulse_breakout"])
def test_every_row_is_made_again(capsys: pytest.CaptureFixture, tmp_path: Path, key: str) -> None:
    path = tmp_path / "record.jsonl"
    path.write_text(ledger.export(_with_recaps(key)))
    code, told = _rebuilt(capsys, path)

    assert (code, told["differing"]) == (0, [])
    assert told["closed"] == sum(row.kind == "closed" for row in rows(key)) > 10
    assert told["milestones"] > 10
    assert told["recaps"] == 3


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [("event", "price", "1"), ("event", "at", "2024-03-05T10:00:00.000000Z"), ("closed", "net_r", "9"),
     ("closed", "outcome", "tp3"), ("recap", "wins", 99), ("fate", "published_at", "2024-03-05T10:00:00.000000Z")],
)  # fmt: skip
def test_what_the_candles_do_not_make_is_named(
    capsys: pytest.CaptureFixture, tmp_path: Path, kind: str, field: str, value: object
) -> None:
    lines = [json.loads(row.line()) for row in _with_recaps("impulse_breakout")]
    changed = next(each for each in lines if each["kind"] == kind and each["body"].get(field) not in ("", value))
    changed["body"][field] = value
    path = tmp_path / "record.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    code, told = _rebuilt(capsys, path)

    assert code == 1
    assert told["differences"] >= 1


def test_what_is_no_record_is_said_in_one_line(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    (tmp_path / "record.jsonl").write_text("{}\n")
    code = rebuild_record_command.main([str(tmp_path / "record.jsonl"), "--bars", str(CANDLES)])

    assert code == 2
    assert "KeyError" in capsys.readouterr().err
