"""The tick: what it starts, by the calls that reach the platform."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from promostack.app import schedule
from promostack.core import config, crypto
from promostack.core.http import VendorUnreachable
from tests.integration.callers import main_of


class Platform(BaseHTTPRequestHandler):
    status = 202
    refused = ""
    started: list[tuple[str, str, dict]] = []  # noqa: RUF012  # one per test, set by the fixture

    def do_POST(self) -> None:  # the standard library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.started.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(429 if self.refused and self.refused in self.path else self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Platform]]:
    Platform.status, Platform.refused, Platform.started = 202, "", []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("FUNCTIONS_API_HOST", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("FUNCTIONS_ACCESS_KEY", "user:key")
    monkeypatch.setenv("SECRETS_KEYS", "k1:" + base64.b64encode(b"k" * 32).decode())
    config.optional.cache_clear()
    crypto._keys.cache_clear()
    yield Platform
    server.shutdown()
    server.server_close()


@pytest.fixture
def bot(database, tenant_id: str, platform) -> tuple[str, str]:
    """(tenant, bot) of a bot row, without asking Telegram."""
    from promostack.telegram import bots

    found = bots.connect(
        tenant_id,
        f"{tenant_id}:token",
        webhook_base="http://127.0.0.1:9",
        call=lambda *_: SimpleNamespace(id=abs(hash(tenant_id)) % 10**9, username="x_bot"),
    )
    return tenant_id, found.id


def test_nothing_due_starts_nothing(database, platform) -> None:
    database.query("UPDATE periodic_work SET started_at = now()")
    steps = ("withdrawn_signals", "started_forex", "started_senders", "replayed_updates", "started_maintenance")
    nothing = dict.fromkeys((*steps, "started_leaving", "started_batches", "started_backtests"), 0)
    assert schedule.tick(20) == {"ok": True, **nothing, "failed": 0}
    assert platform.started == []


def test_leaving_is_started_while_something_is_asked_for(database, platform, tenant_id: str) -> None:
    database.query("INSERT INTO tenant_exports (tenant_id, id, asked_by) VALUES (%s, %s, 'x')", tenant_id, tenant_id)
    assert schedule.start_leaving_if_due() == 1
    ((path, _, event),) = platform.started
    assert (path.partition("?")[0], event) == ("/api/v1/namespaces/_/actions/work/leaving", {})
    platform.started.clear()
    database.query("UPDATE tenant_exports SET state = 'done', expires_at = now() + interval '1 day'")
    assert schedule.start_leaving_if_due() == 0


def test_what_works_on_the_market_is_started_when_a_bar_closed_a_signal_lives_and_for_recaps(
    database, platform, tenant_id: str, monkeypatch
) -> None:
    tuesday, later = datetime(2024, 3, 5, 10, 15, 5, tzinfo=UTC), datetime(2024, 3, 5, 10, 25, 5, tzinfo=UTC)
    monkeypatch.setattr(schedule, "_clock", clock := SimpleNamespace(now=lambda: clock.at, at=tuesday))
    database.query("UPDATE periodic_work SET started_at = now()")
    assert schedule.start_forex_if_due() == 0  # nobody's signals are on
    database.query("INSERT INTO signal_settings (tenant_id, strategy) VALUES (%s, 'aggressive')", tenant_id)
    database.query(
        "INSERT INTO bars (symbol, bar_interval, opened_at, open, high, low, close)"
        " VALUES ('XAUUSD', '15min', '2024-03-05T10:00:00Z', 1, 1, 1, 1)"
    )
    assert schedule.start_forex_if_due() == 1
    clock.at = later
    assert schedule.start_forex_if_due() == 0  # the bar is stored and its minutes are over
    database.query("UPDATE periodic_work SET started_at = now() - interval '1 hour' WHERE name = 'forex-recap'")
    database.query(
        "INSERT INTO signals (tenant_id, id, symbol, strategy, fingerprint, bar_interval, bar_closed_at, plan, terms,"
        " costs, state) VALUES (%s, 'a', 'XAUUSD', 'aggressive', 'f', '15min', %s, '{}', '{}', '{}', 'open')",
        tenant_id, tuesday,
    )  # fmt: skip
    assert schedule.start_forex_if_due() == 2
    clock.at = datetime(2024, 3, 9, 10, 15, 5, tzinfo=UTC)  # a Saturday
    assert schedule.start_forex_if_due() == 1
    names = [path.partition("?")[0].rpartition("/")[2] for path, _, _ in platform.started]
    assert names == ["forex-scan", "forex-track", "forex-recap", "forex-track"]
    database.query("UPDATE signals SET state = 'unpublished'")
    database.query("UPDATE signal_settings SET strategy = NULL")


def test_maintenance_is_started_by_one_of_many_ticks_every_ten_minutes(database, platform) -> None:
    database.query("UPDATE periodic_work SET started_at = now() - interval '601 s'")
    with ThreadPoolExecutor(6) as ticks:
        assert sum(ticks.map(lambda _: schedule.start_maintenance_if_due(), range(6))) == 1
    ((path, _, event),) = platform.started
    assert path.startswith("/api/v1/namespaces/_/actions/work/maintenance")
    assert event == {}
    assert schedule.start_maintenance_if_due() == 0


def test_a_stale_update_is_handed_to_the_webhook_as_telegram_would(database, platform, bot) -> None:
    tenant_id, bot_id = bot
    database.query(
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, lease_until)"
        """ VALUES (%s, %s, 9, '{"update_id": 9}', 'waiting', now() - interval '1 s')""",
        tenant_id,
        bot_id,
    )
    assert schedule.replay_stale_updates(time.monotonic() + 20) == 1
    ((path, _, event),) = platform.started
    assert path.startswith("/api/v1/namespaces/_/actions/hooks/telegram-webhook")
    assert json.loads(base64.b64decode(event["http"]["body"])) == {"update_id": 9}
    secret_hash = database.query("SELECT webhook_secret_hash FROM bots WHERE id = %s", bot_id)[0][0]
    assert crypto.hash_token(event["http"]["headers"]["x-telegram-bot-api-secret-token"]) == secret_hash
    database.query("DELETE FROM telegram_updates")


def test_due_messages_start_one_sender(database, platform, bot) -> None:
    tenant_id, bot_id = bot
    for key in ("a", "b"):
        database.query(
            "INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state)"
            " VALUES (%s, %s, 1, 'interactive', 'sendMessage', '{}', %s, 0, 'waiting')",
            tenant_id,
            bot_id,
            key,
        )
    assert schedule.start_senders_if_due() == 1
    ((path, authorization, _),) = platform.started
    assert path.startswith("/api/v1/namespaces/_/actions/work/deliver")
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"user:key"


def test_an_update_whose_secret_cannot_be_read_keeps_nobody_waiting(database, platform, bot) -> None:
    tenant_id, bot_id = bot
    for update_id in (1, 2):
        database.query(
            "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, lease_until)"
            " VALUES (%s, %s, %s, '{}', 'waiting', now() - interval '1 s')",
            tenant_id,
            bot_id,
            update_id,
        )
    of_bot = "subject = %s AND purpose = 'bot.webhook_secret'"
    stored = database.query(f"SELECT ciphertext FROM secrets WHERE {of_bot}", bot_id)[0][0]
    database.query(f"UPDATE secrets SET ciphertext = 'v2.gone.AAAA' WHERE {of_bot}", bot_id)
    assert schedule.replay_stale_updates(time.monotonic() + 20) == 0
    database.query(f"UPDATE secrets SET ciphertext = %s WHERE {of_bot}", stored, bot_id)
    assert schedule.replay_stale_updates(time.monotonic() + 20) == 2
    database.query("DELETE FROM telegram_updates")


@pytest.mark.parametrize(("refused", "kept"), [("work/deliver", 2), ("work/maintenance", 2), ("hooks/", 3), ("", 3)])
def test_a_start_that_is_refused_keeps_nothing_else_waiting(database, platform, bot, refused: str, kept: int) -> None:
    tenant_id, bot_id = bot
    database.query("UPDATE periodic_work SET started_at = now() - interval '601 s'")
    database.query("UPDATE outbox SET state = 'cancelled'")
    database.query(
        "INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state)"
        " VALUES (%s, %s, 1, 'interactive', 'sendMessage', '{}', 'c', 0, 'waiting')",
        tenant_id,
        bot_id,
    )
    database.query(
        "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, lease_until)"
        " VALUES (%s, %s, 3, '{}', 'waiting', now() - interval '1 s')",
        tenant_id,
        bot_id,
    )
    platform.refused = refused
    result = main_of("work", "tick")({}, SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000))
    database.query("DELETE FROM telegram_updates")
    database.query("UPDATE outbox SET state = 'cancelled'")
    tried = [path.partition("/actions/")[2].partition("?")[0] for path, _, _ in platform.started]
    assert tried == ["work/deliver", "hooks/telegram-webhook", "work/maintenance"]
    done = [result[name] for name in ("started_senders", "replayed_updates", "started_maintenance")]
    assert (result["ok"], result["failed"]) == (kept == 3, 3 - kept)
    assert done == [int(not (refused and name.startswith(refused))) for name in tried]


def test_a_platform_that_refuses_is_an_error(database, platform, bot) -> None:
    platform.status = 429
    with pytest.raises(VendorUnreachable, match="429"):
        schedule.start_function("work/deliver", {})
