"""Sending: lease, slot, intent, call, outcome. Killed anywhere, the row says how far it got.

A row with an intent and no outcome may have gone out; its kind decides whether it is sent again.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.db.errors import DatabaseUnavailable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import claims, errors, limiter
from promostack.delivery.models import PRIORITIES, Counts, Kind, Leased
from promostack.delivery.outbox import OWN_LEASE_S
from promostack.delivery.outgoing import Outgoing
from promostack.delivery.ports import Messenger

if TYPE_CHECKING:
    from concurrent.futures import Future

    from promostack.delivery.dispatch import Dispatch

_sql = load(__package__)
_log = log.get("delivery")

# A webhook does not wait longer than this for a slot: its rows go back and the worker sends them, up to a minute later.
# So it covers an answer of several messages to somebody who has just used up his chat's burst.
OWN_PATIENCE_S = 6.0
# The worker does, because other senders take turns with it; a gate that is closed for longer is not waited for.
PATIENCE_S = 12.0
# How often the worker looks for new rows, and again after the database went away.
LOOK_EVERY_S = 1.0
MOST_FAILURES, MOST_OWN_FAILURES = 10, 2
# A notice's slot begins when its transaction has ended.
NOTICE_AHEAD_S = 0.03
BOTS_AT_ONCE = 200
ROWS_AT_ONCE = 256
# A bot's rows in hand: so many are claimed at a time, and more when so few are left.
CLAIM_LEAST, CLAIM_MOST, CLAIM_BELOW = 16, 64, 8


class Sender:
    """Sends leased rows of any bot. `load_object(key)` reads a stored picture; its errors count as "not sent"."""

    def __init__(self, messenger: Messenger, load_object: Callable[[str], bytes]) -> None:
        self._messenger = messenger
        self._load_object = load_object
        self._notices: list[tuple[Leased, Future[Any]]] = []

    def send_own(self, rows: Sequence[Leased], lease_token: str) -> Counts:
        """Sends rows that the caller enqueued and leased itself, in order."""
        self._hear_notices()
        counts = Counts()
        if not rows:
            return counts
        deadline = time.monotonic() + OWN_LEASE_S
        dispatch = self._dispatch(lease_token, counts, patience_s=OWN_PATIENCE_S)
        if any(row.attachment for row in rows):
            with unit_of_work(rows[0].tenant_id) as tx:
                items = claims.with_file_ids(tx, rows)
            dispatch.hold(items)
        else:
            dispatch.hold(map(Outgoing, rows))
        failures = 0
        while dispatch.held() and time.monotonic() < deadline and failures <= MOST_OWN_FAILURES:
            try:
                dispatch.step(deadline)
            except DatabaseUnavailable as error:
                failures += 1
                _log.warning("database_away", reason=error.message)
        try:
            dispatch.hand_back()
        finally:
            dispatch.finish()  # calls that are open are recorded, whatever happened
        return counts

    def drain(
        self,
        lease_token: str,
        *,
        seconds: float,
        linger_s: float = 0.0,
        keep_on: Callable[[], bool] = lambda: True,
    ) -> Counts:
        """Sends what is due for all bots until nothing is, or the time is up.

        With `linger_s` it stays for what becomes due within so many seconds. `keep_on` is asked about once a second.
        """
        counts, deadline = Counts(), time.monotonic() + seconds
        dispatch = self._dispatch(lease_token, counts, patience_s=PATIENCE_S)
        intake = Intake(dispatch, lease_token, counts, linger_s)
        failures = 0
        while time.monotonic() < deadline:
            try:
                if intake.is_time_to_look() and not (keep_on() and intake.look()):
                    break
                intake.claim()
                dispatch.step(min(deadline, intake.look_at))
                if not dispatch.held() and not intake.is_time_to_look():
                    time.sleep(max(0.0, min(deadline, intake.look_at) - time.monotonic()))  # until the next look
                failures = 0
            except DatabaseUnavailable as error:
                failures += 1
                if failures > MOST_FAILURES:
                    raise
                _log.warning("database_away", reason=error.message)
                time.sleep(LOOK_EVERY_S)  # the leases outlast it
        dispatch.hand_back()
        dispatch.finish()
        return counts

    def has_work(self, *, within_s: float) -> bool:
        """True when something is due within so many seconds."""
        return bool(bots_with_messages(ahead_s=within_s, most=1))

    def notify(self, tenant_id: str, bot_id: str, chat_id: int, method: str, params: Mapping[str, Any]) -> None:
        """Starts one call, in a slot of its own, without a record: for what nobody misses, like a chat action.

        Nobody waits for its end; a 429 closes the gate before the next own rows are sent.
        """
        call = Leased(0, tenant_id, bot_id, chat_id, Kind.INTERACTIVE, method, params, None, 0)
        try:
            self._messenger.prepare()
            with unit_of_work(tenant_id, is_durable=False) as tx:
                made = limiter.reserve(tx, [call], horizon_s=NOTICE_AHEAD_S, ahead_s=NOTICE_AHEAD_S)
            for is_taken, wait_s in made.slots:
                if is_taken:
                    slot = made.slot(wait_s)
                    self._notices.append((call, self._messenger.start(call, file_id=None, content=None, slot=slot)))
        except PromoError as error:
            _log.info("not_notified", method=method, code=error.code)

    def _hear_notices(self) -> None:
        """How started notices ended: a 429 closes the bot's gate, everything else is only told to the log."""
        notices, self._notices = self._notices, []
        self._notices += [notice for notice in notices if not notice[1].done()]
        for call, future in notices:
            error = future.exception() if future.done() else None
            if error is None:
                continue
            _log.info("not_notified", method=call.method, kind=type(error).__name__)
            if isinstance(error, errors.SlowDown):
                with suppress(PromoError), unit_of_work(call.tenant_id) as tx:
                    limiter.close_gate(tx, call.tenant_id, call.bot_id, error.retry_after_s or 1.0)

    def _dispatch(self, lease_token: str, counts: Counts, *, patience_s: float) -> "Dispatch":
        from promostack.delivery.dispatch import Dispatch  # with threads and futures, which a duplicate does not need

        # By name, so that the loader can be exchanged after the sender was made.
        return Dispatch(self._messenger, lambda key: self._load_object(key), lease_token, counts, patience_s=patience_s)


