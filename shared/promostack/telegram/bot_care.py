"""Looking after bots: asking Telegram how one is, giving it a new token, its webhook anew, its manners in groups.

Telegram is called between two transactions, never inside one. What changes is written with its line in the audit log.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from promostack.core import crypto, ids
from promostack.core.clock import Clock
from promostack.core.crypto import SecretUnreadable
from promostack.core.errors import Conflict, PromoError, Unavailable, Unprocessable
from promostack.db.errors import AlreadyThere
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.delivery.errors import NotSent, OutcomeUnknown, SendFailed, SlowDown, TokenRevoked
from promostack.telegram import bots
from promostack.telegram.bot_health import BotNotFound, known
from promostack.telegram.bots import TelegramCall
from promostack.telegram.errors import BotTaken
from promostack.tenants import audit, secrets, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

# However many pages look at a bot, Telegram is asked once in so many seconds.
FRESH_S = 5.0
# An older failure is over: Telegram keeps telling it after everything was handed in.
_RECENT = timedelta(minutes=10)
_BOTH = (secrets.BOT_TOKEN, secrets.BOT_WEBHOOK_SECRET)
_REFUSED = ("token_refused", "token_unreadable")
# It becomes part of an address; longer ones than today's are let through.
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,120}")
_REASON = "Telegram no longer accepts this bot's token; give it a new one."


class TokenRefused(Unprocessable):
    """Telegram does not know the token."""

    code = "token_refused"


class OtherBot(Conflict):
    """The token is another bot's."""

    code = "other_bot"


class SetupRefused(Conflict):
    """Telegram knows the bot, and refuses its webhook or its menu."""

    code = "webhook_refused"


class TelegramAway(Unavailable):
    """Telegram did not answer, or not now."""

    code = "telegram_unavailable"


@dataclass(frozen=True)
class Found:
    """What a look at Telegram found; without a problem all is well."""

    problem: str | None = None
    detail: str | None = None
    pending: int | None = None
    username: str | None = None


class BotCare:
    """`call` makes one call of the Bot API; `default_base` tells where bots without a base of their own listen."""

    def __init__(self, call: TelegramCall, *, default_base: Callable[[], str], clock: Clock) -> None:
        self._call = call
        self._default_base = default_base
        self._clock = clock

    def check(self, tenant_id: str, bot_id: str, *, actor: Actor) -> None:
        """Asks Telegram for the bot and its webhook and keeps the outcome; raises BotNotFound.

        Within FRESH_S of the last look nothing is asked. A refused token pauses the bot, an accepted one ends that.
        """
        with unit_of_work(tenant_id) as tx:
            bot = _hold(tx, tenant_id, bot_id, actor)
            if bot["is_fresh"]:
                return
            token = _stored(tx, tenant_id, secrets.BOT_TOKEN, bot_id)
        found = self._look(token, self._address(bot)) if token else Found("token_unreadable")
        with unit_of_work(tenant_id) as tx:
            _hold(tx, tenant_id, bot_id, actor)
            # A token that was given meanwhile has been tried by whoever gave it.
            if _is_same(_stored(tx, tenant_id, secrets.BOT_TOKEN, bot_id), token):
                note_found(tx, tenant_id, bot_id, found)

    def renew_token(self, tenant_id: str, bot_id: str, token: str, *, actor: Actor) -> None:
        """The bot's token from now on, tried with Telegram first; sets the webhook and ends a pause.

        Raises BotNotFound, TokenRefused, OtherBot, BotTaken, SetupRefused and TelegramAway; then all is as it was.
        """
        with unit_of_work(tenant_id) as tx:
            bot = _hold(tx, tenant_id, bot_id, actor)
            kept = _stored(tx, tenant_id, secrets.BOT_WEBHOOK_SECRET, bot_id)
        if not TOKEN.fullmatch(token):
            raise token_refused("a token is a number, a colon and 35 letters; copy it whole from @BotFather")
        try:
            me = self._call(token, "getMe", {})
            if me.id != bot["telegram_id"]:
                raise OtherBot(f"This is the token of @{me.username}; @{bot['username']} keeps the one it has.")
            webhook_secret = kept or ids.opaque_id(24)
            bots.register(token, self._address(bot), webhook_secret, call=self._call)
        except (SendFailed, SlowDown, NotSent, OutcomeUnknown) as error:
            raise refusal(error) from error
        try:
            with unit_of_work(tenant_id) as tx:
                _hold(tx, tenant_id, bot_id, actor)
                secrets.put(tx, tenant_id, secrets.BOT_TOKEN, bot_id, token)
                if kept is None:
                    _put_webhook_secret(tx, tenant_id, bot_id, webhook_secret)
                note_found(tx, tenant_id, bot_id, Found(username=me.username))
                audit.record(tx, tenant_id, actor, "bot.token_renewed", target=f"@{me.username}")
        except (AlreadyThere, secrets.SecretTaken) as error:
            raise BotTaken("This token is in use elsewhere; make a new one at @BotFather.") from error

    def set_webhook(self, tenant_id: str, bot_id: str, *, actor: Actor) -> None:
        """Has Telegram hand in the bot's updates here again, and keeps how that went; raises BotNotFound."""
        with unit_of_work(tenant_id) as tx:
            bot = _hold(tx, tenant_id, bot_id, actor)
            token, secret = (_stored(tx, tenant_id, each, bot_id) for each in _BOTH)
        found = self._register(token, self._address(bot), secret) if token and secret else Found("token_unreadable")
        with unit_of_work(tenant_id) as tx:
            _hold(tx, tenant_id, bot_id, actor)
            if _is_same(_stored(tx, tenant_id, secrets.BOT_TOKEN, bot_id), token):
                note_found(tx, tenant_id, bot_id, found)
            if not found.problem:
                audit.record(tx, tenant_id, actor, "bot.webhook_set", target=f"@{bot['username']}")

    def _look(self, token: str, address: str) -> Found:
        try:
            me = self._call(token, "getMe", {})
            info = self._call(token, "getWebhookInfo", {})
        except TokenRevoked:
            return Found("token_refused")
        except PromoError:
            return Found("unreachable")
        told = {"pending": info.pending_update_count, "username": me.username}
        if not info.url:
            return Found("webhook_missing", **told)
        if info.url != address:
            # Only its host: the rest of somebody's address may be a secret.
            return Found("webhook_elsewhere", urlsplit(info.url).hostname, **told)
        if info.pending_update_count and info.last_error_date and self._is_recent(info.last_error_date):
            return Found("webhook_failing", str(info.last_error_message or "no reason given")[:200], **told)
        return Found(**told)

    def _is_recent(self, at: datetime) -> bool:
        return at.astimezone(UTC) > self._clock.now() - _RECENT

    def _register(self, token: str, address: str, secret: str) -> Found:
        try:
            bots.register(token, address, secret, call=self._call)
        except TokenRevoked:
            return Found("token_refused")
        except PromoError:
            return Found("unreachable")
        return Found()

    def _address(self, bot: Mapping[str, Any]) -> str:
        return bots.webhook_address(bot["webhook_base"] or self._default_base(), bot["public_id"])


