"""Telegram's Bot API through python-telegram-bot: one request object and one event loop a process, never a getMe.

A Bot with a request of its own costs 51 ms and 1.7 MB, with the shared one 0.8 ms; `Bot.initialize()` would call getMe.
What a duplicate update does not need, asyncio too, is imported when the first call is made.
"""

import re
import time
from collections.abc import Callable
from functools import cache, lru_cache
from threading import Thread
from typing import TYPE_CHECKING, Any

from promostack.core import config, crypto, transactions
from promostack.core.errors import PromoError, Unavailable
from promostack.delivery import errors
from promostack.delivery.models import Leased, Receipt
from promostack.delivery.slots import Slot
from promostack.telegram import sendable
from promostack.tenants.secrets import BOT_TOKEN

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

DEFAULT_API_BASE = "https://api.telegram.org"
CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 12.0
# All of a call: connecting, waiting for the pool, a slow upload, the answer. The lease of a row is longer.
CALL_TIMEOUT_S = 30.0
# A renewed token is noticed after this, or by the first refusal of the old one.
TOKEN_KEPT_S = 60.0
_BOTS_KEPT = 2_000

_METHODS_WITHOUT_CHAT = frozenset({"answerCallbackQuery", "answerInlineQuery"})
_ATTACHMENT_PARAMETER = {"sendPhoto": "photo", "sendDocument": "document"}
_GONE = re.compile(
    r"chat not found|user is deactivated|bot was (blocked|kicked)|not a member|have no rights"
    r"|need administrator rights in the channel|CHAT_ADMIN_REQUIRED|CHAT_(WRITE|SEND_[A-Z]+)_FORBIDDEN"
    r"|not enough rights to (send|post)",
    re.I,
)
# python-telegram-bot's words for a refusal without a `description`: a page of somebody in between, not Telegram's word.
_UNTOLD = re.compile(r"[A-Za-z' -]+ \([0-9]{3}\)($|\.)")
_BENIGN = re.compile(r"message is not modified|query is too old|message to delete not found", re.I)
_FILE_GONE = re.compile(
    r"wrong file[_ ]id|wrong remote file|file reference|invalid file_id|failed to get http url", re.I
)
_PICTURE_REFUSED = re.compile(
    r"PHOTO_INVALID_DIMENSIONS|too (big|large) for a photo|photo.* too (big|large)|Entity Too Large", re.I
)


class TelegramMessenger:
    """The delivery engine's Messenger. `token_of(tenant_id, bot_id)` reads a bot's token; it is kept for a while."""

    def __init__(self, token_of: Callable[[str, str], str]) -> None:
        self._token_of = token_of
        self._tokens: dict[str, tuple[str, float]] = {}

    def prepare(self) -> None:
        """Imports the library and makes its client and loop, before the first call takes a slot."""
        from telegram import Bot  # noqa: F401, the import is the work

        _request()
        _loop()

    def call(self, message: Leased, *, file_id: str | None, content: bytes | None) -> Receipt:
        """Performs the call now; raises the errors of `promostack.delivery.errors`."""
        slot = Slot(time.monotonic())
        return self.start(message, file_id=file_id, content=content, slot=slot).result()

    def start(self, message: Leased, *, file_id: str | None, content: bytes | None, slot: Slot) -> "Future[Receipt]":
        """Performs the call in the slot's moment; the future fails with the errors of `promostack.delivery.errors`."""
        import asyncio
        from concurrent.futures import Future

        transactions.refuse_network(f"Telegram's {message.method}")
        try:
            if problem := sendable.problem_of(message.params):
                raise errors.SendFailed(problem)
            token, is_fresh = self._token(message)
        except PromoError as error:
            failed: Future[Receipt] = Future()
            failed.set_exception(error)
            return failed
        media = file_id if content is None else content
        return asyncio.run_coroutine_threadsafe(self._in_slot(token, is_fresh, message, media, slot), _loop())

    async def _in_slot(
        self, token: str, is_fresh: bool, message: Leased, media: str | bytes | None, slot: Slot
    ) -> Receipt:
        import asyncio

        params = dict(message.params)
        if message.method not in _METHODS_WITHOUT_CHAT:
            params["chat_id"] = message.chat_id
        if message.attachment is not None:
            _attach(message, params, media)
        await asyncio.sleep(slot.wait_s())
        slot.enter()
        try:
            result = await _performed(token, message.method, params)
        except errors.TokenRevoked as error:
            self._tokens.pop(message.bot_id, None)
            if is_fresh:
                refused = crypto.fingerprints(token, purpose=BOT_TOKEN.name).values()
                raise errors.TokenRevoked(error.message, refused=refused) from error
            # It may have been renewed since it was read: the next try, with the one stored now, tells.
            raise errors.NotSent(error.message) from error
        return Receipt(message_id=getattr(result, "message_id", None), file_id=_file_id(result))

    def _token(self, message: Leased) -> tuple[str, bool]:
        """The bot's token, and whether it has just been read."""
        kept = self._tokens.get(message.bot_id)
        if kept and kept[1] > time.monotonic():
            return kept[0], False
        try:
            token = self._token_of(message.tenant_id, message.bot_id)
        except Unavailable as error:
            raise errors.NotSent(error.message) from error
        except PromoError as error:  # unreadable, or gone: nothing can be sent for this bot until it is connected again
            raise errors.TokenRevoked("This bot's token cannot be read; connect the bot again.") from error
        self._tokens[message.bot_id] = token, time.monotonic() + TOKEN_KEPT_S
        return token, True


