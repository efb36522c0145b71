"""A few hours of the tick's work on signals, in one process, with everything that can go wrong between two steps.

The functions are the product's own on a real Postgres. What stands in for others has the same steps: the feed tells
bars as the vendor does, late or not at all; a sender takes a row through its states by the product's own statements
(lease, intent, call, outcome; `claims.claim` judges a lost lease), without threads and without the limiter's waits.

A process dies before any statement, around any commit, and around any call. Where no transaction is open, another
process may run from its beginning to its end: since a tenant's work holds one lock from its first statement on, these
are the orders that two processes can have.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

import numpy as np
import psycopg2

from promostack.app.forex import Forex
from promostack.core import ids, transactions
from promostack.db import trip
from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import claims, records
from promostack.delivery.claims import LEASE_S
from promostack.delivery.models import Counts, Leased, Receipt
from promostack.delivery.sender import bots_with_messages
from promostack.signals import duty, market
from promostack.signals.candles import Candles
from promostack.signals.contract import SignalPlan
from promostack.signals.errors import FeedUnavailable
from promostack.signals.ports import FeedAnswer
from strategies.base_strategy import Bars, BaseStrategy, StrategyParams

_sql = load("promostack.delivery")

BEGIN = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)
WARM, QUARTERS = 40, 4
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
CHAT = -1001
# Ticks of a quarter that are looked at; the others find nothing new.
MINUTES = (0, 3, 8)
POINTS, CALM = 500, 50


class Killed(BaseException):
    """SIGKILL: nothing of the process runs any more."""


class Params(StrategyParams):
    seed: int = 0


class Often(BaseStrategy):
    """A plan at every third bar or so, near enough to end within the hour."""

    key, name, description = "often", "Often", "Chance, the same for the same bar."
    params = Params
    warmup_bars = WARM

    def decide(self, bars: Bars) -> SignalPlan | None:
        chance = random.Random(f"{self.p.seed} {bars.closed_at}")
        if chance.random() > 0.4:
            return None
        d, close, atr = chance.choice((1, -1)), float(bars.close[-1]), float(bars.atr()[-1])
        targets = tuple(round(close + d * atr * way, 2) for way in (0.5, 0.9, 1.5))
        return SignalPlan("buy" if d > 0 else "sell", round(close - d * atr * 0.8, 2), targets, (50, 30, 20))


@cache
def strategy(seed: int, revalidates: bool) -> Often:
    return Often({"seed": seed, "revalidates": revalidates, "max_hold_min": 60, "throttle_min": 0})


@dataclass
class Walk:
    """A market drawn from a seed: 5-minute bars and the quarters that they make."""

    seed: int
    fine: Candles = field(init=False)
    quarters: Candles = field(init=False)

    def __post_init__(self) -> None:
        chance = np.random.default_rng(self.seed)
        count = 3 * (WARM + QUARTERS)
        steps = chance.normal(0, 0.9, (count, 4)).cumsum(axis=1)
        opens = 2000 + np.concatenate([[0], steps[:-1, 3].cumsum()]) + chance.choice([0, 0, 0, 1.5, -1.5], count)
        paths = np.round(np.concatenate([opens[:, None], opens[:, None] + steps], axis=1), 2)
        first = int((BEGIN - WARM * QUARTER).timestamp())
        columns = (paths[:, 0], paths.max(axis=1), paths.min(axis=1), paths[:, 4])
        self.fine = _candles("5min", first + 300 * np.arange(count), columns)
        thirds = [column.reshape(-1, 3) for column in columns]
        columns = (thirds[0][:, 0], thirds[1].max(axis=1), thirds[2].min(axis=1), thirds[3][:, 2])
        self.quarters = _candles("15min", first + 900 * np.arange(count // 3), columns)


def _candles(interval: str, stamps: np.ndarray, columns: tuple[np.ndarray, ...]) -> Candles:
    return Candles(interval, stamps.astype(np.int64), *(np.ascontiguousarray(column) for column in columns))


@dataclass
class Fate:
    """What goes wrong in one schedule; minutes count from the beginning."""

    seed: int
    lag_s: int = 0
    feed_down: tuple[int, int] = (0, 0)
    tick_down: tuple[int, int] = (0, 0)
    missed: float = 0.0
    doubled: float = 0.0
    jumps: float = 0.0
    deaths: int = 0
    overlaps: int = 0
    has_fine: bool = True

    @classmethod
    def drawn(cls, seed: int) -> Fate:
        chance = random.Random(seed)
        span = QUARTERS * 15

        def outage(share: float) -> tuple[int, int]:
            start = chance.randrange(span)
            return (start, start + chance.choice((5, 20, 45))) if chance.random() < share else (0, 0)

        return cls(
            seed=seed,
            lag_s=chance.choice((0, 0, 45, 75, 130)),
            feed_down=outage(0.3),
            tick_down=outage(0.3),
            missed=chance.choice((0.0, 0.05, 0.3)),
            doubled=chance.choice((0.0, 0.05, 0.3)),
            jumps=chance.choice((0.0, 0.0, 0.0, 0.05)),
            deaths=chance.choice((0, 1, 2, 4)),
            overlaps=chance.choice((0, 1, 3)),
            has_fine=chance.random() < 0.5,
        )


class Processes:
    """Counts the points that the functions pass, and lets them die or meet another one there."""

    def __init__(self, patch) -> None:
        self.deaths: set[int] = set()
        self.meetings: set[int] = set()
        self.meet = lambda: None
        self.deaths_at_calls: set[int] = set()
        self.passed, self.calls, self.is_meeting, self.where = 0, 0, False, Counter()
        for name in ("rows", "value", "run"):
            patch.setattr(Transaction, name, self._watched(getattr(Transaction, name), name))
        patch.setattr(Transaction, "commit", self._watched(Transaction.commit, "commit", after=True))
        patch.setattr(trip, "_sent", self._watched(trip._sent, "trip", after=True))

    def begin(self, deaths: set[int], meetings: set[int], deaths_at_calls: set[int]) -> None:
        """Deaths and meetings by the number of the point, and deaths by the number of the point around a call."""
        self.deaths, self.meetings, self.deaths_at_calls = deaths, meetings, deaths_at_calls
        self.passed = self.calls = 0

    def calm(self) -> None:
        self.deaths, self.meetings, self.deaths_at_calls = set(), set(), set()

    def pass_point(self, name: str) -> None:
        self.passed += 1
        self.calls += name.endswith("call")
        if self.passed in self.deaths or (name.endswith("call") and self.calls in self.deaths_at_calls):
            self.where[name] += 1
            raise Killed
        if self.meetings and self.passed >= min(self.meetings) and not self.is_meeting and not transactions.is_open():
            self.meetings.discard(min(self.meetings))
            self.is_meeting = True
            try:
                self.meet()
            except Killed:
                pass
            finally:
                self.is_meeting = False

    def _watched(self, method, name: str, *, after: bool = False):
        def call(*arguments, **params):
            self.pass_point(f"before {name}")
            answer = method(*arguments, **params)
            if after:
                self.pass_point(f"after {name}")
            return answer

        return call


@dataclass
class Post:
    """A message as the channel shows it."""

    at: datetime
    text: str
    under: int | None
    edits: list[str] = field(default_factory=list)


class World:
    """One schedule: a tenant of its own, the market, the channel and the clock."""

    def __init__(self, fate: Fate, processes: Processes, owner: psycopg2.extensions.connection) -> None:
        self.fate, self.processes, self._owner = fate, processes, owner
        self.walk, self.chance = Walk(fate.seed), random.Random(fate.seed + 1)
        self.tenant_id, self.bot_id, self.channel_id = (str(uuid4()) for _ in range(3))
        self.at, self.offset = BEGIN, timedelta(0)
        self.posts: dict[int, Post] = {}
        self.killed = self.met = 0
        self.forex = Forex(market.Market(self, self), self, self)
        self._settle()

    # The clock, the feed and the sender, as the functions see them.
    def now(self) -> datetime:
        return self.at + self.offset

    def closed_bars(self, symbol: str, interval: str, *, most: int) -> FeedAnswer:
        self.processes.pass_point("before feed")
        if self._is_within(self.fate.feed_down) or (interval == "5min" and not self.fate.has_fine):
            raise FeedUnavailable("down")
        whole = self.walk.fine if interval == "5min" else self.walk.quarters
        there = whole.stamps + whole.seconds + self.fate.lag_s <= self.at.timestamp()
        found = whole.take(there)
        self.processes.pass_point("after feed")
        return FeedAnswer(found.cut(max(0, len(found) - most), len(found)), self.at, 0)

    def send_own(self, rows, lease: str) -> Counts:
        return Counts(sent=sum(self._send(row, lease) for row in rows))

    def drain(self) -> None:
        """What a sender does that the tick started."""
        lease, counts = ids.opaque_id(), Counts()
        for tenant_id, bot_id in bots_with_messages(ahead_s=0.0, most=10):
            for item in claims.claim(tenant_id, bot_id, lease_token=lease, most=8, counts=counts):
                self._send(item.row, lease)

    def _send(self, row: Leased, lease: str) -> bool:
        """Intent, call, outcome."""
        intent = {"tenant_id": row.tenant_id, "ids": [row.id], "attempts_of": [row.attempts + 1], "lease_s": LEASE_S}
        if not records.once(row.tenant_id, [trip.Statement(_sql.write_intents, {**intent, "lease_token": lease})]):
            return False
        self.processes.pass_point("before call")
        receipt = self._shown(row)
        self.processes.pass_point("after call")
        records.once(row.tenant_id, records.Records(lease).sent(row, receipt))
        self.sql("UPDATE outbox SET finished_at = %s WHERE id = %s AND state = 'sent'", (self.at, row.id))
        return True

    def _shown(self, row: Leased) -> Receipt:
        if row.method == "editMessageText":
            self.posts[row.params["message_id"]].edits.append(row.params["text"])
            return Receipt(row.params["message_id"])
        number = len(self.posts) + 1
        self.posts[number] = Post(self.at, row.params["text"], row.params.get("reply_parameters", {}).get("message_id"))
        return Receipt(number)

    # The schedule.
    def live(self) -> None:
        """Hours with faults, then as many minutes without as it takes to tell what is left."""
        self.processes.begin(
            set(self.chance.sample(range(1, POINTS), self.fate.deaths)),
            set(self.chance.sample(range(1, POINTS), self.fate.overlaps)),
            set(self.chance.sample(range(1, 13), min(1, self.fate.deaths))),
        )
        self.processes.meet = self._meet
        for minute in (15 * quarter + each for quarter in range(QUARTERS) for each in MINUTES):
            self.pass_time(BEGIN + minute * MINUTE + timedelta(seconds=5))
            if self._is_within(self.fate.tick_down) or self.chance.random() < self.fate.missed:
                continue
            self.offset = timedelta(minutes=self.chance.randint(-20, 20)) * (self.chance.random() < self.fate.jumps)
            for _ in range(1 + (self.chance.random() < self.fate.doubled)):
                self._run(self.tick)
        self.calm_down()

    def calm_down(self) -> None:
        self.processes.calm()
        self.offset, self.fate.feed_down, self.fate.tick_down = timedelta(0), (0, 0), (0, 0)
        end = BEGIN + QUARTERS * QUARTER
        for minute in range(CALM):
            self.pass_time(end + minute * MINUTE + timedelta(seconds=5))
            self.tick(may_scan=minute < 15)
            if minute > 3 and not self._has_news():
                return

    def _has_news(self) -> bool:
        """Whether a draft waits for its message, or an end was not told, or a target of what is still open."""
        waiting = (
            "state = 'draft' OR (state = 'closed' AND NOT told @> ARRAY[position ->> 'outcome'])"
            " OR (state = 'open' AND EXISTS (SELECT FROM signal_events AS e WHERE e.tenant_id = s.tenant_id"
            " AND e.signal_id = s.id AND e.kind = 'target' AND NOT s.told @> ARRAY[e.name]))"
        )
        return bool(self.sql(f"SELECT 1 FROM signals AS s WHERE tenant_id = %s AND ({waiting})", (self.tenant_id,)))

    def tick(self, *, may_scan: bool = True) -> None:
        """As `schedule.start_forex_if_due` decides, each function in a process of its own."""
        now = self.now()
        self._run(lambda: duty.withdraw_stale(now))
        if may_scan and duty.is_scan_due(now):
            self._run(self._scan)
        if duty.is_track_due(now):
            self._run(lambda: self.forex.track(30))
        self._run(self.drain)

    def _scan(self) -> None:
        self.forex.scan(lambda key, params: strategy(self.fate.seed, self.fate.has_fine), 30)

    def _meet(self) -> None:
        self.met += 1
        work = self.chance.choice((self._scan, self._scan, lambda: self.forex.track(30), self.drain))
        self._run(work)

    def _run(self, work) -> None:
        try:
            work()
        except Killed:
            self.killed += 1

    def pass_time(self, at: datetime) -> None:
        """The database's clock goes on with ours: leases run out, what waits becomes due."""
        by = at - self.at
        self.at = at
        if by > timedelta(0):
            self.sql(
                "UPDATE outbox SET lease_until = lease_until - %s, due_at = due_at - %s"
                " WHERE tenant_id = %s AND state IN ('leased', 'waiting')",
                (by, by, self.tenant_id),
            )

    def _is_within(self, span: tuple[int, int]) -> bool:
        return span[0] * MINUTE <= self.at - BEGIN < span[1] * MINUTE

    def sql(self, statement: str, params: object = None) -> list[tuple]:
        """As the owner of the tables, past row-level security; not part of what is tested."""
        with self._owner.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall() if cursor.description else []

    def _settle(self) -> None:
        """The tenant with a channel, and a market whose past is stored."""
        warm = self.walk.quarters.cut(0, WARM)
        rows = [
            ("XAUUSD", "15min", warm.opened_at(index), *(float(column[index]) for column in warm.columns()))
            for index in range(len(warm))
        ]
        self.sql("DELETE FROM bars; DELETE FROM bar_revisions")
        self.sql(
            "INSERT INTO bars (symbol, bar_interval, opened_at, open, high, low, close) VALUES "
            + ",".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows)),
            [each for row in rows for each in row],
        )
        self.sql(
            "UPDATE feeds SET credits = 0, credits_day = '-infinity', asked_at = '-infinity',"
            " scan_asked_for = '-infinity', watch_asked_for = '-infinity', paused_until = NULL, pause_code = NULL;"
            "INSERT INTO tenants (tenant_id, slug, name) VALUES (%(tenant)s, %(name)s, 'x');"
            "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
            " VALUES (%(tenant)s, %(bot)s, %(name)s, %(number)s, 'b', %(name)s);"
            "INSERT INTO channels (tenant_id, id, bot_id, chat_id, title, connected_by, told_at, told_update)"
            " VALUES (%(tenant)s, %(channel)s, %(bot)s, %(chat)s, 'Gold', 1, now(), 1);"
            "INSERT INTO signal_settings (tenant_id, channel_id, strategy, active_since)"
            " VALUES (%(tenant)s, %(channel)s, 'often', %(begin)s)",
            {
                "tenant": self.tenant_id,
                "name": f"s{self.tenant_id}",
                "bot": self.bot_id,
                "number": uuid4().int >> 66,
                "channel": self.channel_id,
                "chat": CHAT,
                "begin": BEGIN,
            },
        )  # fmt: skip

    def leave(self) -> None:
        """Nothing of it is due for the schedules after it."""
        self.sql(
            "UPDATE signals SET state = 'unpublished' WHERE tenant_id = %(id)s AND state IN ('draft', 'open');"
            "DELETE FROM signal_settings WHERE tenant_id = %(id)s; DELETE FROM outbox WHERE tenant_id = %(id)s",
            {"id": self.tenant_id},
        )
