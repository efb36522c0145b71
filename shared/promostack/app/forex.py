"""work/forex-scan, -track and -recap: the market's bars, then each tenant in transactions of its own, then sending."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from promostack.app import services
from promostack.core import config, ids, log
from promostack.core.clock import SystemClock
from promostack.core.errors import PromoError
from promostack.db.uow import unit_of_work
from promostack.delivery.models import Leased
from promostack.signals import baselines, holes, living, market, notices, repository, scanning
from promostack.signals.candles import candles_from
from promostack.signals.errors import ParametersRefused, StrategyUnknown
from promostack.signals.intervals import LENGTHS
from promostack.signals.shelf import Shelf

if TYPE_CHECKING:
    from datetime import datetime

    from promostack.app.forex_news import News
    from promostack.core.clock import Clock
    from promostack.db.uow import Transaction
    from promostack.delivery.sender import Sender
    from promostack.signals.candles import Candles
    from promostack.signals.telling.line_writing import LineWriting

_log = log.get("forex")
# Causes that only a person can mend.
_TOLD = ("feed_refused", "feed_exhausted")


class Forex:
    """`sender` sends own rows at once; what it leaves, the worker sends. `lines`: has new signals' lines written."""

    def __init__(self, feed: market.Market, sender: Sender, clock: Clock, lines: LineWriting | None = None) -> None:
        self._market, self._sender, self._clock, self._lines = feed, sender, clock, lines
        self._shelf = Shelf()

    def scan(self, strategy_of: scanning.StrategyOf, seconds: float) -> dict[str, Any]:
        """Asks for closed bars and evaluates each that nobody has evaluated, for every tenant whose signals are on.

        What is open is followed through those bars first, so that an evaluation never depends on who was sooner.
        """
        tenants = self._tenants()
        since = self._open_since(tenants)
        if since is not None:
            self._market.watch(since, with_quarter=self._market.is_quarter_missing())
        self._market.refresh()
        bars, finer, feed = self._stored(since)
        drafted: set[str] = set()
        counts = {"evaluated": 0, "stale": 0, "failed": 0, "drafts": 0, "published": 0}

        def work(tenant_id: str, lease: str) -> list[Leased]:
            now = self._clock.now()
            with unit_of_work(tenant_id) as tx:
                self._tell_of_feed(tx, tenant_id, feed)
                followed = living.track(tx, tenant_id, bars, finer, now=now, lease=lease)
                settings = living.begin_queued(tx, tenant_id, now=now)
                done = scanning.scan(tx, tenant_id, settings, bars, strategy_of, now=now, lease=lease)
            if done.drafts:
                drafted.add(tenant_id)
            counts["published"] += followed.published
            for name in ("evaluated", "stale", "failed", "drafts"):
                counts[name] += getattr(done, name)
            rows = self._lines.write(tenant_id, done.rows, lease) if self._lines else done.rows
            return [*followed.rows, *rows]

        def after(tenant_id: str) -> None:
            if tenant_id not in drafted:
                return
            with unit_of_work(tenant_id) as tx:
                counts["published"] += living.settle(tx, tenant_id, now=self._clock.now()).published

        return self._each(tenants, work, after, seconds) | counts

    def track(self, seconds: float) -> dict[str, Any]:
        """Follows what is open through every stored bar, and tells subscribers."""
        tenants = self._tenants()
        since = self._open_since(tenants)
        if since is not None and not self._market.is_quarter_missing():
            self._market.watch(since)
        bars, finer, _ = self._stored(since)
        counts = {"published": 0, "dropped": 0, "events": 0, "closed": 0}

        def work(tenant_id: str, lease: str) -> list[Leased]:
            with unit_of_work(tenant_id) as tx:
                done = living.track(tx, tenant_id, bars, finer, now=self._clock.now(), lease=lease)
            for name in counts:
                counts[name] += getattr(done, name)
            return done.rows

        return self._each(tenants, work, lambda tenant_id: None, seconds) | counts

    def recap(self, news: News, seconds: float) -> dict[str, Any]:
        """Tells what is due beside the signals, and makes the yardsticks beside the records anew once a day."""
        with unit_of_work(None) as tx:
            bars = scanning.Bars(self._quarters(tx))

        def work(tenant_id: str, lease: str) -> list[Leased]:
            candles = bars.history(market.BASE).candles
            return news.tell(tenant_id, candles, now=self._clock.now(), lease=lease)

        def after(tenant_id: str) -> None:
            with unit_of_work(tenant_id) as tx:
                baselines.refresh(tx, tenant_id, bars.history(market.BASE), now=self._clock.now())

        return self._each(self._tenants(), work, after, seconds)

    def _each(
        self,
        tenants: Sequence[str],
        work: Callable[[str, str], list[Leased]],
        after: Callable[[str], None],
        seconds: float,
    ) -> dict[str, int]:
        """Tenant by tenant within the time; one that fails keeps no other waiting."""
        deadline, sent, broken = time.monotonic() + seconds, 0, 0
        for tenant_id in tenants:
            if time.monotonic() > deadline:
                break
            lease = ids.opaque_id()
            try:
                rows = work(tenant_id, lease)
                sent += self._sender.send_own(rows, lease).sent
                after(tenant_id)
            except PromoError as error:
                broken += 1
                _log.error("tenant_failed", tenant_id=tenant_id, code=error.code, reason=error.message)
        return {"tenants": len(tenants), "sent": sent, "broken": broken}

    def _stored(self, since: datetime | None) -> tuple[scanning.Bars, Candles, market.FeedState]:
        """Quarter-hours, the shorter bars from the one on in which the first open signal was published, and how the
        feed stands."""
        now, finer = self._clock.now(), candles_from(market.WATCH, [])
        with unit_of_work(None) as tx:
            bars = scanning.Bars(holes.settled(self._quarters(tx), now), most=scanning.DECIDES_BY)
            if since is not None:
                begin = since - LENGTHS[market.BASE]
                finer = market.load_candles(tx, market.SYMBOL, market.WATCH, before=now, since=begin)
            return bars, finer, market.feed_state(tx, market.SYMBOL, now)

    def _quarters(self, tx: Transaction) -> Candles:
        return self._shelf.candles(tx, market.SYMBOL, market.BASE, before=self._clock.now())

    def _tenants(self) -> list[str]:
        with unit_of_work(None) as tx:
            return repository.tenants_with_signals(tx)

    def _open_since(self, tenants: Sequence[str]) -> datetime | None:
        times = []
        for tenant_id in tenants:
            with unit_of_work(tenant_id) as tx:
                times.append(living.since_of(repository.list_living(tx, tenant_id)))
        return min((at for at in times if at is not None), default=None)

    def _tell_of_feed(self, tx: Transaction, tenant_id: str, state: market.FeedState) -> None:
        if state.code not in _TOLD or state.paused_until is None:
            return
        settings = repository.find_settings(tx, tenant_id)
        if settings is not None:
            text = (
                f"scanning pauses until {state.paused_until:%H:%M} UTC, because the market's feed refuses: {state.text}"
            )
            notices.tell_owner(tx, tenant_id, settings, state.code, text, now=self._clock.now())


