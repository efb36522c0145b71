"""One sender's loop: rows in hand get slots, intents, calls and outcomes; at most OPEN_AT_MOST calls are open at once.

The loop's thread alone talks to the database; calls run in the messenger's thread and come back through a queue.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from queue import Empty, SimpleQueue
from typing import Any

from promostack.core.errors import PromoError
from promostack.db.errors import DatabaseUnavailable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import limiter
from promostack.delivery.claims import LEASE_S
from promostack.delivery.models import Counts, Leased
from promostack.delivery.outcomes import Outcomes
from promostack.delivery.outgoing import MOST_PHOTO_BYTES, Lane, Outgoing
from promostack.delivery.ports import Messenger
from promostack.delivery.slots import Slot

_sql = load(__package__)

OPEN_AT_MOST = 8
# The intent is written so long before the slot, so that the call itself is on time.
LEAD_S = 0.025
# A bot's next slots are asked for when its last one is so near.
_REFILL_S = 0.15
_LOADERS = 2
WINDOW_AT_LEAST, WINDOW_AT_MOST = 8, 256


class Dispatch:
    """Holds rows of several bots and sends them. `patience_s`: who has to wait longer for a slot is handed back."""

    def __init__(
        self,
        messenger: Messenger,
        load_object: Callable[[str], bytes],
        lease_token: str,
        counts: Counts,
        *,
        patience_s: float,
    ) -> None:
        self._messenger = messenger
        self._load_object = load_object
        self._lease_token = lease_token
        self._patience_s = patience_s
        self._lanes: dict[str, Lane] = {}
        self._outcomes = Outcomes(lease_token, counts)
        self._news: SimpleQueue[tuple[Outgoing, Future[Any]]] = SimpleQueue()
        self._loaders = ThreadPoolExecutor(_LOADERS, thread_name_prefix="pictures")
        # Slots taken and not yet used; grows while calls are on time, halves when one is late.
        self._window = 16

    def hold(self, items: Iterable[Outgoing]) -> None:
        """Takes leased rows over."""
        for item in items:
            lane = self._lanes.setdefault(item.row.bot_id, Lane(item.row.tenant_id, item.row.bot_id))
            lane.items.append(item)

    def held(self, bot_id: str | None = None) -> int:
        """How many rows are in hand, of one bot or of all."""
        if bot_id is None:
            return sum(len(lane.items) for lane in self._lanes.values())
        return len(self._lanes[bot_id].items) if bot_id in self._lanes else 0

    def step(self, until: float) -> None:
        """One round: loads, slots, calls; then waits for news, until `until` (monotonic) or until nothing is held."""
        now = time.monotonic()
        self._lanes = {bot: lane for bot, lane in self._lanes.items() if lane.items or lane.again_at > now}
        self._load()
        self._reserve()
        self._start()
        if self.held():
            self._wait(min(until, self._next_moment()))

    def hand_back(self) -> None:
        """Gives up every row that is not being called."""
        for lane in list(self._lanes.values()):
            self._release(lane, delay_s=None)

    def finish(self) -> None:
        """Waits for the open calls and records them; each ends by the messenger's own time-out."""
        while any(item.is_open for item in self._items()):
            self._wait(time.monotonic() + 1.0)
        self.hand_back()
        self._loaders.shutdown(wait=False)

    def _items(self) -> Iterator[Outgoing]:
        return (item for lane in self._lanes.values() for item in lane.items)

    def _load(self) -> None:
        """Fetches pictures that have to be uploaded, each once: its other rows wait for the file_id."""
        on_their_way = {item.picture for item in self._items() if item.is_loading or item.content is not None}
        for item in [head for lane in self._lanes.values() for head in lane.heads()]:
            if item.lacks_picture and not item.is_loading and item.picture not in on_their_way:
                assert item.row.attachment is not None
                item.is_loading = True
                on_their_way.add(item.picture)
                self._watch(item, self._loaders.submit(self._load_object, item.row.attachment.object_key))

    def _reserve(self) -> None:
        """Slots for rows that lack nothing else, one batch a bot."""
        now = time.monotonic()
        for lane in list(self._lanes.values()):
            room = self._window - sum(item.slot is not None for item in self._items())
            if room <= 0:
                return
            ready = lane.ready(now) if lane.again_at <= now else []
            if ready:
                alike = [item for item in ready if item.row.kind is ready[0].row.kind]
                self._take_slots(lane, alike[: min(limiter.BATCH, room)])

    def _take_slots(self, lane: Lane, items: list[Outgoing]) -> None:
        taken = limiter.reserve([item.row for item in items])
        if taken.busy_s is not None:
            lane.again_at = taken.answered_at + taken.busy_s
            if taken.busy_s > self._patience_s:
                self._release(lane, delay_s=taken.busy_s)
            return
        for item, (is_taken, wait_s) in zip(items, taken.slots, strict=True):
            at = taken.answered_at + wait_s
            if is_taken:
                item.slot = Slot(at)
                lane.again_at = at - _REFILL_S
            elif wait_s > self._patience_s:
                self._drop_chat(lane, item)
            else:
                item.not_before = at

    def _start(self) -> None:
        """Intents and calls for the slots that are near, the nearest first."""
        due_by = time.monotonic() + LEAD_S
        waiting = [item for item in self._items() if item.slot and not item.is_open]
        near = sorted((item for item in waiting if _slot(item).at <= due_by), key=lambda item: _slot(item).at)
        in_time = [item for item in near if not self._is_late(item)]
        room = OPEN_AT_MOST - sum(item.is_open for item in self._items())
        for tenant_id, items in groupby(in_time[: max(0, room)], key=lambda item: item.row.tenant_id):
            for item in self._intend(tenant_id, list(items)):
                self._call(item)

    def _is_late(self, item: Outgoing) -> bool:
        if not _slot(item).is_missed():
            return False
        self._missed(item)
        return True

    def _missed(self, item: Outgoing) -> None:
        self._window = max(WINDOW_AT_LEAST, self._window // 2)
        item.start_over()
        self._lanes[item.row.bot_id].again_at = 0.0

    def _intend(self, tenant_id: str, items: list[Outgoing]) -> list[Outgoing]:
        """Writes the intents; what another sender holds now is dropped, a bot whose gate closed is released."""
        shut: dict[str, float] = {}
        intended, lost = [], []
        with unit_of_work(tenant_id) as tx:
            for item in items:
                row = item.row
                intent = {"id": row.id, "attempts": row.attempts + 1, "lease_token": self._lease_token}
                if tx.value(_sql.write_intent, tenant_id=tenant_id, lease_s=LEASE_S, **intent) is not None:
                    intended.append(item)
                elif closed_s := tx.value(_sql.gate_closed_s, tenant_id=tenant_id, bot_id=row.bot_id):
                    shut[row.bot_id] = closed_s
                else:
                    lost.append(item)
        for item in lost:
            self._remove(item)
        for item in intended:
            item.row = replace(item.row, attempts=item.row.attempts + 1)
        for bot_id, closed_s in shut.items():
            self._release(self._lanes[bot_id], delay_s=closed_s)
        return [item for item in intended if item.slot]

    def _call(self, item: Outgoing) -> None:
        item.is_open = True
        self._watch(
            item,
            self._messenger.start(item.row, file_id=item.file_id, content=item.content, slot=_slot(item)),
        )

    def _watch(self, item: Outgoing, future: "Future[Any]") -> None:
        future.add_done_callback(lambda done: self._news.put((item, done)))

    def _next_moment(self) -> float:
        """When there is something to do without news."""
        moments = [_slot(item).at - LEAD_S for item in self._items() if item.slot and not item.is_open]
        if sum(item.is_open for item in self._items()) >= OPEN_AT_MOST:
            moments = []
        for lane in self._lanes.values():
            waiting = [item.not_before for item in lane.heads() if item.slot is None and not item.lacks_picture]
            if waiting:
                moments.append(max(lane.again_at, min(waiting)))
        return min(moments, default=float("inf"))

    def _wait(self, until: float) -> None:
        """Handles news as it comes; returns when there is none and the time has come."""
        timeout_s = max(0.0, until - time.monotonic())
        try:
            news = self._news.get(timeout=timeout_s) if timeout_s else self._news.get_nowait()
            while True:
                self._handle(*news)
                news = self._news.get_nowait()
        except Empty:
            return

    def _handle(self, item: Outgoing, done: "Future[Any]") -> None:
        if item.is_loading:
            self._loaded(item, done)
        else:
            self._called(item, done)

    def _loaded(self, item: Outgoing, done: "Future[bytes]") -> None:
        item.is_loading = False
        if item not in self._lanes[item.row.bot_id].items:
            return  # handed back meanwhile
        try:
            item.content = done.result()
        except PromoError as error:
            self._remove(item)
            self._outcomes.without_picture(item.row, error)
            return
        if item.row.method == "sendPhoto" and len(item.content) > MOST_PHOTO_BYTES:
            item.go_as_document()

    def _called(self, item: Outgoing, done: "Future[Any]") -> None:
        lane = self._lanes[item.row.bot_id]
        try:
            verdict = self._outcomes.record(item, done)
        except DatabaseUnavailable:
            self._remove(item)  # its lease runs out, and its intent says the rest
            raise
        if verdict.is_missed:
            self._not_called(lane, item)
            return
        self._window = min(WINDOW_AT_MOST, self._window + 1)
        if verdict.goes_again:
            item.start_over()
            lane.again_at = 0.0
            return
        self._remove(item)
        for other in lane.items:
            if verdict.file_id and other.picture == item.picture:
                other.file_id = verdict.file_id
            if verdict.moved_to and other.row.chat_id == item.row.chat_id:
                other.row = replace(other.row, chat_id=verdict.moved_to)
        if verdict.is_stop:
            self._release(lane, delay_s=verdict.stops_for_s)

    def _not_called(self, lane: Lane, item: Outgoing) -> None:
        """The slot passed unused: another one, or back with the rest of its bot's rows."""
        item.row = replace(item.row, attempts=item.row.attempts - 1)
        if _slot(item).is_withdrawn:
            self._remove(item)
            self._outcomes.put_back([item.row], delay_s=lane.stopped_for_s)
        else:
            self._missed(item)

    def _remove(self, item: Outgoing) -> None:
        self._lanes[item.row.bot_id].items.remove(item)

    def _release(self, lane: Lane, *, delay_s: float | None) -> None:
        """Hands back what is not being called; a call that waits for its slot does not start any more."""
        kept = [item for item in lane.items if item.is_open]
        rows: list[Leased] = [item.row for item in lane.items if not item.is_open]
        for item in kept:
            _slot(item).withdraw()
        lane.items, lane.stopped_for_s = kept, delay_s
        self._outcomes.put_back(rows, delay_s=delay_s)

    def _drop_chat(self, lane: Lane, item: Outgoing) -> None:
        """Hands back the rows of a chat that has to wait, into their old place; the claim leaves them alone."""
        same = [each for each in lane.items if each.order_key == item.order_key and not each.is_open]
        lane.items = [each for each in lane.items if each not in same]
        self._outcomes.put_back([each.row for each in same], delay_s=None)


def _slot(item: Outgoing) -> Slot:
    assert item.slot is not None
    return item.slot
