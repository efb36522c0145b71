"""The market: Twelve Data's simulator, and a clock that it shares with the code under test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import requests

from promostack.integrations.twelve_data import TwelveData
from promostack.signals.market import Market
from scripts.local.twelve_data import KEY
from tests.integration.conftest import free_port, running

# A Tuesday morning in the middle of the candles that are committed.
TUESDAY = datetime(2024, 3, 5, 10, 0, 20, tzinfo=UTC)


@dataclass
class Vendor:
    """The simulator, its control API, and the time that it shows, which is ours."""

    base: str
    at: datetime = TUESDAY

    def now(self) -> datetime:
        return self.at

    def stand_at(self, at: datetime) -> None:
        self.at = at
        requests.put(f"{self.base}/_control/clock", json={"at": at.isoformat()}, timeout=60).raise_for_status()

    def pass_by(self, **span: float) -> None:
        self.stand_at(self.at + timedelta(**span))

    def answer(self, mode: str = "normal", **details: object) -> None:
        """How the next calls are answered; see scripts/local/twelve_data.py."""
        requests.put(f"{self.base}/_control/mode", json={"mode": mode, **details}, timeout=60).raise_for_status()

    def reset(self) -> None:
        requests.post(f"{self.base}/_control/reset", timeout=60).raise_for_status()

    def told(self) -> dict:
        return requests.get(f"{self.base}/_control/calls", timeout=60).json()

    @property
    def calls(self) -> list[dict]:
        return self.told()["calls"]


@pytest.fixture(scope="module")
def _vendor_server() -> Iterator[str]:
    port = free_port()
    with running("scripts.local.twelve_data", "--port", str(port), ready=f"http://127.0.0.1:{port}/_control/health"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def vendor(_vendor_server: str) -> Vendor:
    """As at its start, on Tuesday morning."""
    found = Vendor(_vendor_server)
    found.reset()
    found.stand_at(TUESDAY)
    return found


@pytest.fixture
def client(vendor: Vendor) -> TwelveData:
    return TwelveData(vendor.base, KEY)


@pytest.fixture
def market(database, vendor: Vendor, client: TwelveData) -> Market:
    """An empty market on the simulator's clock."""
    database.query("TRUNCATE bars, bar_revisions")
    database.query(
        "UPDATE feeds SET credits = 0, credits_day = '-infinity', asked_at = '-infinity', scan_asked_for = '-infinity',"
        " watch_asked_for = '-infinity', paused_until = NULL, pause_code = NULL, pause_text = NULL"
    )
    return Market(client, vendor)