def change_settings(tenant_id: str, bot_id: str, *, group_answer: str, actor: Actor) -> None:
    """How the bot behaves in groups; raises BotNotFound."""
    with unit_of_work(tenant_id) as tx:
        bot = _hold(tx, tenant_id, bot_id, actor)
        if bot["group_answer"] == group_answer:
            return
        tx.run(_sql.change_bot, tenant_id=tenant_id, bot_id=bot_id, group_answer=group_answer)
        told = {"group_answer": {"from": bot["group_answer"], "to": group_answer}}
        audit.record(tx, tenant_id, actor, "bot.changed", target=f"@{bot['username']}", data=told)


def _hold(tx: Transaction, tenant_id: str, bot_id: str, actor: Actor) -> dict[str, Any]:
    """The bot, for somebody who may still do this."""
    standing.check(tx, tenant_id, actor)
    bot = tx.row(_sql.hold_bot, tenant_id=tenant_id, bot_id=known(bot_id), fresh_s=FRESH_S)
    if bot is None:
        raise BotNotFound("There is no such bot.")
    return bot


def note_found(tx: Transaction, tenant_id: str, bot_id: str, found: Found) -> None:
    """Keeps what a look at Telegram found."""
    is_refused = found.problem in _REFUSED
    tx.run(
        _sql.note_check,
        tenant_id=tenant_id,
        bot_id=bot_id,
        problem=found.problem,
        detail=found.detail,
        pending=found.pending,
        username=found.username,
        is_refused=is_refused,
        is_accepted=not is_refused and found.problem != "unreachable",
        reason=_REASON,
    )


def _stored(tx: Transaction, tenant_id: str, purpose: secrets.Purpose, bot_id: str) -> str | None:
    """The bot's secret, or None when there is none that can be read."""
    try:
        return secrets.load(tx, tenant_id, purpose, bot_id)
    except (secrets.SecretMissing, SecretUnreadable):
        return None


def _put_webhook_secret(tx: Transaction, tenant_id: str, bot_id: str, secret: str) -> None:
    secrets.put(tx, tenant_id, secrets.BOT_WEBHOOK_SECRET, bot_id, secret)
    tx.run(_sql.change_secret, tenant_id=tenant_id, bot_id=bot_id, webhook_secret_hash=crypto.hash_token(secret))


def _is_same(one: str | None, other: str | None) -> bool:
    return hmac.compare_digest(one or "", other or "")


def refusal(error: PromoError) -> PromoError:
    """What the owner is told of a call that set a bot up and did not succeed."""
    if isinstance(error, TokenRevoked):
        return token_refused("Telegram does not accept this token; copy it once more from @BotFather")
    if isinstance(error, SendFailed):
        return SetupRefused(f"Telegram refuses to hand this bot's messages in here: {error.message}. Try again.")
    return TelegramAway("Telegram does not answer now; try again in a minute.", retry_after_s=30)


def token_refused(why: str) -> TokenRefused:
    """The refusal, with the reason beside the field."""
    return TokenRefused(f"Check the token: {why}.", fields={"token": why})
