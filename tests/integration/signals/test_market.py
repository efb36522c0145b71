"""Bars on their way from the vendor into the database, with everything that a feed does wrong."""

from datetime import UTC, datetime, timedelta

import psycopg2
import pytest

from promostack.db.uow import unit_of_work
from promostack.signals import market as markets
from promostack.signals.candles import build_higher
from promostack.signals.errors import FeedUnavailable
from promostack.signals.market import CREDITS_A_DAY, Market, feed_state, load_candles


def stored(vendor, interval="15min"):
    with unit_of_work(None) as tx:
        return load_candles(tx, "XAUUSD", interval, before=vendor.at)


def state(vendor):
    with unit_of_work(None) as tx:
        return feed_state(tx, "XAUUSD", vendor.at)


def test_the_first_question_fills_a_thousand_bars_of_each_interval(market, vendor):
    told = market.refresh()

    quarters = stored(vendor)
    assert told.new == len(quarters) > 4500
    assert len(build_higher(quarters, "1h")) > 1000
    assert len(vendor.calls) == 1


def test_a_bar_is_asked_for_once_when_it_has_closed(market, vendor):
    market.refresh()
    for _ in range(15):
        vendor.pass_by(minutes=1)
        market.refresh()

    assert len(vendor.calls) == 2
    assert stored(vendor).closed_at(len(stored(vendor)) - 1) == datetime(2024, 3, 5, 10, 15, tzinfo=UTC)


def test_a_bar_that_lags_is_asked_for_again_until_it_is_there(market, vendor):
    market.refresh()
    vendor.answer(lag_s=130)
    vendor.stand_at(datetime(2024, 3, 5, 10, 15, 1, tzinfo=UTC))
    told = [market.refresh()]
    for _ in range(4):
        vendor.pass_by(minutes=1)
        told.append(market.refresh())

    assert [each and each.new for each in told] == [0, 0, 0, 1, None]


def test_nobody_is_asked_at_the_weekend(market, vendor):
    vendor.stand_at(datetime(2024, 3, 9, 12, 0, tzinfo=UTC))
    market.refresh()
    vendor.pass_by(hours=20)
    assert market.refresh() is None
    assert len(vendor.calls) == 1


def test_after_an_outage_one_question_brings_every_bar(market, vendor):
    market.refresh()
    vendor.answer("down")
    for _ in range(3):
        vendor.pass_by(hours=4)
        market.refresh()
    vendor.answer()
    vendor.pass_by(minutes=1)

    assert market.refresh().new == 48
    assert state(vendor).code is None


def test_stray_impossible_and_doubled_bars_are_dropped_and_holes_are_filled_later(market, vendor):
    vendor.answer(stray=True, impossible=0.02, doubled=0.05, missing=0.02)
    told = market.refresh()

    candles = stored(vendor)
    assert told.dropped > 200
    assert len(set(candles.stamps.tolist())) == len(candles)
    assert all(candles.opened_at(index).weekday() != 5 for index in range(len(candles)))
    assert (candles.high >= candles.low).all()
    vendor.answer()
    vendor.pass_by(minutes=15)
    assert market.refresh().new >= 1


def test_a_revised_bar_keeps_its_first_value_and_the_revision_is_logged(market, vendor, database):
    market.refresh()
    before = stored(vendor)
    vendor.answer(revised=1.0)
    vendor.pass_by(minutes=15)
    told = market.refresh()

    after = stored(vendor)
    assert told.revised == 4
    assert after.high[: len(before)].tolist() == before.high.tolist()
    logged = database.query(
        "SELECT r.high - b.high FROM bar_revisions AS r JOIN bars AS b USING (symbol, bar_interval, opened_at)"
    )
    assert [float(each) for (each,) in logged] == [0.5] * 4


def test_the_function_can_neither_change_nor_delete_a_bar(market, vendor, database):
    market.refresh()
    for statement in ("UPDATE bars SET close = 1", "DELETE FROM bars", "DELETE FROM bar_revisions"):
        with psycopg2.connect(database.app_dsn) as connection, connection.cursor() as cursor:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)
            connection.rollback()


@pytest.mark.parametrize(
    ("mode", "code", "until"),
    [
        ("401", "feed_refused", timedelta(hours=1)),
        ("429_day", "feed_exhausted", datetime(2024, 3, 6, tzinfo=UTC) - datetime(2024, 3, 5, 10, 0, 20, tzinfo=UTC)),
    ],
)
def test_a_refused_key_and_a_used_up_day_pause_the_questions_and_nothing_is_lost(market, vendor, mode, code, until):
    vendor.answer(mode, times=1)
    market.refresh()
    paused = state(vendor)
    vendor.pass_by(minutes=30)
    while_paused = market.refresh()
    vendor.stand_at(paused.paused_until)

    assert (paused.code, paused.paused_until - datetime(2024, 3, 5, 10, 0, 20, tzinfo=UTC)) == (code, until)
    assert while_paused is None
    assert market.refresh().new > 4500
    assert state(vendor).code is None


def test_a_lagging_feed_and_an_open_signal_stay_within_the_days_credits(market, vendor, monkeypatch):
    """Each minute of an evening, the newest bar never there in time, five-minute bars asked for all the time."""
    asked = []

    class Feed:
        def closed_bars(self, symbol, interval, *, most):
            asked.append((vendor.at, interval))
            raise FeedUnavailable("late")

    monkeypatch.setattr(markets, "CREDITS_A_DAY", 60)
    late = Market(Feed(), vendor)
    for minute in range(6 * 60):
        vendor.at = datetime(2024, 3, 5, 18, 0, 5, tzinfo=UTC) + timedelta(minutes=minute)
        late.refresh()
        late.watch(vendor.at - timedelta(minutes=5))

    first_of_each_close = {int(at.timestamp()) // 900 for at, interval in asked if interval == "15min"}
    assert len(asked) == 60
    assert len(first_of_each_close) == 20
    assert CREDITS_A_DAY == 400


def test_a_clock_that_jumps_back_does_not_stop_the_questions(market, vendor):
    vendor.pass_by(hours=5)
    market.refresh()
    market.refresh()
    vendor.pass_by(hours=-5)
    assert market.refresh() is None  # what is stored is newer than now

    candles = stored(vendor)
    assert candles.closed_at(len(candles) - 1) <= vendor.at


def test_a_short_bar_that_comes_after_its_quarter_is_not_kept_and_one_before_is(market, vendor):
    market.refresh()
    since = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
    vendor.pass_by(minutes=16)
    market.refresh()
    late = market.watch(since)
    vendor.pass_by(minutes=14)
    in_time = market.watch(since, with_quarter=market.is_quarter_missing())
    market.refresh()

    assert (late.new, in_time.new) == (0, 3)
    assert stored(vendor, "5min").opened_at(0) == since + timedelta(minutes=15)
