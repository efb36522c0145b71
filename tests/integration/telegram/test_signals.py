"""One signal on Telegram: from closed bars at the vendor to the recap in the channel, and what may go wrong between."""

import itertools
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from promostack.app.forex import Forex
from promostack.app.forex_news import News
from promostack.db.uow import unit_of_work
from promostack.delivery.models import Counts
from promostack.signals import backtest, duty, guard, ledger, market, previewing, repository, scanning, track_record
from promostack.signals.backtest import Moment
from promostack.signals.bars import History
from promostack.signals.models import Settings
from tests.integration.signals.conftest import (  # noqa: F401  # fixtures
    Vendor,
    _vendor_server,
    client,
    vendor,
)
from tests.integration.signals.conftest import market as market_fixture  # noqa: F401
from tests.integration.signals.house import ByTheBook, strategy_of

ROOT = Path(__file__).resolve().parents[3]
ENTRY = datetime(2024, 3, 5, 10, 45, tzinfo=UTC)
CHOSEN = {"buys": [ENTRY.isoformat()], "revalidates": False}


class NoSender:
    """Killed before it sends anything."""

    def send_own(self, rows, lease):
        return Counts()


class Tenant:
    """A tenant with a channel whose signals are on, and the functions that work for him."""

    def __init__(self, house, feed: market.Market, clock: Vendor) -> None:
        self.house, self.clock, self.feed = house, clock, feed
        self.id = house.bot.tenant_id
        self.forex = Forex(feed, house.sender, clock)
        self.crashed = Forex(feed, NoSender(), clock)

    def choose(self, **more) -> None:
        params = {**CHOSEN, **more.pop("params", {})}
        settings = {"strategy": ByTheBook.key, "params": params, "active_since": self.clock.at, **more}
        channel_id = self.house.channel().id
        with unit_of_work(self.id) as tx:
            repository.save_settings(tx, self.id, Settings(channel_id=channel_id, **settings))

    def scan_at(self, at: datetime, forex: Forex | None = None) -> dict:
        self.forget_waits()
        self.clock.stand_at(at)
        return (forex or self.forex).scan(strategy_of, 30)

    def track_at(self, at: datetime) -> dict:
        self.forget_waits()
        self.clock.stand_at(at)
        return self.forex.track(30)

    def live(self, until: datetime, every: timedelta = timedelta(minutes=5)) -> None:
        """Minute by minute, as the tick starts the functions."""
        at = self.clock.at
        while at < until:
            at += every
            if int(at.timestamp()) // 60 % 15 == 0:
                self.scan_at(at)
            self.track_at(at)

    def forget_waits(self) -> None:
        """The waits of one chat are tested with the limiter."""
        self.house.database.query("DELETE FROM chat_limiters WHERE tenant_id = %s", self.id)

    def signals(self, columns: str = "state, reason") -> list[tuple]:
        return self.house.database.query(f"SELECT {columns} FROM signals WHERE tenant_id = %s ORDER BY id", self.id)

    def fates(self) -> dict[datetime, str]:
        rows = self.house.database.query(
            "SELECT bar_closed_at, fate FROM signal_evaluations WHERE tenant_id = %s ORDER BY 1", self.id
        )
        return dict(rows)

    def texts(self) -> list[str]:
        return [each["text"] for each in self.house.in_channel() if "text" in each]

    def rows(self) -> list[ledger.Row]:
        with unit_of_work(self.id) as tx:
            return repository.list_rows(tx, self.id)

    def to_owner(self) -> list[str]:
        rows = self.house.database.query(
            "SELECT payload->'params'->>'text' FROM outbox WHERE tenant_id = %s AND source = 'signals' ORDER BY id",
            self.id,
        )
        return [text for (text,) in rows]


@pytest.fixture
def tenant(connected, market_fixture, vendor) -> Tenant:  # noqa: F811
    vendor.stand_at(ENTRY - timedelta(minutes=40))
    made = Tenant(connected, market_fixture, vendor)
    connected.database.query("UPDATE signal_settings SET strategy = NULL")
    return made


