"""Channels: how a bot gets into one, who may post there, what happens when it loses its rights and when it is back."""

from collections.abc import Mapping
from typing import Any

from promostack.analytics import events
from promostack.core import ids
from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.errors import RecipientGone
from promostack.delivery.models import Kind, Leased, Message
from promostack.telegram.incoming import ChannelNews
from promostack.telegram.models import Answer, Bot
from promostack.telegram.post_models import Broken, Channel
from promostack.telegram.talk import buttons, message
from promostack.telegram.texts import Texts

_sql = load(__package__)

MOST_CHANNELS = 100
# Who connected a channel from the dashboard: no person in Telegram has this number.
NOBODY = 0
# What waits for a channel waits as long as its owner lets it: he sees it and may cancel it.
_HELD_WITHIN_S = 10 * 365 * 86_400.0


def connect_link(bot_username: str) -> str:
    """One tap: Telegram asks which channel, and for exactly the rights that posting needs."""
    return f"https://t.me/{bot_username}?startchannel&admin=post_messages+edit_messages"


def list_channels(
    tx: Transaction,
    tenant_id: str,
    *,
    of_bot: str | None = None,
    of_person: int | None = None,
    only: str | None = None,
) -> list[Channel]:
    """By title: the tenant's, those of one bot, those that one person connected, or one."""
    rows = tx.rows(
        _sql.list_channels,
        tenant_id=tenant_id,
        of_bot=of_bot,
        of_person=of_person,
        only_id=only,
        gone=RecipientGone.code,
        most=MOST_CHANNELS,
    )
    return [Channel(**{**row, "id": str(row["id"]), "bot_id": str(row["bot_id"])}) for row in rows]


def connect_links(tx: Transaction, tenant_id: str) -> list[tuple[str, str]]:
    """(a bot's name, where its channels are connected) of each bot of the tenant."""
    rows = tx.rows(_sql.list_bot_names, tenant_id=tenant_id)
    return [(row["username"], connect_link(row["username"])) for row in rows]


def hold(tx: Transaction, tenant_id: str, channel_id: str) -> Channel | None:
    """The channel, with everybody else who changes it or its posts kept waiting until the transaction ends."""
    if tx.value(_sql.hold_channel, tenant_id=tenant_id, id=channel_id) is None:
        return None
    return list_channels(tx, tenant_id, only=channel_id)[0]


def note(tx: Transaction, bot: Bot, news: ChannelNews, update_id: int) -> bool:
    """Keeps what an update says of a channel; False when it says nothing that counts, or is older than what is known.

    Posts that wait for a channel are held while the bot may not post, and due again when it may.
    """
    named = {
        "tenant_id": bot.tenant_id,
        "bot_id": bot.id,
        "chat_id": news.chat_id,
        "title": news.title,
        "username": news.username,
        "told_at": news.at,
    }
    if news.by is None:
        tx.run(_sql.rename_channel, **named)
        return False
    if news.lacks == "removed":
        channel_id = tx.value(_sql.close_channel, **named, told_update=update_id)
    else:
        channel_id = tx.value(
            _sql.open_channel,
            **named,
            id=ids.new_id(),
            connected_by=news.by,
            broken=news.lacks or None,
            told_update=update_id,
        )
    if channel_id is None:
        return False
    where: dict[str, Any] = {"bot_id": bot.id, "chat_id": news.chat_id}
    if news.lacks:
        outbox.recipient_is_gone(tx, bot.tenant_id, **where)
    else:
        outbox.recipient_is_back(tx, bot.tenant_id, **where, within_s=_HELD_WITHIN_S)
    kind = "channel_lost" if news.lacks else "channel_connected"
    events.record(tx, bot.tenant_id, kind, **where, user_id=news.by, data={})
    return True


def connect_known(tx: Transaction, bot: Bot, chat_id: int, title: str, username: str | None) -> Channel:
    """A channel that was looked up and in which the bot may post, from the dashboard: nobody's in Telegram.

    What waits for it is due again. News of the same second that an update tells counts more.
    """
    # Telegram tells moments by whole seconds.
    told_at = tx.value(_sql.post_moment, wanted_when="now", zone="UTC").replace(microsecond=0)
    where: dict[str, Any] = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "chat_id": chat_id}
    names = {"title": title, "username": username}
    tx.run(
        _sql.open_channel,
        **where,
        **names,
        id=ids.new_id(),
        connected_by=NOBODY,
        broken=None,
        told_at=told_at,
        told_update=0,
    )
    outbox.recipient_is_back(tx, bot.tenant_id, bot_id=bot.id, chat_id=chat_id, within_s=_HELD_WITHIN_S)
    return next(each for each in list_channels(tx, bot.tenant_id, of_bot=bot.id) if each.chat_id == chat_id)


def tell_person(
    tx: Transaction, bot: Bot, news: ChannelNews, update_id: int, own_texts: Mapping[str, Mapping[str, str]], lease: str
) -> list[Leased]:
    """Tells whoever changed the bot's place what follows from it, when he talks with the bot; the rows are leased."""
    assert news.by is not None
    chat_id = tx.value(_sql.find_person, tenant_id=bot.tenant_id, bot_id=bot.id, user_id=news.by)
    if chat_id is None:
        return []
    texts = Texts(news.language, own_texts.get(news.language, {}))
    answer = told(texts, news.title, "removed" if news.lacks == "removed" else "no_rights", bot.username)
    if not news.lacks:
        answer = message(texts.say("channel_connected", channel=news.title))
    row = Message(chat_id, Kind.INTERACTIVE, answer.method, answer.params, f"{bot.id}:{update_id}:channel")
    return outbox.enqueue(tx, [row], tenant_id=bot.tenant_id, bot_id=bot.id, lease_token=lease)


def told(texts: Texts, title: str, broken: Broken, bot_username: str) -> Answer:
    """What is wrong with a channel, what to do about it, and the button that does it."""
    add = [{"text": texts.say("channel_add"), "url": connect_link(bot_username)}]
    return message(texts.say(f"channel_{broken}", channel=title), reply_markup=buttons(add))
