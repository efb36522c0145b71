"""Connected bots: registering their webhooks; `tenants.secrets` keeps their tokens."""

from collections.abc import Callable, Mapping
from typing import Any

from promostack.core import crypto, ids
from promostack.db.errors import AlreadyThere
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.telegram.errors import BotTaken, UnknownBot
from promostack.telegram.models import Bot
from promostack.telegram.texts import COMMANDS, DEFAULT, LANGUAGES, Texts
from promostack.tenants import audit, secrets, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

# Who connects when nobody does, like the seed.
_NOBODY = Actor(audit.SYSTEM)

# Posts of a channel tell its new name.
ALLOWED_UPDATES = ["message", "callback_query", "inline_query", "my_chat_member", "channel_post"]

TelegramCall = Callable[[str, str, dict[str, Any]], Any]


def token_of(tenant_id: str, bot_id: str) -> str:
    """The bot's token in the clear; raises SecretMissing and SecretUnreadable."""
    return secrets.read(tenant_id, secrets.BOT_TOKEN, bot_id)


def webhook_of(tenant_id: str, bot_id: str) -> tuple[str, str]:
    """(the public id in the webhook's address, the webhook's secret): for handing a stored update in again."""
    with unit_of_work(tenant_id) as tx:
        row = tx.row(_sql.find_bot, tenant_id=tenant_id, bot_id=bot_id)
        if row is None:
            raise UnknownBot("There is no such bot.")
        return row["public_id"], secrets.load(tx, tenant_id, secrets.BOT_WEBHOOK_SECRET, bot_id)


def connect(tenant_id: str, token: str, *, webhook_base: str, call: TelegramCall, actor: Actor = _NOBODY) -> Bot:
    """Connects a bot to the tenant: asks Telegram who it is, stores it, registers webhook and commands.

    Connecting the same bot again keeps its secret: until Telegram has taken a new one, its calls carry the old one.
    Raises BotTaken when it belongs to another tenant, what `standing.check` raises, and the errors of `delivery.errors`
    when Telegram refuses; then nothing but the stored row has changed and it can be repeated.
    """
    me = call(token, "getMe", {})
    try:
        bot, secret = _kept(tenant_id, me, token, webhook_base, actor)
    except BotTaken:
        # Perhaps by ourselves, in another tab, since we looked: then it is known now, and renewed.
        bot, secret = _kept(tenant_id, me, token, webhook_base, actor)
    register(token, webhook_address(webhook_base, bot.public_id), secret, call=call)
    return bot


def _kept(tenant_id: str, me: Any, token: str, webhook_base: str, actor: Actor) -> tuple[Bot, str]:
    """The bot as it is stored now, and its webhook's secret; raises BotTaken."""
    with unit_of_work(tenant_id) as tx:
        known = tx.row(_sql.bot_by_telegram_id, tenant_id=tenant_id, telegram_id=me.id)
    bot_id, public_id = (str(known["id"]), known["public_id"]) if known else (ids.new_id(), ids.opaque_id())
    secret = _kept_secret(tenant_id, bot_id) or ids.opaque_id(24)
    _store(tenant_id, bot_id, public_id, me, token, secret, webhook_base, actor)
    return Bot(tenant_id=tenant_id, id=bot_id, public_id=public_id, username=me.username, state="active"), secret


def _kept_secret(tenant_id: str, bot_id: str) -> str | None:
    """The webhook's secret, or None when there is none that can be read."""
    try:
        return secrets.read(tenant_id, secrets.BOT_WEBHOOK_SECRET, bot_id)
    except (secrets.SecretMissing, crypto.SecretUnreadable):
        return None


def webhook_address(base: str, public_id: str) -> str:
    """Where Telegram hands in the updates of the bot with that public id."""
    return f"{base.rstrip('/')}/hooks/telegram-webhook/{public_id}"


def register(token: str, address: str, secret: str, *, call: TelegramCall) -> None:
    """Sets webhook and menus at Telegram; raises the errors of `delivery.errors`, and can be repeated."""
    wanted = {"url": address, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES, "max_connections": 40}
    call(token, "setWebhook", wanted)
    for language in LANGUAGES:
        # The default list is for everybody whose language is not shipped.
        of_language = {} if language == DEFAULT else {"language_code": language}
        call(token, "setMyCommands", {"commands": _menu(Texts(language)), **of_language})


def _menu(texts: Texts) -> list[tuple[str, str]]:
    return [(name, texts.say(f"command_{name}")) for name in COMMANDS]


def _store(
    tenant_id: str, bot_id: str, public_id: str, me: Any, token: str, secret: str, webhook_base: str, actor: Actor
) -> None:
    try:
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            tx.run(
                _sql.add_bot,
                tenant_id=tenant_id,
                id=bot_id,
                public_id=public_id,
                telegram_id=me.id,
                username=me.username,
                webhook_secret_hash=crypto.hash_token(secret),
                webhook_base=webhook_base,
            )
            secrets.put(tx, tenant_id, secrets.BOT_TOKEN, bot_id, token)
            secrets.put(tx, tenant_id, secrets.BOT_WEBHOOK_SECRET, bot_id, secret)
            if actor != _NOBODY:
                audit.record(tx, tenant_id, actor, "bot.connected", target=f"@{me.username}")
    except (AlreadyThere, secrets.SecretTaken) as error:
        raise BotTaken("This bot is connected elsewhere; disconnect it there first.") from error


def bot_of(row: Mapping[str, Any]) -> Bot:
    """The bot of a row of `find_bot`."""
    return Bot(
        tenant_id=str(row["tenant_id"]),
        id=str(row["id"]),
        public_id=row["public_id"],
        username=row["username"],
        state=row["state"],
        group_answer=row["group_answer"],
    )