def verify(tenant: Tenant, folder: Path, *options: str) -> subprocess.CompletedProcess:
    path = folder / "record.jsonl"
    path.write_text(ledger.export(tenant.rows()), encoding="utf-8")
    command = [sys.executable, ROOT / "scripts" / "verify-ledger", path, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_signal_from_scan_to_recap_equals_the_backtest(tenant, tmp_path):
    tenant.choose()
    tenant.live(ENTRY + timedelta(minutes=80))

    (entry, first, end) = tenant.texts()
    assert entry.startswith("BUY XAUUSD\nENTRY ")
    assert "TP1 " in entry
    assert "✅" in entry
    assert "Closed: stopped at the entry" in entry
    assert first.startswith("BUY XAUUSD: TP1 ")
    assert end.startswith("BUY XAUUSD closed: stopped at the entry\nNet +")
    assert [each["reply_to_message"]["message_id"] for each in tenant.house.in_channel()[1:] if "text" in each]

    ((position, published_at, state),) = tenant.signals("position, published_at, state")
    assert state == "closed"
    assert list(tenant.fates().values()).count("draft") == 1
    with unit_of_work(None) as tx:
        quarters = market.load_candles(tx, "XAUUSD", "15min", before=tenant.clock.at)
        finer = market.load_candles(tx, "XAUUSD", "5min", before=tenant.clock.at)
    schedule = {ENTRY: Moment(ENTRY, published_at)}
    report = backtest.run(ByTheBook(CHOSEN), History(quarters), finer=finer, schedule=schedule)
    (trade,) = report.trades
    assert [(leg["share"], leg["price"], leg["why"]) for leg in position["legs"]] == [
        (leg.share, str(leg.price), leg.why) for leg in trade.position.legs
    ]
    with unit_of_work(tenant.id) as tx:
        assert repository.list_events(tx, tenant.id, tenant.signals("id")[0][0]) == list(trade.events)

    tenant.clock.stand_at(datetime(2024, 3, 6, 6, 31, tzinfo=UTC))
    tenant.forget_waits()
    assert [tenant.forex.recap(News(), 30)["sent"] for _ in range(2)] == [1, 0]
    head = tenant.rows()[-1].hash
    assert f"Record ends in {head}" in tenant.texts()[-1]
    assert "Signals closed: 1" in tenant.texts()[-1]
    with unit_of_work(tenant.id) as tx:
        public = track_record.told(track_record.read(tx, tenant.id), track_record.baseline(tx, tenant.id))
    assert (public["head"], public["public_head"], public["rows"]) == (head, head, len(tenant.rows()))
    assert public["statistics"]["net_r"] == public["signals"][0]["result"]["net_r"] == public["equity_r"][-1][1]
    assert public["statistics"]["tp1_hits"] == 1
    (signal,) = public["signals"]
    as_html = [
        row["payload"]["params"]["text"]
        for (row,) in tenant.house.database.query(
            "SELECT json_build_object('payload', payload) FROM outbox WHERE tenant_id = %s AND kind = 'signal'"
            " AND method = 'sendMessage' AND source LIKE 'signal:%%' ORDER BY id",
            tenant.id,
        )
    ]
    assert [each["text"] for each in signal["messages"]] == as_html, "the record tells them word by word"
    assert public["plans"] - public["kept_back"] == 1
    assert public["random_entries"]["n"] > 40, "made beside the recap"
    told = verify(tenant, tmp_path, "--head", head)
    assert (told.returncode, told.stdout) == (0, f"ok {len(tenant.rows())}\n")


def test_what_subscribers_paid_for_is_public_only_when_it_is_over(tenant):
    tenant.choose()
    tenant.scan_at(ENTRY)
    with unit_of_work(tenant.id) as tx:
        kept_back = track_record.read(tx, tenant.id)

    assert kept_back.rows == ()
    assert kept_back.head == tenant.rows()[-1].hash
    assert track_record.told(kept_back)["signals"] == []


def test_every_closed_bar_is_evaluated_once_whatever_runs_twice(tenant):
    tenant.choose()
    for at in (ENTRY, ENTRY, ENTRY + timedelta(minutes=1)):
        tenant.scan_at(at)

    assert len(tenant.texts()) == 1
    assert tenant.fates() == {
        ENTRY - timedelta(minutes=30): "stale", ENTRY - timedelta(minutes=15): "stale", ENTRY: "draft",
    }  # fmt: skip


def test_after_twelve_hours_without_the_feed_bars_are_recorded_as_too_late_and_nothing_is_posted(tenant):
    tenant.choose()
    tenant.clock.answer("down")
    tenant.scan_at(ENTRY)
    tenant.clock.answer()
    tenant.scan_at(ENTRY + timedelta(hours=12))

    fates = list(tenant.fates().values())
    assert len(fates) == 48
    assert set(fates[:-1]) == {"stale"}
    assert tenant.texts() == []


def test_a_draft_whose_sender_died_is_taken_back_when_it_is_too_late(tenant, tmp_path):
    tenant.choose()
    tenant.scan_at(ENTRY, tenant.crashed)
    assert tenant.signals() == [("draft", "")]
    tenant.house.database.query("UPDATE outbox SET lease_until = now() - interval '1 s' WHERE kind = 'signal'")
    tenant.track_at(ENTRY + timedelta(hours=1))
    tenant.house.drain()

    assert tenant.signals() == [("unpublished", "stale")]
    assert tenant.texts() == []
    assert [row.body.get("fate") for row in tenant.rows()] == [None, "unpublished"]
    assert verify(tenant, tmp_path).stdout == "ok 2\n"


def test_a_message_that_went_out_before_a_crash_is_published_from_when_it_was_out(tenant):
    tenant.choose()
    tenant.scan_at(ENTRY, tenant.crashed)
    tenant.house.database.query("UPDATE outbox SET state = 'waiting', lease_token = NULL WHERE kind = 'signal'")
    tenant.house.drain()
    out_at = ENTRY + timedelta(seconds=30)
    tenant.house.database.query("UPDATE outbox SET finished_at = %s WHERE kind = 'signal'", out_at)
    tenant.track_at(ENTRY + timedelta(minutes=70))

    assert tenant.signals("state, published_at") == [("open", out_at)]
    tenant.scan_at(ENTRY + timedelta(minutes=75))
    tenant.track_at(ENTRY + timedelta(minutes=76))
    assert tenant.signals("state, position->>'outcome'") == [("closed", "breakeven")]


def test_an_end_that_is_found_together_with_a_target_is_told_too(tenant):
    tenant.choose()
    tenant.scan_at(ENTRY)
    end = ENTRY + timedelta(minutes=75, seconds=5)
    tenant.clock.stand_at(end)
    tenant.feed.refresh()
    tenant.track_at(end)
    found = (tenant.signals("state"), len(tenant.texts()), duty.is_track_due(end))
    tenant.track_at(end + timedelta(minutes=1))

    assert found == ([("closed",)], 2, True)
    assert tenant.texts()[-1].startswith("BUY XAUUSD closed: ")
    assert not duty.is_track_due(end + timedelta(minutes=1))


def test_an_end_that_is_found_late_changes_the_message_and_is_no_news(tenant):
    tenant.choose()
    tenant.scan_at(ENTRY)
    late = ENTRY + timedelta(hours=4)
    tenant.clock.stand_at(late)
    tenant.feed.refresh()
    tenant.track_at(late)

    (entry,) = tenant.texts()
    assert "Closed: stopped at the entry" in entry
    assert not duty.is_track_due(late)


@pytest.mark.parametrize(("fault", "reason"), [("raises", "its own fault"), ("nonsense", "not a SignalPlan")])
def test_a_strategy_that_fails_is_recorded_and_its_owner_is_told_once(tenant, fault, reason):
    tenant.choose(params={"fault": fault})
    for at in (ENTRY, ENTRY + timedelta(minutes=15)):
        tenant.scan_at(at)

    assert list(tenant.fates().values())[-2:] == ["failed" if fault == "raises" else "refused"] * 2
    (told,) = tenant.to_owner()
    assert reason in told


def test_a_strategy_that_hangs_is_left_and_the_next_tenant_is_served(tenant, monkeypatch):
    monkeypatch.setitem(guard.run.__kwdefaults__, "limit_s", 0.2)
    tenant.choose(params={"fault": "hangs"})
    counts = tenant.scan_at(ENTRY)

    assert (counts["failed"], counts["broken"]) == (1, 0)
    assert tenant.fates()[ENTRY] == "failed"


@pytest.mark.parametrize(("mode", "word"), [("401", "refuses the key"), ("429_day", "credits are used up")])
def test_a_refused_key_or_a_used_up_day_pauses_and_the_owner_is_told_once(tenant, mode, word):
    tenant.choose()
    tenant.clock.answer(mode)
    for minutes in range(3):
        tenant.scan_at(ENTRY + timedelta(minutes=minutes))

    assert len(tenant.clock.calls) == 1
    (told,) = tenant.to_owner()
    assert word in told


def test_a_paused_tenant_and_one_outside_the_session_publish_nothing_and_the_record_says_why(tenant, tmp_path):
    tenant.choose(paused_until=ENTRY + timedelta(hours=1))
    tenant.scan_at(ENTRY)

    assert tenant.signals() == [("unpublished", "paused")]
    assert tenant.texts() == []
    assert [row.body.get("fate") for row in tenant.rows()] == [None, "blocked"]
    assert verify(tenant, tmp_path).stdout == "ok 2\n"


def test_nobody_changes_the_record_not_even_the_owner_of_the_tables(tenant):
    tenant.choose()
    tenant.scan_at(ENTRY)
    statements = (
        "UPDATE signal_ledger SET hash = 'x'", "DELETE FROM signal_ledger", "TRUNCATE signal_ledger",
        "UPDATE signal_events SET price = 1 WHERE false; DELETE FROM signal_ledger",
    )  # fmt: skip
    for dsn, statement in itertools.product(
        (tenant.house.database.app_dsn, tenant.house.database.owner_dsn), statements
    ):
        connection = psycopg2.connect(dsn)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tenant_id', %s, true)", (tenant.id,))
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)
        connection.close()


