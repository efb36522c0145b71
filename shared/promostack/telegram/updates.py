"""An update's path: stored under a lease, answered outside any transaction, finished together with its messages.

Killed anywhere, the update is still in the inbox: Telegram delivers it again, or the tick hands it in again.
"""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from promostack.analytics import events
from promostack.core import ids, log
from promostack.core.errors import PromoError, Unavailable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.delivery.outbox import enqueue
from promostack.delivery.sender import Sender
from promostack.telegram import channels, conversation, groups, posted, posts
from promostack.telegram.bots import bot_of
from promostack.telegram.errors import UpdateBusy
from promostack.telegram.inbox import Taken
from promostack.telegram.incoming import ChannelNews, Membership, parse, parse_channel, parse_membership
from promostack.telegram.models import Bot, Incoming, Outcome, State
from promostack.telegram.ports import Desk

_sql = load(__package__)
_log = log.get("telegram")

MAX_ATTEMPTS = 3
# An update whose handler dies never reaches an error handler: after so many deaths it is taken for the cause.
MOST_DEATHS = 10
_MAX_REPLANS = 5

DeskFor = Callable[[Bot, Incoming], Desk]
# What is done once everything is stored.
Send = Callable[[], None]


class StateMoved(Unavailable):
    """Another update of the same person changed the conversation while this one was answered."""

    code = "state_moved"


class UpdateHandler:
    """Answers updates that the inbox took. `desk_for` opens the conversation's view of the rest of the house."""

    def __init__(self, desk_for: DeskFor, sender: Sender) -> None:
        self._desk_for = desk_for
        self._sender = sender

    def handle(self, taken: Taken, payload: Mapping[str, Any]) -> str:
        """Handles an update that was taken; returns what became of it: `done`, `ignored` or `parked`.

        Raises whatever made the handling fail; then the update is waiting in the inbox.
        """
        bot, update_id, lease_token = bot_of(taken.bot), taken.update_id, taken.lease_token
        if taken.is_stale:
            self._close(bot, update_id, lease_token, "ignored", error="too_old")
            return "ignored"
        if taken.attempts > MOST_DEATHS:
            return self._park(bot, update_id, lease_token, "handler_died")
        return self._handle(bot, payload, update_id, lease_token, taken.attempts)

    def _handle(self, bot: Bot, payload: Mapping[str, Any], update_id: int, lease_token: str, attempts: int) -> str:
        try:
            if membership := parse_membership(payload):
                self._note_membership(bot, membership, update_id, lease_token)
                return "done"
            if news := parse_channel(payload):
                send = self._note_channel(bot, news, update_id, lease_token)
            elif incoming := parse(payload, update_id):
                send = self._converse(bot, incoming, lease_token)
            elif spoken := groups.parse(payload, bot):
                send = self._lead_away(bot, spoken, update_id, lease_token)
            else:
                self._close(bot, update_id, lease_token, "ignored")
                return "ignored"
        except Exception as error:
            # A poison update must not block the chat for a day: after the third failure it is set aside, visibly. What
            # a vendor or the database causes is not the update's fault and is tried for as long as Telegram delivers.
            reason = error.code if isinstance(error, PromoError) else type(error).__name__
            if attempts < MAX_ATTEMPTS or isinstance(error, Unavailable):
                self._release(bot, update_id, lease_token, reason, counts=not isinstance(error, Unavailable))
                raise
            return self._park(bot, update_id, lease_token, reason)
        send()
        return "done"

    def _converse(self, bot: Bot, incoming: Incoming, lease_token: str) -> Send:
        """Stores the answer; what is left is sending it, and saying how a post went that was part of it."""
        desk = self._desk_for(bot, incoming)
        outcome, rows = self._answer(bot, incoming, desk, lease_token)

        def send() -> None:
            self._sender.send_own(rows, lease_token)
            if outcome.change:
                self._sender.send_own(posted.tell(bot, incoming, outcome, desk, lease_token), lease_token)

        return send

    def _answer(self, bot: Bot, incoming: Incoming, desk: Desk, lease_token: str) -> tuple[Outcome, list[Leased]]:
        """Works the answer out and stores it; anew when something that it was made from has changed meanwhile."""
        started = time.monotonic()
        for _ in range(_MAX_REPLANS):
            state, version = self._open(bot, incoming)
            outcome = conversation.answer(incoming, state, desk, nonce=ids.opaque_id(4), now=datetime.now(UTC))
            took_ms = round((time.monotonic() - started) * 1000)
            try:
                return outcome, self._store(bot, incoming, outcome, version, lease_token, took_ms=took_ms)
            except (StateMoved, *posts.REFUSALS):
                continue
        raise StateMoved("This chat is too busy; the update is tried again.", retry_after_s=2)

    def _open(self, bot: Bot, incoming: Incoming) -> tuple[State, int]:
        with unit_of_work(bot.tenant_id) as tx:
            row = tx.row(
                _sql.open_conversation,
                tenant_id=bot.tenant_id,
                bot_id=bot.id,
                user_id=incoming.user_id,
                chat_id=incoming.chat_id,
                language=incoming.language,
                is_private=not incoming.inline_id,
            )
        assert row is not None
        return State(**row["state"]), row["version"]

    def _store(
        self, bot: Bot, incoming: Incoming, outcome: Outcome, version: int, lease_token: str, *, took_ms: int
    ) -> list[Leased]:
        """State, messages, events and the update's end in one transaction; raises StateMoved."""
        who: dict[str, Any] = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "user_id": incoming.user_id}
        with unit_of_work(bot.tenant_id) as tx:
            state = json.dumps(outcome.state.as_json())
            saved = tx.run(_sql.save_conversation, **who, state=state, version=version, wants_news=outcome.wants_news)
            if not saved:
                raise StateMoved("The conversation has moved on.")
            _finish(tx, bot, incoming.update_id, lease_token)
            for kind, data in outcome.events:
                events.record(tx, kind=kind, chat_id=incoming.chat_id, data={**data, "ms": took_ms}, **who)
            messages = _messages(bot, incoming, outcome)
            rows = enqueue(tx, messages, tenant_id=bot.tenant_id, bot_id=bot.id, lease_token=lease_token)
            return [*rows, *posted.store(tx, bot, incoming, outcome, lease_token)]

    def _note_membership(self, bot: Bot, membership: Membership, update_id: int, lease_token: str) -> None:
        """A block ends what waits for the chat, an unblock brings back what it missed (delivery's rules)."""
        chat_id = membership.chat_id
        with unit_of_work(bot.tenant_id) as tx:
            _finish(tx, bot, update_id, lease_token)
            who: dict[str, Any] = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "user_id": membership.user_id}
            told = {"is_gone": membership.is_gone, "told_at": membership.at, "told_update": update_id}
            if not tx.value(_sql.note_membership, **who, **told):
                return
            change = outbox.recipient_is_gone if membership.is_gone else outbox.recipient_is_back
            change(tx, bot.tenant_id, bot_id=bot.id, chat_id=chat_id)
            kind = "blocked" if membership.is_gone else "unblocked"
            events.record(tx, kind=kind, chat_id=chat_id, data={}, **who)

    def _lead_away(self, bot: Bot, spoken: groups.Spoken, update_id: int, lease_token: str) -> Send:
        """Somebody spoke to the bot in a group."""
        own_texts = _own_texts(bot)
        with unit_of_work(bot.tenant_id) as tx:
            _finish(tx, bot, update_id, lease_token)
            rows = groups.answer(tx, bot, spoken, update_id, own_texts, lease_token)

        def send() -> None:
            self._sender.send_own(rows, lease_token)

        return send

    def _note_channel(self, bot: Bot, news: ChannelNews, update_id: int, lease_token: str) -> Send:
        """Where the bot may post has changed, or a channel's name has."""
        own_texts = _own_texts(bot)
        with unit_of_work(bot.tenant_id) as tx:
            _finish(tx, bot, update_id, lease_token)
            is_change = channels.note(tx, bot, news, update_id)
            rows = channels.tell_person(tx, bot, news, update_id, own_texts, lease_token) if is_change else []

        def send() -> None:
            self._sender.send_own(rows, lease_token)

        return send

    def _park(self, bot: Bot, update_id: int, lease_token: str, reason: str) -> str:
        _log.error("update_parked", update_id=update_id, reason=reason)
        self._close(bot, update_id, lease_token, "parked", error=reason)
        return "parked"

    def _close(self, bot: Bot, update_id: int, lease_token: str, state: str, *, error: str | None = None) -> None:
        key = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "update_id": update_id}
        with unit_of_work(bot.tenant_id) as tx:
            tx.run(_sql.close_update, **key, state=state, error=error, lease_token=lease_token)

    def _release(self, bot: Bot, update_id: int, lease_token: str, error: str, *, counts: bool) -> None:
        """Gives the update back; an attempt that failed by a vendor's fault does not count."""
        key = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "update_id": update_id}
        try:
            with unit_of_work(bot.tenant_id) as tx:
                tx.run(_sql.release_update, **key, error=error, lease_token=lease_token, uncounted=0 if counts else 1)
        except Unavailable:
            _log.warning("release_failed", update_id=update_id)  # the lease runs out by itself


