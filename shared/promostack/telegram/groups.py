"""Groups: the bot works in private chats; spoken to in a group it leads there or is silent, as its owner has chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.telegram.models import Bot
from promostack.telegram.talk import buttons, message
from promostack.telegram.texts import COMMANDS, Texts, language_of

_sql = load(__package__)

# However many speak to the bot: one line leads all of them, and the group is not flooded.
QUIET_S = 60.0


@dataclass(frozen=True)
class Spoken:
    """Somebody spoke to the bot in a group."""

    chat_id: int
    message_id: int
    language: str


def parse(payload: Mapping[str, Any], bot: Bot) -> Spoken | None:
    """A command, a mention or a reply that is meant for the bot, when it may answer; None for all else."""
    said = payload.get("message")
    if bot.group_answer != "polite" or not said or said["chat"]["type"] not in ("group", "supergroup"):
        return None
    person = said.get("from", {})
    if person.get("is_bot") or "via_bot" in said or not _is_meant(said, bot.username.lower()):
        return None
    return Spoken(said["chat"]["id"], said["message_id"], language_of(person.get("language_code")))


def answer(
    tx: Transaction, bot: Bot, spoken: Spoken, update_id: int, own_texts: Mapping[str, Mapping[str, str]], lease: str
) -> list[Leased]:
    """Stores the line that leads into the private chat, unless the group has had one within a minute."""
    where = {"tenant_id": bot.tenant_id, "bot_id": bot.id, "chat_id": spoken.chat_id}
    if tx.value(_sql.answered_lately, **where, within_s=QUIET_S):
        return []
    texts = Texts(spoken.language, own_texts.get(spoken.language, {}))
    lead = [{"text": texts.say("group_open"), "url": f"https://t.me/{bot.username}"}]
    # Whoever asked may have deleted his words meanwhile.
    reply = {"message_id": spoken.message_id, "allow_sending_without_reply": True}
    said = message(texts.say("group_polite"), reply_markup=buttons(lead), reply_parameters=reply)
    row = Message(spoken.chat_id, Kind.INTERACTIVE, said.method, said.params, f"{bot.id}:{update_id}:group")
    return outbox.enqueue(tx, [row], tenant_id=bot.tenant_id, bot_id=bot.id, lease_token=lease)


def _is_meant(said: Mapping[str, Any], username: str) -> bool:
    text = str(said.get("text") or said.get("caption") or "").lower()
    command = re.match(r"/(\w+)(?:@(\w+))?", text)
    if command:
        # A command without a name reaches every bot of the group: ours are those of the menu.
        return command[2] == username if command[2] else command[1] in COMMANDS
    if re.search(rf"(?<!\w)@{re.escape(username)}(?!\w)", text):
        return True
    author = said.get("reply_to_message", {}).get("from", {})
    return str(author.get("username", "")).lower() == username