def test_a_preview_is_shown_in_the_owners_own_chat_and_is_no_signal(tenant):
    tenant.choose()
    tenant.scan_at(ENTRY - timedelta(minutes=15))
    with unit_of_work(None) as tx:
        bars = scanning.Bars(market.load_candles(tx, "XAUUSD", "15min", before=tenant.clock.at))
    would_have = bars.history("15min").candles.closed_at(-5)
    seen = previewing.look_back(ByTheBook({"buys": [would_have.isoformat()]}), bars)
    nothing = previewing.look_back(ByTheBook({}), bars)
    failing = previewing.look_back(ByTheBook({"fault": "raises"}), bars)
    for number, preview in enumerate((seen, nothing, failing)):
        with unit_of_work(tenant.id) as tx:
            settings = repository.find_settings(tx, tenant.id)
            previewing.send(tx, tenant.id, settings, preview, key=f"preview:{number}", lease="a lease")
    tenant.house.database.query("UPDATE outbox SET lease_until = now() - interval '1 s' WHERE state = 'leased'")
    tenant.forget_waits()
    tenant.house.drain()

    assert seen.bar_closed_at == would_have
    told = [each["text"] for each in tenant.house.bot_messages() if each.get("text", "").startswith("Preview")]
    assert len(told) == 3
    assert told[0].startswith("Preview, no signal: what the bar that closed at ")
    assert "BUY XAUUSD\nENTRY " in told[0]
    assert "had no plan in the last" in told[1]
    assert "its own fault" in told[2]
    assert tenant.texts() == []
    assert tenant.rows() == []