class Intake:
    """Finds bots with work and claims their rows, a few of each in turn."""

    def __init__(self, dispatch: "Dispatch", lease_token: str, counts: Counts, linger_s: float) -> None:
        self._dispatch = dispatch
        self._lease_token = lease_token
        self._counts = counts
        self._linger_s = linger_s
        self._bots: deque[tuple[str, str]] = deque()
        self._has_claimed = False
        self.look_at = 0.0

    def is_time_to_look(self) -> bool:
        """Once a second, and at once when what the last look found is all done."""
        is_done = self._has_claimed and not self._bots and not self._dispatch.held()
        return is_done or time.monotonic() >= self.look_at

    def look(self) -> bool:
        """Finds the bots with due rows; False when there is nothing in hand, due or coming."""
        found = bots_with_messages(ahead_s=0.0, most=BOTS_AT_ONCE)
        known = set(self._bots)
        self._bots.extend(bot for bot in found if bot not in known)
        self.look_at = time.monotonic() + LOOK_EVERY_S
        self._has_claimed = False
        if found or self._dispatch.held():
            return True
        return self._linger_s > 0 and bool(bots_with_messages(ahead_s=self._linger_s, most=1))

    def claim(self) -> None:
        """Claims for each bot that has little in hand; one that had more keeps its turn in the round."""
        most = max(CLAIM_LEAST, min(CLAIM_MOST, ROWS_AT_ONCE // max(1, len(self._bots))))
        for _ in range(len(self._bots)):
            if self._dispatch.held() + most > ROWS_AT_ONCE:
                return
            tenant_id, bot_id = self._bots.popleft()
            if self._dispatch.held(bot_id) >= CLAIM_BELOW:
                self._bots.append((tenant_id, bot_id))
                continue
            claimed = claims.claim(tenant_id, bot_id, lease_token=self._lease_token, most=most, counts=self._counts)
            self._dispatch.hold(claimed)
            self._has_claimed = self._has_claimed or bool(claimed)
            if len(claimed) == most:
                self._bots.append((tenant_id, bot_id))


def bots_with_messages(*, ahead_s: float, most: int) -> list[tuple[str, str]]:
    """(tenant, bot) with messages due within so many seconds: the most urgent first, tenants in turn."""
    with unit_of_work(None) as tx:
        rows = tx.rows(_sql.bots_with_messages, priorities=PRIORITIES, ahead_s=ahead_s, most=most)
    return [(str(row["tenant_id"]), str(row["bot_id"])) for row in rows]
