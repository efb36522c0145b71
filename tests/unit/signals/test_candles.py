from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from promostack.signals.bars import History
from promostack.signals.candle_files import BadCandles, read_candles
from promostack.signals.candles import build_higher, candles_from, clean
from tests.strategies.market import FOLDER, quarters, real

HOURLY = "Date,open,high,low,close,tick_volume\n"
QUARTER = "time,open,high,low,close,tick_volume,spread,real_volume\n"
PLAIN = "time,open,high,low,close\n"


def _file(folder: Path, text: str) -> Path:
    path = folder / "candles.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2012-05-17 08:00:00", "2012-05-17T05:00"),  # New York in summer plus seven hours
        ("2016-01-04 01:00:00", "2016-01-03T23:00"),
        ("2016-03-14 01:00:00", "2016-03-13T22:00"),  # New York has changed, Europe has not
        ("2020-10-23 23:00:00", "2020-10-23T20:00"),
        ("2020-10-26 01:00:00", "2020-10-25T23:00"),  # Athens from here on
        ("2021-03-15 01:00:00", "2021-03-14T23:00"),
    ],
)
def test_the_hourly_export_is_read_by_its_servers_clock(tmp_path: Path, wall: str, utc: str) -> None:
    after = datetime.fromisoformat(wall) + timedelta(hours=1)
    rows = f"{wall},154759.0,155384.0,154740.0,155295.0,4418\n{after},155295.0,155300.0,155290.0,155295.0,1\n"
    candles = read_candles(_file(tmp_path, HOURLY + rows))
    assert candles.interval == "1h"
    assert candles.opened_at(0) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert candles.bar(0).high == Decimal("1553.84")


def test_the_quarter_hour_export_counts_seconds_of_athens() -> None:
    """The largest move of the quarter is the US consumer prices of 08:30 New York."""
    move = np.abs(quarters().close - quarters().open)
    february = quarters().stamps < datetime(2024, 3, 1, tzinfo=UTC).timestamp()
    assert quarters().opened_at(0) == datetime(2024, 2, 18, 23, tzinfo=UTC)
    assert quarters().opened_at(int((move * ~february).argmax())).hour in (13, 14, 15)
    assert clean(quarters()).candles.stamps.tolist() == quarters().stamps.tolist()


def test_plain_files_are_utc_as_text_or_seconds(tmp_path: Path) -> None:
    text = "2024-02-13T10:00:00Z,1,2,1,2\n2024-02-13 10:15,2,2,1,1\n1707820200,1,1,1,1\n"
    candles = read_candles(_file(tmp_path, PLAIN + text))
    assert candles.interval == "15min"
    assert [candles.opened_at(index).minute for index in range(3)] == [0, 15, 30]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "header"),
        ("", "header"),
        (PLAIN, "apart"),
        (PLAIN + "2024-02-13T10:00,1,2,1,2\n", "apart"),
        (PLAIN + "2024-02-13T10:00,1,2,1,2\n2024-02-13T10:07,1,2,1,2\n", "apart"),
        (PLAIN + "2024-02-13T10:15,1,2,1,2\n2024-02-13T10:00,1,2,1,2\n", "line 3 is not later"),
        (PLAIN + "2024-02-13T10:00,1,2,1,2\n2024-02-13T10:00,1,2,1,2\n", "line 3 is not later"),
        (PLAIN + "2024-02-13T10:00,1,2,1\n", "line 2 is not a candle"),
        (PLAIN + "yesterday,1,2,1,2\n", "line 2 is not a candle"),
        (PLAIN + "2024-02-13T10:00,1,2,1,2\n2024-02-13T10:15,1,0.5,1,2\n", "line 3 has prices"),
        (PLAIN + "2024-02-13T10:00,1,2,1,2\n2024-02-13T10:15,nan,2,1,2\n", "line 3 has prices"),
        (PLAIN + "2024-02-13T10:00,-1,2,-1,2\n2024-02-13T10:15,1,2,1,2\n", "line 2 has prices"),
        (QUARTER + "soon,1,2,1,2,1,1,0\n", "line 2 is not a candle"),
    ],
)
def test_a_file_that_is_no_candles_is_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadCandles, match=message):
        read_candles(_file(tmp_path, text))