def _finish(tx: Transaction, bot: Bot, update_id: int, lease_token: str) -> None:
    """Ends the update in the transaction that holds its effects; raises UpdateBusy when our lease is gone."""
    key = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "update_id": update_id}
    if not tx.run(_sql.close_update, **key, state="done", error=None, lease_token=lease_token):
        raise UpdateBusy("Another invocation took this update over.", retry_after_s=5)


def _own_texts(bot: Bot) -> Mapping[str, Mapping[str, str]]:
    """The tenant's own words by language."""
    # Settings need pydantic, which the tick, a reader of stored updates, does not carry.
    from promostack.tenants import service as tenants

    return tenants.get_tenant(bot.tenant_id).settings.bot_texts


def _messages(bot: Bot, incoming: Incoming, outcome: Outcome) -> list[Message]:
    """The answers as outbox messages; the key makes a second handling of the same update harmless."""
    return [
        Message(
            chat_id=incoming.chat_id,
            kind=Kind.INTERACTIVE,
            method=answer.method,
            params=answer.params,
            idempotency_key=f"{bot.id}:{incoming.update_id}:{index}",
            attachment=answer.attachment,
        )
        for index, answer in enumerate(outcome.answers)
    ]


def find_stale(most: int) -> list[tuple[str, str, int]]:
    """(tenant, bot, update id) of updates whose handler died and whose lease has run out."""
    with unit_of_work(None) as tx:
        rows = tx.rows(_sql.stale_updates, most=most)
    return [(str(row["tenant_id"]), str(row["bot_id"]), row["update_id"]) for row in rows]


def stored_update(tenant_id: str, bot_id: str, update_id: int) -> dict[str, Any] | None:
    """A stored update as Telegram sent it."""
    with unit_of_work(tenant_id) as tx:
        payload = tx.value(_sql.stored_update, tenant_id=tenant_id, bot_id=bot_id, update_id=update_id)
    return dict(payload) if payload is not None else None