def call(token: str, method: str, params: dict[str, Any]) -> Any:
    """Calls one Bot API method with its own parameter names; returns python-telegram-bot's object.

    Raises the errors of `promostack.delivery.errors`.
    """
    import asyncio

    transactions.refuse_network(f"Telegram's {method}")
    return asyncio.run_coroutine_threadsafe(_performed(token, method, params), _loop()).result()


async def _performed(token: str, method: str, params: dict[str, Any]) -> Any:
    """One call, from a coroutine of the process's loop."""
    import asyncio

    from telegram.error import TelegramError

    try:
        request = getattr(_bot(token), _snake_case(method))(**params)
    except (AttributeError, TypeError) as error:
        raise errors.SendFailed(f"{method} cannot be called like this: {error}") from error
    try:
        return await asyncio.wait_for(request, CALL_TIMEOUT_S)
    except TimeoutError as error:
        raise errors.OutcomeUnknown(f"{method} got no answer within {CALL_TIMEOUT_S:g} s") from error
    except TelegramError as error:
        raise _classified(error) from error
    except Exception as error:  # JSON of another shape than the library expects: somebody has taken the call
        raise errors.OutcomeUnknown(f"{method} got an answer that cannot be read: {error!r}") from error


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
    if type(error) is telegram_errors.TelegramError:  # a success whose body cannot be read
        return errors.OutcomeUnknown(text)
    if isinstance(error, _refusals()) and _UNTOLD.match(text):
        return errors.NotSent(text)
    if isinstance(error, telegram_errors.RetryAfter):
        return errors.SlowDown(text, retry_after_s=_seconds(error.retry_after))
    if isinstance(error, telegram_errors.ChatMigrated):
        return errors.Migrated(error.new_chat_id)
    if isinstance(error, telegram_errors.InvalidToken):
        return errors.TokenRevoked("Telegram no longer accepts this bot's token; connect the bot again.")
    if isinstance(error, telegram_errors.Forbidden) or (_GONE.search(text) and not _UNTOLD.match(text)):
        return errors.RecipientGone(text)
    if _PICTURE_REFUSED.search(text):
        return errors.PictureRefused(text)
    if isinstance(error, telegram_errors.BadRequest):
        if _BENIGN.search(text):
            return errors.NothingToDo(text)
        return errors.FileGone(text) if _FILE_GONE.search(text) else errors.SendFailed(text)
    if isinstance(error, telegram_errors.NetworkError):
        return errors.NotSent(text) if _never_connected(error) else errors.OutcomeUnknown(text)
    return errors.SendFailed(text)


@cache
def _refusals() -> tuple[type[Exception], ...]:
    """What the library makes of 400, 401, 403, 404 and 409, whoever answered."""
    from telegram import error as told

    return told.BadRequest, told.InvalidToken, told.Forbidden, told.Conflict


def _never_connected(error: Exception) -> bool:
    import httpx

    return isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))


def _seconds(value: Any) -> float:
    return float(value.total_seconds() if hasattr(value, "total_seconds") else value)


def _snake_case(method: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", method).lower()


@cache
def _loop() -> "asyncio.AbstractEventLoop":
    """The process's only loop: a second `asyncio.run` would break the kept client.

    It runs in a thread of its own, so that a caller whose thread has a loop already can send too.
    """
    import asyncio

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


@lru_cache(_BOTS_KEPT)
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