def test_stray_impossible_and_doubled_bars_are_dropped_and_counted() -> None:
    monday = int(datetime(2024, 2, 12, 10, tzinfo=UTC).timestamp())
    saturday = int(datetime(2024, 2, 10, 10, tzinfo=UTC).timestamp())
    rows = [
        (monday + 900, 5.0, 6.0, 4.0, 5.0),
        (saturday, 5.0, 6.0, 4.0, 5.0),
        (monday, 5.0, 6.0, 4.0, 5.0),
        (monday + 900, 5.0, 7.0, 4.0, 5.0),  # the same bar again, revised: the later one stays
        (monday + 1800, 5.0, 4.0, 6.0, 5.0),
        (monday + 2701, 5.0, 6.0, 4.0, 5.0),  # off the grid
        (monday + 3600, float("inf"), float("inf"), 4.0, 5.0),
    ]
    cleaned = clean(candles_from("15min", rows))
    assert (cleaned.stray, cleaned.impossible, cleaned.doubled) == (1, 3, 1)
    assert cleaned.candles.stamps.tolist() == [monday, monday + 900]
    assert cleaned.candles.high.tolist() == [6.0, 7.0]


def test_hours_are_built_from_quarters_and_shown_only_when_closed() -> None:
    """At each quarter of a full hour: the last closed hour ends at or before it, and is made of its four bars."""
    history = History(quarters())
    for end in range(4, 76):
        bars, hours = history.until(end), history.until(end).at("1h")
        first, last = end - end % 4 - 4, end - end % 4
        assert timedelta(0) <= bars.closed_at - hours.closed_at < timedelta(hours=1)  # within one session
        assert (hours.open[-1], hours.close[-1]) == (bars.open[first], bars.close[last - 1])
        assert (hours.high[-1], hours.low[-1]) == (bars.high[first:last].max(), bars.low[first:last].min())


def test_an_hour_is_built_of_what_is_stored() -> None:
    """A hole makes it coarser; a first hour whose beginning is not stored is left out."""
    start = int(datetime(2024, 2, 12, 10, 15, tzinfo=UTC).timestamp())
    rows = [(start + 900 * n, 10.0 + n, 11.0 + n, 9.0 + n, 10.5 + n) for n in range(8) if n != 5]
    hours = build_higher(candles_from("15min", rows), "1h")
    assert [hours.opened_at(index).hour for index in range(len(hours))] == [11, 12]
    assert (hours.open[0], hours.high[0], hours.low[0], hours.close[0]) == (13.0, 17.0, 12.0, 16.5)
    with pytest.raises(ValueError, match="cannot be built"):
        build_higher(hours, "15min")


def test_stored_hours_reach_further_back_than_the_quarters() -> None:
    assert len(real().all().at("1h")) == 780 + 1829 // 4 + 1  # one quarter of the excerpt is missing
    assert len(History(quarters()).all().at("1h")) == 1829 // 4 + 1


def test_stored_hours_never_hide_newer_quarters() -> None:
    """Somebody stored hours and then none for a day: the newest closed hour still comes from the quarters."""
    history = History(quarters(), higher={"1h": build_higher(quarters(), "1h").cut(0, 300)})
    plain = History(quarters())
    assert history.all().at("1h").closed_at == plain.all().at("1h").closed_at
    assert np.array_equal(history.all().at("1h").close, plain.all().at("1h").close)


def test_nobody_can_write_into_bars_or_indicators() -> None:
    bars = real().until(1200)
    for column in (bars.open, bars.close, bars.ema(20), bars.macd()[2], bars.at("1h").close):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1.0
    frame = bars.frame
    frame.loc[frame.index[0], "close"] = 1.0
    assert bars.close[0] != 1.0


def test_the_excerpt_is_named_with_its_source() -> None:
    note = (FOLDER / "README.md").read_text()
    assert all(path.name in note for path in FOLDER.glob("*.csv"))
