"""Bots without a Telegram behind them: a messenger that notes what it is asked and answers as it is told."""

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.delivery.models import Attachment, Kind, Leased, Message, Receipt
from promostack.delivery.outbox import enqueue
from promostack.delivery.sender import Sender
from promostack.delivery.slots import Slot

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Call:
    """A call that Telegram performed."""

    row: Leased
    file_id: str | None
    content: bytes | None
    at: float


@dataclass
class FakeTelegram:
    """Keeps to the Messenger port. `troubles`: by chat, how its next calls end; None is a success.

    `asked`: every row in its turn, also those whose slot passed while this process did not have the processor.
    """

    asked: list[Leased] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    troubles: dict[int, list[Exception | None]] = field(default_factory=lambda: defaultdict(list))
    before_call: Callable[[], None] = lambda: None
    after_call: Callable[[], None] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Nothing to load."""

    def start(self, message: Leased, *, file_id: str | None, content: bytes | None, slot: Slot) -> Future[Receipt]:
        done: Future[Receipt] = Future()
        self.asked.append(message)
        threading.Event().wait(slot.wait_s())
        at = time.monotonic()  # whoever is kept waiting after it has entered all the same
        try:
            slot.enter()
            self.before_call()
            receipt = self._perform(message, file_id, content, at)
        except Exception as error:
            done.set_exception(error)
            return done
        self.after_call()
        done.set_result(receipt)
        return done

    def call(self, message: Leased, *, file_id: str | None, content: bytes | None) -> Receipt:
        return self.start(message, file_id=file_id, content=content, slot=Slot(time.monotonic())).result()

    def of(self, row_id: int) -> list[Call]:
        return [call for call in self.calls if call.row.id == row_id]

    def _perform(self, message: Leased, file_id: str | None, content: bytes | None, at: float) -> Receipt:
        with self._lock:
            troubles = self.troubles[message.chat_id]
            if troubles and (trouble := troubles.pop(0)) is not None:
                raise trouble
            self.calls.append(Call(message, file_id, content, at))
            uploaded = f"file-{message.bot_id}" if content is not None else None
            return Receipt(message_id=len(self.calls), file_id=uploaded)


@dataclass(frozen=True)
class TestBot:
    """A bot's row, and short ways to its outbox."""

    __test__ = False

    database: object
    tenant_id: str
    id: str

    def put(self, *messages: Message, lease: str | None = None) -> list[Leased]:
        with unit_of_work(self.tenant_id) as tx:
            return enqueue(tx, messages, tenant_id=self.tenant_id, bot_id=self.id, lease_token=lease)

    def rows(self, columns: str = "state") -> list:
        found = self.database.query(f"SELECT {columns} FROM outbox WHERE bot_id = %s ORDER BY id", self.id)
        return [row[0] if len(row) == 1 else row for row in found]

    def forget_limits(self) -> None:
        """Time has passed: leases have run out, what waits is due, gate and chats are free."""
        self.database.query(
            "UPDATE outbox SET due_at = least(due_at, now()), lease_until = now() - interval '1 s' WHERE bot_id = %s",
            self.id,
        )
        self.database.query(
            "UPDATE bot_limiters SET closed_until = NULL, next_slot_at = now() WHERE bot_id = %s", self.id
        )
        self.database.query("DELETE FROM chat_limiters WHERE bot_id = %s", self.id)


def text(
    chat: int, *, kind: Kind = Kind.INTERACTIVE, key: str | None = None, method: str = "sendMessage", **more: object
) -> Message:
    key = key or f"key-{next(_numbers)}"
    return Message(chat, kind, method, {"text": f"words for {chat}"}, key, **more)


def photo(chat: int, *, kind: Kind = Kind.INTERACTIVE, digest: str = "a" * 64) -> Message:
    picture = Attachment("renders/a.png", digest, "CODE.png")
    return Message(chat, kind, "sendPhoto", {"caption": "c"}, f"key-{next(_numbers)}", picture)


@pytest.fixture
def add_bot(database):
    """Makes a bot of a tenant, of a new one when none is given."""

    def add(tenant_id: str | None = None) -> TestBot:
        tenant_id, number = tenant_id or database.add_tenant(), next(_numbers)
        bot_id = str(uuid4())
        database.query(
            "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
            " VALUES (%s, %s, %s, %s, 'x_bot', 'h')",
            tenant_id,
            bot_id,
            bot_id,
            number,
        )
        return TestBot(database, tenant_id, bot_id)

    yield add
    database.query("UPDATE outbox SET state = 'cancelled' WHERE state IN ('waiting', 'leased')")


@pytest.fixture
def bot(add_bot) -> TestBot:
    return add_bot()


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def objects() -> dict[str, bytes]:
    return {"renders/a.png": b"a picture"}


@pytest.fixture
def sender(telegram, objects) -> Sender:
    return Sender(telegram, objects.__getitem__)


@pytest.fixture
def drain(sender):
    """Sends what is due, as a sender of its own."""
    return lambda seconds=5.0, **options: sender.drain(ids.opaque_id(), seconds=seconds, **options)


def in_parallel(works: Sequence[Callable[[], object]]) -> None:
    """Runs all at once and raises what one of them raised; each thread closes its database connection."""
    from promostack.db import connection

    troubles: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            troubles.append(error)
        finally:
            connection.discard()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]


def most_in_any_second(times: Sequence[float]) -> int:
    """The most moments in any window of one second, open at one end."""
    ordered, first, most = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most
