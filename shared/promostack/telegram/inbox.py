"""Taking an update: whose it is, whether the call knows the secret, whether somebody has handled it before.

All that most calls of a busy day need, so it imports nothing else: a duplicate costs one connection and two short
transactions, also in a fresh process.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from promostack.core import crypto, ids
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.telegram.errors import UnknownBot, UpdateBusy, WrongSecret
from promostack.telegram.held import FRESH_S

if TYPE_CHECKING:
    from promostack.telegram.updates import UpdateHandler

_sql = load(__package__)

# Longer than a web call may take, so that two invocations never work on one update.
LEASE_S = 31
_REFUSED, _MARK = re.compile("[\x00\ud800-\udfff]"), "\ufffd"


class Taken(NamedTuple):
    """An update under our lease. `bot` is its row; `attempts` count this one; `is_stale`: too old to be answered."""

    bot: Mapping[str, Any]
    update_id: int
    lease_token: str
    attempts: int
    is_stale: bool


class Inbox:
    """Telegram's updates as they come in. `handler` is made for the first one that has to be handled."""

    def __init__(self, handler: "Callable[[], UpdateHandler]") -> None:
        self._handler = handler

    def receive(self, public_id: str, secret: str, payload: Mapping[str, Any], update_id: int) -> str:
        """Handles one update; returns what became of it: `done`, `duplicate`, `ignored`, `parked` or `held`.

        Characters that the database does not take are replaced: it would refuse the update at each delivery. Raises
        UnknownBot, WrongSecret, UpdateBusy (deliver again later) and whatever made the handling fail; then the
        update is waiting in the inbox.
        """
        kept = _as_keepable(payload)
        taken = _take(public_id, secret, kept, update_id)
        return taken if isinstance(taken, str) else self._handler().handle(taken, kept)


def _take(public_id: str, secret: str, payload: Mapping[str, Any], update_id: int) -> Taken | str:
    """Stores the update under our lease; `duplicate` when it was handled before, `held` while its tenant is suspended.

    A held one comes up on the day on which the tenant is back; the tick hands it in then.
    """
    tenant_id, bot_id = _route(public_id)
    key = {"tenant_id": tenant_id, "bot_id": bot_id, "update_id": update_id}
    with unit_of_work(tenant_id) as tx:
        bot = _known_bot(tx, tenant_id, bot_id, secret)
        if bot["state"] == "suspended":
            tx.run(_sql.hold_update, **key, payload=json.dumps(payload))
            return "held"
        lease = {"lease_s": LEASE_S, "lease_token": ids.opaque_id(), "fresh_s": FRESH_S}
        if taken := tx.row(_sql.take_update, **key, payload=json.dumps(payload), **lease):
            return Taken(bot, update_id, str(lease["lease_token"]), taken["attempts"], taken["is_stale"])
        if tx.value(_sql.update_state, **key) in ("leased", "waiting"):
            raise UpdateBusy("This update is being handled.", retry_after_s=5)
        return "duplicate"


def _as_keepable(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The update with a mark in place of each NUL and each half of a character, which jsonb refuses."""
    # Most updates hold neither; an emoji is written as two halves and looked at more closely.
    written = json.dumps(payload)
    if "\\u0000" not in written and "\\ud" not in written:
        return payload
    return {_REFUSED.sub(_MARK, name): _with_marks(value) for name, value in payload.items()}


def _with_marks(value: Any) -> Any:
    if isinstance(value, str):
        return _REFUSED.sub(_MARK, value)
    if isinstance(value, list):
        return [_with_marks(each) for each in value]
    if isinstance(value, dict):
        return {_REFUSED.sub(_MARK, name): _with_marks(each) for name, each in value.items()}
    return value


def _route(public_id: str) -> tuple[str, str]:
    """(tenant, bot) behind a webhook's address."""
    with unit_of_work(None) as tx:
        route = tx.row(_sql.route_bot, public_id=public_id)
    if route is None:
        raise UnknownBot("There is no bot at this address.")
    return str(route["tenant_id"]), str(route["bot_id"])


def _known_bot(tx: Transaction, tenant_id: str, bot_id: str, secret: str) -> Mapping[str, Any]:
    """The bot's row, for whoever knows the secret that it was registered with."""
    bot = tx.row(_sql.find_bot, tenant_id=tenant_id, bot_id=bot_id)
    if bot is None:
        raise UnknownBot("There is no bot at this address.")
    if not crypto.is_same(crypto.hash_token(secret), bot["webhook_secret_hash"]):
        raise WrongSecret("The secret of this webhook does not match.")
    return bot
