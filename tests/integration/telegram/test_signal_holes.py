"""A quarter-hour that the feed tells late: waited for a little, walked in its place, or left out for good."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from promostack.app.forex import Forex
from promostack.db.uow import unit_of_work
from promostack.integrations.twelve_data import TwelveData
from promostack.signals import backtest, market, repository
from promostack.signals.backtest import Moment
from promostack.signals.bars import History
from promostack.signals.ports import FeedAnswer
from tests.integration.signals.conftest import _vendor_server, client, vendor  # noqa: F401  # fixtures
from tests.integration.signals.conftest import market as market_fixture  # noqa: F401
from tests.integration.signals.house import ByTheBook
from tests.integration.telegram.test_signals import CHOSEN, ENTRY, Tenant, tenant  # noqa: F401

# The quarter-hour in which the first target is reached, and its close.
HIDDEN, CLOSE = ENTRY + timedelta(minutes=15), ENTRY + timedelta(minutes=30)


class Forgetful:
    """The feed without one quarter-hour, until it is told."""

    def __init__(self, feed: TwelveData, is_hidden: Callable[[], bool]) -> None:
        self._feed, self._is_hidden = feed, is_hidden

    def closed_bars(self, symbol: str, interval: str, *, most: int) -> FeedAnswer:
        found = self._feed.closed_bars(symbol, interval, most=most)
        if not self._is_hidden():
            return found
        stamps = found.candles.stamps
        shown = (stamps < HIDDEN.timestamp()) | (stamps >= CLOSE.timestamp())
        return FeedAnswer(found.candles.take(shown), found.told_at, found.forming)


@pytest.mark.parametrize(("told_after_min", "is_kept"), [(16, True), (40, False)])
def test_a_late_quarter_is_walked_in_its_place_or_never(
    tenant: Tenant,  # noqa: F811
    client: TwelveData,  # noqa: F811
    told_after_min: int,
    is_kept: bool,
) -> None:
    told_at = CLOSE + timedelta(minutes=told_after_min)
    feed = Forgetful(client, lambda: tenant.clock.at < told_at)
    tenant.forex = Forex(market.Market(feed, tenant.clock), tenant.house.sender, tenant.clock)
    tenant.choose()
    tenant.scan_at(ENTRY)
    for minute in range(1, 100):
        at = ENTRY + timedelta(minutes=minute, seconds=5)
        if minute % 15 in (0, 1, 4):
            tenant.scan_at(at)
        elif minute % 5 == 0:
            tenant.track_at(at)

    with unit_of_work(None) as tx:
        quarters = market.load_candles(tx, "XAUUSD", "15min", before=tenant.clock.at)
        finer = market.load_candles(tx, "XAUUSD", "5min", before=tenant.clock.at)
    ((name, published_at, state),) = tenant.signals("id, published_at, state")
    (trade,) = backtest.run(
        ByTheBook(CHOSEN), History(quarters), finer=finer, schedule={ENTRY: Moment(ENTRY, published_at)}
    ).trades
    with unit_of_work(tenant.id) as tx:
        lived = repository.list_events(tx, tenant.id, name)
    assert (HIDDEN.timestamp() in quarters.stamps) == is_kept
    assert (state, lived) == ("closed", list(trade.events))
    assert [event.name for event in lived if event.kind == "target"] == ["tp1"], (
        "the bar after the hole opens beyond it"
    )
    fates = tenant.fates()
    assert fates[CLOSE + timedelta(minutes=15)] == "quiet", "what stands behind the hole is still evaluated in time"
    assert fates.get(CLOSE) == ("stale" if is_kept else None)
