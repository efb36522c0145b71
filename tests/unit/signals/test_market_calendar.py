from datetime import UTC, date, datetime

import numpy as np
import pytest

from promostack.signals.market_calendar import is_open, missing_opens, open_mask, trading_day, trading_day_span


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        ("2024-02-11T22:59", False),  # Sunday, winter: opens 18:00 New York = 23:00 UTC
        ("2024-02-11T23:00", True),
        ("2024-03-10T21:59", False),  # New York has changed its clocks this very day, Europe has not
        ("2024-03-10T22:00", True),
        ("2024-07-12T20:59", True),  # Friday, summer: closes 17:00 New York = 21:00 UTC
        ("2024-07-12T21:00", False),
        ("2024-07-13T12:00", False),
        ("2024-07-10T21:30", False),  # the daily break
        ("2024-07-10T22:00", True),
        ("2024-01-10T21:30", True),
        ("2024-01-10T22:30", False),
    ],
)
def test_gold_trades_by_new_yorks_clock(at: str, opened: bool) -> None:
    assert is_open(datetime.fromisoformat(at).replace(tzinfo=UTC)) is opened


def test_the_mask_agrees_with_the_single_answer_over_two_years_of_hours() -> None:
    stamps = np.arange(1_672_531_200, 1_735_689_600, 3600, dtype=np.int64)
    single = [is_open(datetime.fromtimestamp(int(stamp), UTC)) for stamp in stamps]
    assert open_mask(stamps).tolist() == single
    assert sum(single) / len(single) == pytest.approx(5 * 23 / 168, abs=0.002)


def test_a_trading_day_ends_at_17_new_york() -> None:
    assert trading_day(datetime(2024, 7, 10, 20, 59, tzinfo=UTC)) == date(2024, 7, 10)
    assert trading_day(datetime(2024, 7, 10, 21, 0, tzinfo=UTC)) == date(2024, 7, 11)
    assert trading_day(datetime(2024, 7, 14, 22, 0, tzinfo=UTC)) == date(2024, 7, 15)
    start, end = trading_day_span(date(2024, 3, 11))
    assert (start, end) == (datetime(2024, 3, 10, 21, tzinfo=UTC), datetime(2024, 3, 11, 21, tzinfo=UTC))


def test_holes_are_missing_opens_of_market_hours_only() -> None:
    friday, sunday = datetime(2024, 7, 12, 20, 45, tzinfo=UTC), datetime(2024, 7, 14, 22, 0, tzinfo=UTC)
    stamps = np.array([friday.timestamp(), sunday.timestamp(), sunday.timestamp() + 2700], dtype=np.int64)
    assert missing_opens(stamps, 900).tolist() == [sunday.timestamp() + 900, sunday.timestamp() + 1800]
