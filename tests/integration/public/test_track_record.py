"""public/track-record as a visitor sees it, and its export as the verifier takes it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from promostack.db.uow import unit_of_work
from promostack.signals import backtest, repository
from promostack.signals.backtest_record import record
from promostack.signals.bars import History
from promostack.signals.candle_files import read_candles
from promostack.signals.results import Costs
from promostack.tenants import service as tenants
from tests.integration.signals.house import ByTheBook

ROOT = Path(__file__).resolve().parents[3]
BARS = ROOT / "scripts" / "local" / "candles" / "xauusd_m15.csv"
FIRST = datetime(2024, 3, 5, 10, 45, tzinfo=UTC)


@pytest.fixture
def recorded(demo) -> str:
    """A tenant with the record of four signals, and of plans that a rail kept back."""
    strategy = ByTheBook({"buys": [FIRST + timedelta(minutes=75 * n) for n in range(16)], "throttle_min": 0})
    report = backtest.run(strategy, History(read_candles(BARS)))
    tenant_id = tenants.get_tenant_id(demo)
    with unit_of_work(tenant_id) as tx:
        if not repository.list_rows(tx, tenant_id):
            for row in record(report, strategy, costs=Costs()):
                repository.append(tx, tenant_id, at=row.at, kind=row.kind, body=dict(row.body))
    return demo


def test_the_figures_follow_from_the_signals_shown(functions, recorded: str) -> None:
    answer = functions.get("track-record", tenant=recorded)
    told = answer.json

    results = [Decimal(each["result"]["net_r"]) for each in told["signals"] if each["result"]]
    assert answer.status == 200
    assert told["statistics"]["n"] == len(results) == 4
    assert Decimal(told["statistics"]["net_r"]) == sum(results) == Decimal(told["equity_r"][-1][1])
    assert told["statistics"]["wins"] == sum(each > 0 for each in results)
    assert {each["fate"] for each in told["signals"]} == {"published", "blocked"}
    assert told["head"] == told["public_head"]


def test_the_export_is_proved_against_the_head_and_the_candles(functions, recorded: str, tmp_path: Path) -> None:
    head = functions.get("track-record", tenant=recorded).json["head"]
    answer = functions.get("track-record", "/export", tenant=recorded)
    path = tmp_path / "record.jsonl"
    path.write_bytes(answer.body)

    command = [sys.executable, ROOT / "scripts" / "verify-ledger", path, "--head", head, "--bars", BARS]
    proved = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (proved.returncode, proved.stdout.split()[0]) == (0, "ok"), proved.stdout
    assert answer.headers["Content-Type"] == "application/x-ndjson"


def test_pages_of_the_export_make_the_whole(functions, recorded: str) -> None:
    whole = functions.get("track-record", "/export", tenant=recorded).body.splitlines()
    rest = functions.get("track-record", "/export", tenant=recorded, after="5").body.splitlines()
    assert whole[5:] == rest


def test_a_tenant_without_signals_has_an_empty_record(functions, database) -> None:
    slug = "quiet"
    database.add_tenant(slug)
    answer = functions.get("track-record", tenant=slug)
    assert (answer.json["rows"], answer.json["signals"], answer.json["statistics"]["win_rate"]) == (0, [], None)
    assert functions.get("track-record", "/export", tenant=slug).body == b""
