"""One sender's loop: rows in hand get slots, intents, calls and outcomes; at most OPEN_AT_MOST calls are open at once.

The loop's thread alone talks to the database; calls run in the messenger's thread and come back through a queue. Each
outcome is one commit in one round trip, which also carries the next slots and intents of its bot.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.delivery import advance, limiter, records
from promostack.delivery.advance import OPEN_AT_MOST, Advance, slot_of
from promostack.delivery.errors import NotSent
from promostack.delivery.models import Counts
from promostack.delivery.outcomes import Outcomes, Verdict
from promostack.delivery.outgoing import MOST_PHOTO_BYTES, Lane, Outgoing
from promostack.delivery.ports import Messenger
from promostack.delivery.records import Statements

_log = log.get("delivery")

_LOADERS = 2
# Slots taken and not yet used: more while calls are on time, half as many when one is late.
WINDOW_AT_LEAST, WINDOW_AT_START, WINDOW_AT_MOST = 8, 16, 64
# Slots begin after the answer that gives them, as long as the latest ones took; a long wait is forgotten step by step.
AHEAD_AT_MOST_S, AHEAD_FADES = 0.03, 0.9
# After a late call, so many must be on time before slots are taken again for calls that cannot start yet.
TRUST_AFTER = 64


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
        self._counts = counts
        self._records = records.Records(lease_token)
        self._outcomes = Outcomes(self._records)
        self._news: SimpleQueue[tuple[Outgoing, Future[Any]]] = SimpleQueue()
        self._loaders = ThreadPoolExecutor(_LOADERS, thread_name_prefix="pictures")
        self._window = WINDOW_AT_START
        self._on_time = TRUST_AFTER
        self._open = 0
        self._ahead_s = 0.0

    def hold(self, items: Iterable[Outgoing]) -> None:
        """Takes leased rows over."""
        self._messenger.prepare()
        for item in items:
            limiter.learn_clock(advance.clock_of(item.row.tenant_id))
            self._lanes.setdefault(item.row.bot_id, Lane(item.row.tenant_id, item.row.bot_id)).items.append(item)

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
        self._go_on()
        if self.held():
            self._wait(min(until, self._next_moment()))

    def hand_back(self) -> None:
        """Gives up every row that is not being called."""
        for lane in list(self._lanes.values()):
            self._release(lane, delay_s=None)

    def finish(self) -> None:
        """Waits for the open calls and records them; each ends by the messenger's own time-out."""
        while self._open:
            self._wait(time.monotonic() + 1.0)
        self.hand_back()
        self._loaders.shutdown(wait=False)

    def _items(self) -> Iterator[Outgoing]:
        return (item for lane in self._lanes.values() for item in lane.items)

    def _load(self) -> None:
        """Fetches pictures that have to be uploaded, each once: its other rows wait for the file_id."""
        on_their_way: set[tuple[str, str, str] | None] | None = None
        for item in [head for lane in self._lanes.values() for head in lane.heads() if head.lacks_picture]:
            if on_their_way is None:
                on_their_way = {each.picture for each in self._items() if each.is_loading or each.content is not None}
            if not item.is_loading and item.picture not in on_their_way:
                assert item.row.attachment is not None
                item.is_loading = True
                on_their_way.add(item.picture)
                self._watch(item, self._loaders.submit(self._load_object, item.row.attachment.object_key))

    def _go_on(self) -> None:
        """Slots and calls for whoever is due, bot by bot; whoever had a turn comes last the next time."""
        for item in [each for each in self._items() if each.slot and not each.is_open and each.slot.is_missed()]:
            self._missed(item)
        now, has_room = time.monotonic(), self._room() > 0
        for bot_id, lane in list(self._lanes.items()):
            if self._open >= OPEN_AT_MOST:
                return
            if lane.next_moment(has_room=has_room) <= now:
                self._lanes[bot_id] = self._lanes.pop(bot_id)
                self._write(lane, (), places=OPEN_AT_MOST - self._open)

    def _room(self) -> int:
        """How many slots may be taken. While Telegram is slow no more than calls can start: the others would pass."""
        most = self._window if self._on_time >= TRUST_AFTER else OPEN_AT_MOST - self._open
        return max(0, most - sum(item.slot is not None and not item.is_open for item in self._items()))

    def _places(self, lane: Lane) -> int:
        """How many calls a bot may open with the outcome of one: none while others wait and there is time for them."""
        if self._open + len(self._lanes) <= OPEN_AT_MOST or not self._news.empty():
            return OPEN_AT_MOST - self._open
        now, has_room = time.monotonic(), self._room() > 0
        waiting = any(
            other is not lane and other.next_moment(has_room=has_room) <= now for other in self._lanes.values()
        )
        return 0 if waiting else OPEN_AT_MOST - self._open

    def _write(self, lane: Lane, outcome: Statements, *, places: int) -> None:
        """One commit: an outcome, if there is one, and what its bot's rows need next, for so many calls at most."""
        room = self._room()
        if len(self._lanes) > 1:
            room = min(room, max(1, room // len(self._lanes)))
        wish = advance.wish(lane, places=places, room=room, ahead_s=self._ahead_s)
        asked_at = time.monotonic()
        asked = (wish.statement(self._lease_token),) if wish else ()
        if not (outcome or asked):
            return
        # A lost outcome is a call whose outcome nobody knows; slots and intents alone can be asked for again.
        write = records.persistently if outcome else records.once
        answer = write(lane.tenant_id, (*outcome, *asked))
        took_s = time.monotonic() - asked_at
        self._ahead_s = min(AHEAD_AT_MOST_S, max(took_s, self._ahead_s * AHEAD_FADES))
        if wish:
            self._apply(lane, wish.granted(answer, asked_at=asked_at))

    def _apply(self, lane: Lane, done: Advance) -> None:
        """What the transaction decided is done: slots are given out, calls start, what must not go out goes back."""
        for item, slot in done.slots:
            item.slot = slot
        for item, not_before in done.later:
            item.not_before = not_before
        for item in done.intended:
            item.row = replace(item.row, attempts=item.row.attempts + 1)
            self._call(item)
        if done.again_at is not None:
            lane.again_at = done.again_at
            if done.again_at - time.monotonic() > self._patience_s:
                self._release(lane, delay_s=done.again_at - time.monotonic())
        if done.refused:
            self._refused(lane, done.refused)
        for item, not_before in done.later:
            if not_before - time.monotonic() > self._patience_s:
                self._drop_chat(item)

    def _refused(self, lane: Lane, items: list[Outgoing]) -> None:
        """No intent could be written: the gate is closed for all, or another sender's word counts for these rows."""
        closed = records.once(lane.tenant_id, [advance.gate_closed_s(lane)])
        if closed:
            self._release(lane, delay_s=closed[0]["closed_s"])
            return
        for item in items:
            self._remove(item)

    def _call(self, item: Outgoing) -> None:
        item.is_open = True
        self._open += 1
        start = self._messenger.start
        self._watch(item, start(item.row, file_id=item.file_id, content=item.content, slot=slot_of(item)))

    def _watch(self, item: Outgoing, future: "Future[Any]") -> None:
        future.add_done_callback(lambda done: self._news.put((item, done)))

    def _next_moment(self) -> float:
        """When there is something to do without news."""
        if self._open >= OPEN_AT_MOST:
            return float("inf")
        has_room = self._room() > 0
        return min((lane.next_moment(has_room=has_room) for lane in self._lanes.values()), default=float("inf"))

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
            return
        item.is_open = False
        self._open -= 1
        verdict = self._outcomes.judge(item, done)
        if verdict.is_missed:
            self._not_called(item)
        else:
            self._window, self._on_time = min(WINDOW_AT_MOST, self._window + 1), self._on_time + 1
            self._conclude(item, verdict)

    def _loaded(self, item: Outgoing, done: "Future[bytes]") -> None:
        item.is_loading = False
        lane = self._lanes.get(item.row.bot_id)
        if lane is None or item not in lane.items:
            return  # handed back meanwhile
        trouble = done.exception()
        if trouble is not None:
            if not isinstance(trouble, PromoError):  # one bad picture must not stop the messages of everybody else
                _log.error("picture_not_loaded", outbox_id=item.row.id, detail=log.trace(trouble))
                trouble = NotSent("The picture could not be loaded.")
            self._conclude(item, self._outcomes.without_picture(item.row, trouble))
            return
        item.content = done.result()
        if item.row.method == "sendPhoto" and len(item.content) > MOST_PHOTO_BYTES:
            item.go_as_document()

    def _conclude(self, item: Outgoing, verdict: Verdict) -> None:
        """The item leaves, or starts over; then the outcome is written, and what it means for the bot's other rows."""
        lane = self._lanes[item.row.bot_id]
        if verdict.goes_again:
            item.slot, lane.again_at = None, 0.0
        else:
            self._remove(item)
        for other in lane.items:
            if verdict.file_id and other.picture == item.picture:
                other.file_id = verdict.file_id
            if verdict.moved_to and other.row.chat_id == item.row.chat_id:
                other.row = replace(other.row, chat_id=verdict.moved_to)
        if verdict.is_stop:
            records.persistently(lane.tenant_id, verdict.written)
            self._release(lane, delay_s=verdict.stops_for_s)
        else:
            if verdict.is_delayed:
                self._drop_chat(item)
            self._write(lane, verdict.written, places=self._places(lane))
        if verdict.counted:
            self._counts.add(verdict.counted)

    def _not_called(self, item: Outgoing) -> None:
        """The slot passed unused: another one, or back with the rest of its bot's rows."""
        item.row = replace(item.row, attempts=item.row.attempts - 1)
        if slot_of(item).is_withdrawn:
            self._remove(item)
            self._put_back(self._lanes[item.row.bot_id], [item], self._lanes[item.row.bot_id].stopped_for_s)
        else:
            self._missed(item)

    def _missed(self, item: Outgoing) -> None:
        self._window, self._on_time = max(WINDOW_AT_LEAST, self._window // 2), 0
        item.slot = None
        self._lanes[item.row.bot_id].again_at = 0.0

    def _remove(self, item: Outgoing) -> None:
        self._lanes[item.row.bot_id].items.remove(item)

    def _release(self, lane: Lane, *, delay_s: float | None) -> None:
        """Hands back what is not being called; a call that waits for its slot does not start any more."""
        kept = [item for item in lane.items if item.is_open]
        free = [item for item in lane.items if not item.is_open]
        for item in kept:
            slot_of(item).withdraw()
        lane.items, lane.stopped_for_s = kept, delay_s
        self._put_back(lane, free, delay_s)

    def _drop_chat(self, item: Outgoing) -> None:
        """Hands back the rows of a chat that has to wait, into their old place; the claim leaves them alone there."""
        lane = self._lanes[item.row.bot_id]
        same = [each for each in lane.items if each.order_key == item.order_key and not each.is_open]
        lane.items = [each for each in lane.items if each not in same]
        self._put_back(lane, same, None)

    def _put_back(self, lane: Lane, items: list[Outgoing], delay_s: float | None) -> None:
        rows = [item.row for item in items]
        if rows:
            records.persistently(lane.tenant_id, self._records.put_back(rows, delay_s=delay_s))
            self._counts.add("retried", len(rows))