@cache
def with_lines() -> Forex:
    """`with_feed`, and with somebody who writes for the tenants that gave a key for it."""
    from promostack.integrations.openai_writer import OpenAiWriter
    from promostack.signals.telling.line_writing import LineWriting

    return with_feed(LineWriting(OpenAiWriter(), SystemClock()))


@cache
def with_feed(lines: LineWriting | None = None) -> Forex:
    """On the vendor that the platform's key is for; without a key nobody is asked."""
    from promostack.integrations.twelve_data import TwelveData

    base, key = config.optional("TWELVE_DATA_API_BASE"), config.optional("TWELVE_DATA_API_KEY")
    feed = TwelveData(base, key) if base and key else None
    return Forex(market.Market(feed, SystemClock()), services.text_sender(), SystemClock(), lines)


@cache
def with_store() -> Forex:
    """Works on the bars that are stored, and sends pictures."""
    return Forex(market.Market(None, SystemClock()), services.sender(), SystemClock())


@cache
def strategies_by(load: Callable[[], tuple[Mapping[str, Any], Any]]) -> scanning.StrategyOf:
    """Makes a tenant's strategy with its parameters; the loader's folder is read once."""
    found, problems = load()
    for problem in problems:
        _log.error("strategy_unusable", file=problem.file, kind=problem.kind, reason=problem.message)

    def strategy_of(key: str, params: Mapping[str, Any]) -> Any:
        if key not in found:
            raise StrategyUnknown(f"There is no strategy {key!r}.")
        try:
            return found[key](params)
        except ValueError as error:
            raise ParametersRefused(f"The parameters of {key} are not valid.") from error

    return strategy_of
