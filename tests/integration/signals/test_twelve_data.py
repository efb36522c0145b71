"""The client against the vendor's simulator: what it asks, what it takes for a bar, what each error means."""

from datetime import UTC, datetime

import pytest
import requests

from promostack.integrations.twelve_data import TwelveData
from promostack.signals.candle_files import read_candles
from promostack.signals.errors import FeedBusy, FeedExhausted, FeedRefused, FeedUnavailable
from scripts.local.twelve_data import KEY, SEED


def test_bars_are_those_of_the_file_and_the_forming_one_is_left_out(client, vendor):
    found = client.closed_bars("XAUUSD", "15min", most=40)

    candles, stored = found.candles, read_candles(SEED)
    assert candles.closed_at(len(candles) - 1) == datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
    assert (found.forming, len(candles)) == (1, 39)
    assert (
        candles.bars_between(candles.opened_at(0), vendor.at)
        == stored.bars_between(candles.opened_at(0), vendor.at)[:-1]
    )
    assert found.told_at == vendor.at.replace(microsecond=0)
    assert (found.credits_used, found.credits_left) == (1, 7)


def test_the_server_decides_what_has_closed_whatever_our_clock_says(client, vendor):
    vendor.pass_by(minutes=14, seconds=39)
    before = client.closed_bars("XAUUSD", "15min", most=3).candles
    vendor.pass_by(seconds=1)
    after = client.closed_bars("XAUUSD", "15min", most=3).candles

    assert before.closed_at(len(before) - 1).minute == 0
    assert after.closed_at(len(after) - 1).minute == 15


def test_the_key_travels_in_a_header_and_never_in_the_address(vendor, caplog):
    with pytest.raises(FeedRefused):
        TwelveData(vendor.base, "another key").closed_bars("XAUUSD", "15min", most=3)
    plain = {"symbol": "XAU/USD", "interval": "15min"}
    assert requests.get(f"{vendor.base}/time_series", params=plain, timeout=60).status_code == 401
    assert KEY not in caplog.text


@pytest.mark.parametrize("in_body", [False, True], ids=["by status", "in the body of a 200"])
@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("400", FeedRefused), ("401", FeedRefused), ("403", FeedRefused), ("404", FeedRefused), ("414", FeedRefused),
        ("429_minute", FeedBusy), ("429_day", FeedExhausted), ("500", FeedUnavailable), ("503", FeedUnavailable),
    ],
)  # fmt: skip
def test_each_error_in_both_styles(client, vendor, mode, error, in_body):
    vendor.answer(mode, in_body=in_body)
    with pytest.raises(error):
        client.closed_bars("XAUUSD", "15min", most=3)


@pytest.mark.parametrize("mode", ["html", "not_json", "no_values", "no_date", "down"])
def test_what_is_no_answer_is_none(client, vendor, mode):
    vendor.answer(mode)
    with pytest.raises(FeedUnavailable):
        client.closed_bars("XAUUSD", "15min", most=3)


def test_a_slow_answer_is_left_after_the_time_allowed(client, vendor, monkeypatch):
    monkeypatch.setattr("promostack.integrations.twelve_data.TIMEOUT_S", 0.3)
    vendor.answer("slow", delay_s=2)
    with pytest.raises(FeedUnavailable):
        client.closed_bars("XAUUSD", "15min", most=3)


def test_nine_calls_in_a_minute_are_one_too_many(client, vendor):
    for _ in range(8):
        client.closed_bars("XAUUSD", "15min", most=1)
    with pytest.raises(FeedBusy):
        client.closed_bars("XAUUSD", "15min", most=1)


def test_three_bars_of_five_minutes_make_the_quarter(client, vendor):
    whole = client.closed_bars("XAUUSD", "15min", most=20).candles
    parts = client.closed_bars("XAUUSD", "5min", most=20).candles
    for opened_at in (datetime(2024, 3, 5, 9, minute, tzinfo=UTC) for minute in (15, 30, 45)):
        place = whole.stamps.tolist().index(int(opened_at.timestamp()))
        bar = whole.bar(place)
        thirds = parts.bars_between(bar.opened_at, bar.closed_at)
        assert len(thirds) == 3
        assert (thirds[0].open, thirds[-1].close) == (bar.open, bar.close)
        assert (max(each.high for each in thirds), min(each.low for each in thirds)) == (bar.high, bar.low)


def test_weeks_outside_the_file_have_a_market_too(client, vendor):
    vendor.stand_at(datetime(2026, 8, 11, 13, 0, 5, tzinfo=UTC))
    candles = client.closed_bars("XAUUSD", "15min", most=4600).candles
    assert len(candles) > 4500
    assert candles.closed_at(len(candles) - 1) == datetime(2026, 8, 11, 13, 0, tzinfo=UTC)
