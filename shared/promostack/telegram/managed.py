"""A bot that its owner makes with two taps: Telegram gives its token to the platform's own bot, which may manage bots.

The first tap opens `t.me/newbot/…` with a username filled in that only this workspace is offered, the second makes the
bot. Telegram then tells the platform's bot who was made, and by that username we know for whom. Updates are fetched,
so that the platform's bot needs no address of its own: the newest hundred, none of them confirmed, because another
workspace's may be among them; Telegram drops them after 24 hours.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from promostack.core import crypto
from promostack.core.errors import NotFound
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery.errors import NotSent, OutcomeUnknown, SendFailed, SlowDown, TokenRevoked
from promostack.telegram import bot_care
from promostack.telegram.bots import TelegramCall
from promostack.telegram.connecting import Connecting
from promostack.telegram.models import Bot
from promostack.telegram.texts import LANGUAGES, Texts
from promostack.tenants import standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

_NEWEST = -100
_PURPOSE = "bot.managed_name"
_AWAY = (SendFailed, SlowDown, NotSent, OutcomeUnknown)


class NotOffered(NotFound):
    """The platform has no bot that manages others."""

    code = "managed_bots_off"


class Managed:
    """`manager` gives the token of the platform's bot, None without one; `connecting` connects what was made."""

    def __init__(self, call: TelegramCall, connecting: Connecting, *, manager: Callable[[], str | None]) -> None:
        self._call = call
        self._connecting = connecting
        self._manager = manager
        self._manager_name: str | None = None

    def offer(self, tenant_id: str) -> str:
        """The address that the first tap opens. Raises NotOffered and TelegramAway."""
        token = self._token()
        try:
            self._manager_name = self._manager_name or self._call(token, "getMe", {}).username
        except _AWAY as error:
            raise _away(error) from error
        name, usernames = _suggested(tenant_id)
        return f"https://t.me/newbot/{self._manager_name}/{usernames[0]}?name={quote(name[:64])}"

    def look(self, tenant_id: str, *, actor: Actor) -> Bot | None:
        """Connects the bot that was made, with webhook, menu and description; None while there is none.

        Raises NotOffered and what `Connecting.connect_bot` raises; it can be repeated.
        """
        token = self._token()
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
        _, wanted = _suggested(tenant_id)
        made = next((each for each in self._made(token) if each.username.lower() in wanted), None)
        if made is None:
            return None
        try:
            its_token = self._call(token, "getManagedBotToken", {"user_id": made.id})
        except _AWAY as error:
            raise _away(error) from error
        # Before it is known here: whoever finishes a bot that was stopped half-way finds it described.
        self._describe(its_token)
        return self._connecting.connect_bot(tenant_id, its_token, actor=actor)

    def _token(self) -> str:
        token = self._manager()
        if token is None:
            raise NotOffered("Bots cannot be made from here; paste a token.")
        return token

    def _made(self, token: str) -> list[Any]:
        """Bots that were made lately, for whomever."""
        asked = {"offset": _NEWEST, "timeout": 0, "allowed_updates": ["managed_bot"]}
        try:
            updates = self._call(token, "getUpdates", asked)
        except _AWAY as error:
            raise _away(error) from error
        return [update.managed_bot.bot for update in updates if update.managed_bot is not None]

    def _describe(self, token: str) -> None:
        """What people read before they start it; a bot without one works as well."""
        for language in LANGUAGES:
            of_language = {} if language == "en" else {"language_code": language}
            try:
                self._call(token, "setMyDescription", {"description": Texts(language).say("welcome"), **of_language})
            except _AWAY:
                return


def _suggested(tenant_id: str) -> tuple[str, tuple[str, ...]]:
    """(name, usernames) of the workspace's next bot: nobody else is offered these, and they cannot be guessed.

    A username for each key that is known now, the current one's first.
    """
    with unit_of_work(tenant_id) as tx:
        row = tx.row(_sql.next_bot, tenant_id=tenant_id)
    assert row is not None
    made = crypto.fingerprints(f"{tenant_id}|{row['number']}", purpose=_PURPOSE)
    return str(row["name"]), tuple(f"promo_{each[:14]}_bot" for each in made.values())


def _away(error: Exception) -> Exception:
    """The platform's own bot is in trouble: nothing that the workspace's people could mend."""
    if isinstance(error, (TokenRevoked, SendFailed)):
        return bot_care.TelegramAway("Telegram does not tell about new bots now; paste the token instead.")
    return bot_care.TelegramAway("Telegram does not answer now; try again in a minute.", retry_after_s=30)
