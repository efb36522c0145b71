"""Everything that the simulated Telegram remembers: bots, people, chats, messages. Plain data, no calls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .feed import Feed
from .files import FileStore

DEFAULT_UPDATES_EXCLUDE = ("chat_member", "message_reaction", "message_reaction_count")
# `flood` is off: only a test that is about Telegram's limits should meet them.
DEFAULT_SETTINGS = {"latency_s": 0.0, "latency_jitter_s": 0.0, "recompress_photos": True, "flood": False,
                    "double_share": 0.0, "overtaken_share": 0.0, "deaf_share": 0.0}  # fmt: skip


@dataclass
class Webhook:
    """url "" means none. allowed_updates None means the vendor's default."""

    url: str = ""
    secret_token: str = ""
    allowed_updates: list[str] | None = None
    max_connections: int = 40
    last_error_at: float = 0
    last_error: str = ""
    gone_since: float = 0

    def allows(self, kind: str) -> bool:
        return kind in self.allowed_updates if self.allowed_updates else kind not in DEFAULT_UPDATES_EXCLUDE


@dataclass
class Update:
    """One update on its way. `queue` orders it; `attempts` are {"at","status","error","ms"}."""

    id: int
    kind: str
    payload: dict[str, Any]
    queue: str
    expires_at: float
    due_at: float
    delay_s: int = 1
    fails: int = 0
    state: str = "pending"
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.payload}


# What a bot's owner sets at BotFather: /setinline, /setinlinefeedback, /setprivacy, and managing other bots.
BOT_SWITCHES = ("has_inline", "has_inline_feedback", "has_privacy", "can_manage_bots")


@dataclass
class Bot:
    id: int
    token: str
    username: str
    first_name: str
    revoked: bool = False
    can_manage_bots: bool = False
    next_update_id: int = 0
    next_message_id: int = 1
    gate_until: float = 0
    manager: int | None = None
    owner: int | None = None
    last_update_at: float = 0
    has_inline: bool = True
    has_inline_feedback: bool = True
    has_privacy: bool = True
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    menu_button: dict[str, Any] = field(default_factory=lambda: {"type": "commands"})
    webhook: Webhook = field(default_factory=Webhook)
    updates: dict[int, Update] = field(default_factory=dict)

    def pending(self) -> list[Update]:
        return [update for update in self.updates.values() if update.state == "pending"]

    def as_user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


@dataclass
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    deactivated: bool = False

    def as_user(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, **self._names(), "language_code": self.language_code}

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", **self._names()}

    def _names(self) -> dict[str, str]:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in names.items() if value}


@dataclass
class Chat:
    """A channel, group or supergroup. members: id → a ChatMember without its user, at least {"status"}."""

    id: int
    type: str
    title: str
    username: str = ""
    members: dict[int, dict[str, Any]] = field(default_factory=dict)
    next_message_id: int = 1
    migrated_to: int | None = None
    deleted: bool = False

    def as_chat(self) -> dict[str, Any]:
        names = {"title": self.title, "username": self.username}
        return {"id": self.id, "type": self.type, **{key: value for key, value in names.items() if value}}

    def status_of(self, member_id: int) -> str:
        return str(self.members.get(member_id, {}).get("status", "none"))


@dataclass
class Stored:
    """A message as the Bot API shows it, what only the reader's screen has (the reply keyboard), and who wrote it.

    unique is the file's key in the FileStore, "" for texts; author is a bot's or a user's id; via_bot and inline_id
    tell of a message that a person sent by choosing a bot's inline result.
    """

    message: dict[str, Any]
    author: int
    keyboard: dict[str, Any] | None = None
    unique: str = ""
    via_bot: int | None = None
    inline_id: str = ""


@dataclass
class Thread:
    """The messages of one chat. A private chat is one thread for each bot."""

    key: str
    chat_id: int
    bot_id: int | None
    started: bool = False
    blocked: bool = False
    messages: dict[int, Stored] = field(default_factory=dict)


@dataclass
class CallbackQuery:
    """A pressed button, or a typed inline query with its text, that waits for its answer."""

    id: str
    bot_id: int
    user_id: int
    created_at: float
    answer: dict[str, Any] | None = None
    text: str = ""


def random_update_id() -> int:
    return 100_000_000 + secrets.randbelow(800_000_000)


def _new_token(bot_id: int) -> str:
    return f"{bot_id}:{secrets.token_urlsafe(26)[:35]}"


class World:
    """The whole state, and the ways to find things in it."""

    def __init__(self, files: FileStore) -> None:
        self.files = files
        self.clock = Clock()
        self.feed = Feed(secrets.token_hex(6))
        self.clear()

    def clear(self) -> None:
        self.bots: dict[int, Bot] = {}
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.threads: dict[str, Thread] = {}
        self.callbacks: dict[str, CallbackQuery] = {}
        self.settings: dict[str, Any] = dict(DEFAULT_SETTINGS)

    def bot_by_token(self, token: str) -> Bot | None:
        return next((bot for bot in self.bots.values() if bot.token == token), None)

    def add_bot(self, data: dict[str, Any]) -> Bot:
        """Adds or finds the bot of that token; without one a token is made. The number before `:` is the bot's id."""
        token = str(data.get("token") or "")
        bot_id = int(token.split(":")[0]) if token else int(data.get("id") or self._free_bot_id())
        token = token or _new_token(bot_id)
        bot = self.bots.get(bot_id)
        if bot is None:
            username = str(data.get("username") or f"demo_{bot_id}_bot")
            bot = Bot(bot_id, token, username, str(data.get("first_name") or username))
            bot.next_update_id = random_update_id()
            self.bots[bot_id] = bot
        bot.token, bot.revoked = token, False
        bot.username = str(data.get("username") or bot.username)
        bot.first_name = str(data.get("first_name") or bot.first_name)
        for switch in BOT_SWITCHES:
            setattr(bot, switch, bool(data.get(switch, getattr(bot, switch))))
        return bot

    def replace_token(self, bot: Bot) -> None:
        """As the owner does it at BotFather: the old token is worth nothing from now on."""
        bot.token, bot.revoked = _new_token(bot.id), False

    def _free_bot_id(self) -> int:
        return max([5_000_000_000, *self.bots]) + 1

    def add_user(self, data: dict[str, Any]) -> User:
        user_id = int(data.get("id") or max([700_000_000, *self.users]) + 1)
        fields = {key: value for key, value in data.items() if key in User.__dataclass_fields__ and key != "id"}
        known = self.users.get(user_id)
        user = known or User(user_id, str(fields.get("first_name") or f"User {user_id}"))
        for name, value in fields.items():
            setattr(user, name, value)
        self.users[user_id] = user
        return user

    def private_thread(self, bot: Bot, user_id: int) -> Thread:
        key = f"{bot.id}:{user_id}"
        return self.threads.setdefault(key, Thread(key, user_id, bot.id))

    def chat_thread(self, chat: Chat) -> Thread:
        return self.threads.setdefault(str(chat.id), Thread(str(chat.id), chat.id, None))

    def chat_json(self, thread: Thread) -> dict[str, Any]:
        if thread.bot_id is None:
            return self.chats[thread.chat_id].as_chat()
        return self.users[thread.chat_id].as_chat()

    def take_message_id(self, thread: Thread) -> int:
        owner = self.chats[thread.chat_id] if thread.bot_id is None else self.bots[thread.bot_id]
        owner.next_message_id += 1
        return owner.next_message_id - 1

    def changed(self, kind: str, **details: Any) -> None:
        """Tells followers, the snapshot among them."""
        self.feed.publish(kind, **details)
