"""What must be true after a schedule, whatever happened in it."""

from __future__ import annotations

from collections import Counter

from promostack.db.uow import unit_of_work
from promostack.signals import backtest, ledger, market, repository
from promostack.signals.announcements import ALWAYS_TOLD
from promostack.signals.backtest import Moment
from promostack.signals.bars import History
from promostack.signals.living import TELLS_WITHIN
from promostack.signals.models import Signal
from tests.integration.signals.schedules import BEGIN, QUARTER, QUARTERS, World, strategy
from tests.unit.signals import reference_pnl


class Verdict:
    """`problems`: each a promise that was not kept. `counts`: what the schedule was about."""

    def __init__(self, world: World) -> None:
        self.world, self.problems, self.counts = world, [], Counter()
        self.evaluated = dict(
            world.sql(
                "SELECT bar_closed_at, evaluated_at FROM signal_evaluations WHERE tenant_id = %s", (world.tenant_id,)
            )
        )
        with unit_of_work(world.tenant_id) as tx:
            self.signals = list(reversed(repository.list_signals(tx, world.tenant_id, most=100)))
            self.events = {each.id: repository.list_events(tx, world.tenant_id, each.id) for each in self.signals}
            self.rows = repository.list_rows(tx, world.tenant_id)
        self.unknown = {
            key
            for (key,) in world.sql(
                "SELECT idempotency_key FROM outbox WHERE tenant_id = %s AND state = 'ambiguous'", (world.tenant_id,)
            )
        }
        self._bars()
        self._lives()
        self._posts()
        self._record()
        self.counts["killed"], self.counts["met"] = world.killed, world.met

    def _miss(self, what: str) -> None:
        self.problems.append(f"seed {self.world.fate.seed}: {what}")

    def _bars(self) -> None:
        """Every closed bar was looked at."""
        for number in range(1, QUARTERS + 1):
            if BEGIN + number * QUARTER not in self.evaluated:
                self._miss(f"lost bar {BEGIN + number * QUARTER}")
        self.counts["bars"] += QUARTERS

    def _lives(self) -> None:
        """Every event that the bars hold, as a walk in one go finds it; without shorter bars also by the reference."""
        world = self.world
        with unit_of_work(None) as tx:
            quarters = market.load_candles(tx, "XAUUSD", "15min", before=world.at)
            finer = market.load_candles(tx, "XAUUSD", "5min", before=world.at)
        published = {each.bar_closed_at: each.position.published_at for each in self.signals if each.position}
        schedule = {at: Moment(when, published.get(at)) for at, when in self.evaluated.items()}
        rule = strategy(world.fate.seed, world.fate.has_fine)
        report = backtest.run(rule, History(quarters), finer=finer, schedule=schedule)
        batch = {trade.bar_closed_at: trade for trade in report.trades}
        for signal in (each for each in self.signals if each.position):
            self.counts["published"] += 1
            trade = batch.get(signal.bar_closed_at)
            if (signal.state == "closed") != (trade is not None):
                self._miss(f"{signal.id} is {signal.state}, the batch {'has' if trade else 'lacks'} its end")
            elif trade is not None:
                self.counts[str(signal.position.outcome)] += 1
                if list(trade.events) != self.events[signal.id]:
                    self._miss(f"{signal.id}: {self.events[signal.id]} instead of {trade.events}")
                if not world.fate.has_fine:
                    self._reference(signal)

    def _reference(self, signal: Signal) -> None:
        walk = self.world.walk.quarters
        bars = [
            (walk.opened_at(index), *(reference_pnl.cents(f"{column[index]:.2f}") for column in walk.columns()))
            for index in range(len(walk))
        ]
        plan, position = signal.plan, signal.position
        trade = {
            "side": plan.side, "entry": str(plan.entry), "stop": str(plan.stop), "split": plan.split,
            "targets": [str(price) for price in plan.targets], "published": position.published_at, "hold_min": 60,
            "spread_cents": 0,
        }  # fmt: skip
        outcome, ended_at, money = reference_pnl.pnl(trade, bars)
        ours = sum(leg.share * plan.gain(leg.price) for leg in position.legs) * 100
        if (outcome, ended_at, money) != (position.outcome, position.closed_at, ours):
            self._miss(f"{signal.id}: {position.outcome} {position.closed_at} {ours}, not {outcome} {ended_at} {money}")

    def _posts(self) -> None:
        """Each message at most once; each entry in time; each target and end told, unless nobody knows or too late."""
        shown = Counter((post.under, post.text) for post in self.world.posts.values())
        for (_, text), times in shown.items():
            if times > 1:
                self._miss(f"{times} times: {text[:60]}")
        entries = [post for post in self.world.posts.values() if post.under is None]
        for signal in self.signals:
            mine = [post for post in entries if self._is_of(post.text, signal)]
            most = 1 if signal.position or f"signal:{signal.id}" in self.unknown else 0
            if len(mine) > most or (signal.position and not mine):
                self._miss(f"{signal.id} ({signal.state} {signal.reason}) was posted {len(mine)} times")
            for post in mine:
                if post.at >= signal.bar_closed_at + QUARTER:
                    self._miss(f"{signal.id} was posted {post.at - signal.bar_closed_at} after its bar")
            if signal.position:
                self._told(signal)
        self.counts["posts"] += len(self.world.posts)

    def _is_of(self, text: str, signal: Signal) -> bool:
        plan = signal.plan
        return text.startswith(
            f"<b>{plan.side.upper()} XAUUSD</b>\nENTRY {plan.entry}\nSL {plan.stop}\nTP1 {plan.targets[0]} "
        )

    def _told(self, signal: Signal) -> None:
        under = [post.text for post in self.world.posts.values() if post.under == signal.message_id]
        ended_at = signal.position.closed_at
        facts = [each for each in self.events[signal.id] if each.kind in ("target", "closed") and each.name in
                 {*ALWAYS_TOLD, "tp3"}]  # fmt: skip
        for event in facts:
            if event.kind == "target" and event.name == "tp3":
                continue
            word = " closed</b>" if event.kind == "closed" else f": {event.name.upper()} "
            is_told = any(word in text for text in under)
            self.counts["told"] += is_told
            if is_told or f"signal:{signal.id}:{event.name}" in self.unknown:
                continue
            shown = self.world.posts[signal.message_id].edits[-1:]
            is_mended = bool(shown) and "<b>Closed</b>" in shown[0]
            self.counts["mended"] += is_mended
            late = self.world.at >= (ended_at or self.world.at) + TELLS_WITHIN
            if not (ended_at and late and is_mended):
                self._miss(f"{signal.id}: {event.name} of {event.at} was not told")

    def _record(self) -> None:
        """A whole chain; each plan has one fate, and each end is in it."""
        last = None
        for row in self.rows:
            again = ledger.append(last, at=row.at, kind=row.kind, body=row.body)
            if again != row:
                self._miss(f"row {row.seq} does not follow the one before it")
            last = row
        kinds = Counter((row.kind, row.body["signal"]) for row in self.rows if row.kind != "event")
        for signal in self.signals:
            wanted = {"plan": 1, "fate": int(signal.state != "draft"), "closed": int(signal.state == "closed")}
            found = {kind: kinds[kind, signal.id] for kind in wanted}
            if found != wanted:
                self._miss(f"{signal.id}: the record has {found}, not {wanted}")
