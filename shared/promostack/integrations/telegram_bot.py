"""Telegram's Bot API through python-telegram-bot: one request object and one event loop a process, never a getMe.

A Bot with a request of its own costs 51 ms and 1.7 MB, with the shared one 0.8 ms; `Bot.initialize()` would call getMe.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine
from functools import cache
from threading import Thread
from typing import Any

from promostack.core import config, transactions
from promostack.core.errors import PromoError, Unavailable
from promostack.delivery import errors
from promostack.delivery.models import Leased, Receipt

DEFAULT_API_BASE = "https://api.telegram.org"
CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 12.0

_METHODS_WITHOUT_CHAT = frozenset({"answerCallbackQuery"})
_ATTACHMENT_PARAMETER = {"sendPhoto": "photo", "sendDocument": "document"}
_GONE = re.compile(r"chat not found|user is deactivated|bot was (blocked|kicked)|not a member|have no rights", re.I)
_BENIGN = re.compile(r"message is not modified|query is too old|message to delete not found", re.I)
_FILE_GONE = re.compile(
    r"wrong file[_ ]id|wrong remote file|file reference|invalid file_id|failed to get http url", re.I
)


class TelegramMessenger:
    """The delivery engine's Messenger. `token_of(tenant_id, bot_id)` reads the bot's token."""

    def __init__(self, token_of: Callable[[str, str], str]) -> None:
        self._token_of = token_of

    def call(self, message: Leased, *, file_id: str | None, content: bytes | None) -> Receipt:
        """Performs the call; raises the errors of `promostack.delivery.errors`."""
        token = self._token(message)
        params = dict(message.params)
        if message.method not in _METHODS_WITHOUT_CHAT:
            params["chat_id"] = message.chat_id
        if message.attachment is not None:
            _attach(message, params, file_id if content is None else content)
        result = call(token, message.method, params)
        return Receipt(message_id=getattr(result, "message_id", None), file_id=_file_id(result))

    def _token(self, message: Leased) -> str:
        try:
            return self._token_of(message.tenant_id, message.bot_id)
        except Unavailable as error:
            raise errors.NotSent(error.message) from error
        except PromoError as error:  # unreadable, or gone: nothing can be sent for this bot until it is connected again
            raise errors.TokenRevoked("This bot's token cannot be read; connect the bot again.") from error


def call(token: str, method: str, params: dict[str, Any]) -> Any:
    """Calls one Bot API method with its own parameter names; returns python-telegram-bot's object.

    Raises the errors of `promostack.delivery.errors`.
    """
    transactions.refuse_network(f"Telegram's {method}")
    from telegram.error import TelegramError

    try:
        function = getattr(_bot(token), _snake_case(method))
        return _run(function(**params))
    except TelegramError as error:
        raise _classified(error) from error


def _attach(message: Leased, params: dict[str, Any], media: Any) -> None:
    """Puts the picture where the method wants it."""
    assert message.attachment is not None
    if message.method == "editMessageMedia":
        from telegram import InputMediaPhoto

        params["media"] = InputMediaPhoto(media=media, filename=message.attachment.filename, **params["media"])
    else:
        params[_ATTACHMENT_PARAMETER[message.method]] = media
        if isinstance(media, bytes):
            params["filename"] = message.attachment.filename


def _file_id(result: Any) -> str | None:
    photos, document = getattr(result, "photo", None), getattr(result, "document", None)
    if photos:
        return str(photos[-1].file_id)
    return str(document.file_id) if document else None


def _classified(error: Exception) -> PromoError:
    """Telegram's error as what the sender has to do. BadRequest and TimedOut are NetworkErrors too: order matters."""
    from telegram import error as telegram_errors

    text = str(error)
    if isinstance(error, telegram_errors.RetryAfter):
        return errors.SlowDown(text, retry_after_s=_seconds(error.retry_after))
    if isinstance(error, telegram_errors.ChatMigrated):
        return errors.Migrated(error.new_chat_id)
    if isinstance(error, telegram_errors.InvalidToken):
        return errors.TokenRevoked("Telegram no longer accepts this bot's token; connect the bot again.")
    if isinstance(error, telegram_errors.Forbidden) or _GONE.search(text):
        return errors.RecipientGone(text)
    if isinstance(error, telegram_errors.BadRequest):
        if _BENIGN.search(text):
            return errors.NothingToDo(text)
        return errors.FileGone(text) if _FILE_GONE.search(text) else errors.SendFailed(text)
    if isinstance(error, telegram_errors.NetworkError):
        return errors.NotSent(text) if _never_connected(error) else errors.OutcomeUnknown(text)
    return errors.SendFailed(text)


def _never_connected(error: Exception) -> bool:
    import httpx

    return isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))


def _seconds(value: Any) -> float:
    return float(value.total_seconds() if hasattr(value, "total_seconds") else value)


def _snake_case(method: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", method).lower()


def _run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(coroutine, _loop()).result()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The process's only loop: a second `asyncio.run` would break the kept client.

    It runs in a thread of its own, so that a caller whose thread has a loop already can send too.
    """
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="telegram", daemon=True).start()
    return loop


@cache
def _request() -> Any:
    from telegram.request import HTTPXRequest

    return HTTPXRequest(
        connection_pool_size=8,
        connect_timeout=CONNECT_TIMEOUT_S,
        pool_timeout=CONNECT_TIMEOUT_S,
        read_timeout=ANSWER_TIMEOUT_S,
        write_timeout=ANSWER_TIMEOUT_S,
        media_write_timeout=ANSWER_TIMEOUT_S,
        httpx_kwargs={"trust_env": False},
    )


@cache
def _bot(token: str) -> Any:
    from telegram import Bot

    base = (config.optional("TELEGRAM_API_BASE") or DEFAULT_API_BASE).rstrip("/")
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(),
        get_updates_request=_request(),
    )
