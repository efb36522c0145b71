"""Slow calls, several bots of one tenant, a database that blinks, retries in the middle of a chat."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import pytest

from promostack.core import ids
from promostack.db import connection
from promostack.db.errors import DatabaseUnavailable
from promostack.db.trip import Statement
from promostack.delivery import errors, limiter, records
from promostack.delivery.models import Kind, Leased, Message, Receipt
from promostack.delivery.sender import Sender
from promostack.delivery.slots import Slot
from tests.integration.delivery.conftest import photo, text


class SlowTelegram:
    """Calls take a while in threads of their own, like the real ones. `troubles`: by chat, how its calls end."""

    def __init__(self, latency_s: float, troubles: dict[int, Exception] | None = None) -> None:
        self.calls: list[str] = []
        self._latency_s = latency_s
        self._troubles = troubles or {}

    def prepare(self) -> None:
        """Nothing to load."""

    def start(self, message: Leased, *, file_id: str | None, content: bytes | None, slot: Slot) -> Future[Receipt]:
        done: Future[Receipt] = Future()
        threading.Thread(target=self._call, args=(message, slot, done)).start()
        return done

    def call(self, message: Leased, *, file_id: str | None, content: bytes | None) -> Receipt:
        return self.start(message, file_id=file_id, content=content, slot=Slot(time.monotonic())).result()

    def _call(self, message: Leased, slot: Slot, done: Future[Receipt]) -> None:
        threading.Event().wait(slot.wait_s())
        try:
            slot.enter()
            if trouble := self._troubles.get(message.chat_id):
                raise trouble
        except Exception as error:
            done.set_exception(error)
            return
        self.calls.append(str(message.params.get("text", "")))
        threading.Event().wait(self._latency_s)
        done.set_result(Receipt(message_id=len(self.calls)))


def words(chat: int, said: str, method: str = "sendMessage") -> Message:
    return Message(chat, Kind.INTERACTIVE, method, {"text": said}, f"trouble-{ids.opaque_id()}")


def bulk(count: int) -> list[Message]:
    return [text(chat, kind=Kind.BROADCAST) for chat in range(100, 100 + count)]


def test_a_429_while_a_picture_is_loaded_leaves_the_other_bots_alone(add_bot) -> None:
    one, other = add_bot(), add_bot()
    may_end = threading.Event()

    def load(key: str) -> bytes:
        may_end.wait(5)
        return b"x"

    one.put(text(2), photo(1))
    other.put(*bulk(20))
    sender = Sender(SlowTelegram(0.1, {2: errors.SlowDown("429", retry_after_s=60)}), load)
    threading.Timer(1.0, may_end.set).start()
    sender.drain(ids.opaque_id(), seconds=8)
    assert other.rows() == ["sent"] * 20
    assert one.rows("state, attempts") == [("waiting", 0)] * 2


def test_a_fresh_process_loads_its_client_before_it_takes_slots(bot) -> None:
    """The first call of a process costs half a second of imports: slots taken before would all pass unused."""
    slots_taken_before: list[int] = []

    class Fresh(SlowTelegram):
        def prepare(self) -> None:
            count = "SELECT count(next_slot_at) FROM bot_limiters WHERE bot_id = %s"
            slots_taken_before.append(bot.database.query(count, bot.id)[0][0])

    bot.put(*bulk(3))
    Sender(Fresh(0.0), lambda key: b"").drain(ids.opaque_id(), seconds=4)
    assert bot.rows() == ["sent"] * 3
    assert slots_taken_before[0] == 0


def test_a_loader_that_breaks_is_one_pictures_trouble(bot) -> None:
    def load(key: str) -> bytes:
        raise MemoryError

    bot.put(photo(1), text(2))
    Sender(SlowTelegram(0.0), load).drain(ids.opaque_id(), seconds=4)
    assert bot.rows("state, attempts") == [("waiting", 1), ("sent", 1)]


def test_senders_of_one_tenants_bots_do_not_wait_for_each_other(add_bot, database) -> None:
    first = add_bot()
    bots = [first, *(add_bot(first.tenant_id) for _ in range(5))]
    for bot in bots:
        bot.put(*bulk(15))
    before = deadlocks(database)
    telegram = SlowTelegram(0.02)

    def drain() -> None:
        try:
            Sender(telegram, lambda key: b"").drain(ids.opaque_id(), seconds=20)
        finally:
            connection.discard()

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [bot.rows() for bot in bots] == [["sent"] * 15] * 6
    assert deadlocks(database) == before


def deadlocks(database) -> int:
    return int(
        database.query(
            "SELECT deadlocks FROM pg_stat_database, pg_stat_force_next_flush() WHERE datname = current_database()"
        )[0][0]
    )


@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_database_that_blinks_loses_no_outcome_of_a_webhook(bot, monkeypatch: pytest.MonkeyPatch, number) -> None:
    """Whether it is away for slots, for an intent or for an outcome, which each have a turn here."""
    lease = ids.opaque_id()
    rows = bot.put(words(1, "one"), words(2, "two"), words(3, "three"), lease=lease)
    telegram = SlowTelegram(0.3)
    monkeypatch.setattr(records, "once", fails_at(number, records.once))
    Sender(telegram, lambda key: b"").send_own(rows, lease)
    assert bot.rows("state, ambiguities") == [("sent", 0)] * 3
    assert sorted(telegram.calls) == ["one", "three", "two"]


def fails_at(number: int, real: Callable) -> Callable:
    calls = Counter()

    def once(tenant_id: str, statements: Sequence[Statement]) -> list:
        calls["made"] += 1
        if calls["made"] == number:
            raise DatabaseUnavailable("restart")
        return real(tenant_id, statements)

    return once


@pytest.mark.parametrize(
    "trouble", [errors.NotSent("no connection"), errors.OutcomeUnknown("502")], ids=lambda e: e.code
)
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
def test_what_stands_behind_a_retry_waits_for_it(bot, sender, telegram, trouble: Exception, method: str) -> None:
    telegram.troubles[1] = [trouble]
    bot.put(words(1, "first", method), words(1, "second", method), words(2, "elsewhere"))
    sender.drain(ids.opaque_id(), seconds=10, linger_s=5)
    said = [call.row.params["text"] for call in telegram.calls]
    assert (sorted(said), said.index("first") < said.index("second")) == (["elsewhere", "first", "second"], True)


@pytest.mark.parametrize(("bots", "latency_s"), [(1, 0.5), (4, 0.5)])
def test_slots_are_not_burnt_while_telegram_is_slow(
    add_bot, monkeypatch: pytest.MonkeyPatch, bots: int, latency_s: float
) -> None:
    """Eight calls at once, half a second each, are sixteen a second, however many slots there are."""
    seen: Counter[str] = Counter()
    real_once, real_granted = records.once, limiter.granted

    def once(tenant_id: str, statements: Sequence[Statement]) -> list:
        seen["commits"] += 1
        return real_once(tenant_id, statements)

    def granted(lines: Sequence, **more: float) -> limiter.Reservation:
        taken = real_granted(lines, **more)
        seen["slots"] += sum(is_taken for is_taken, _ in taken.slots)
        return taken

    monkeypatch.setattr(records, "once", once)
    monkeypatch.setattr(limiter, "granted", granted)
    made = [add_bot() for _ in range(bots)]
    for bot in made:
        bot.put(*bulk(48 // bots))
    counts = Sender(SlowTelegram(latency_s), lambda key: b"").drain(ids.opaque_id(), seconds=15)
    assert counts.sent == 48
    assert seen["slots"] <= 48 * 1.6
    assert seen["commits"] <= 48 * 4
