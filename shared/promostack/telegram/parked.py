"""Updates that failed three times and were set aside: looked at, and tried again when their cause is mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promostack.core.errors import NotFound
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.delivery import reading
from promostack.telegram.held import FRESH_S
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

_MOST_TEXT = 200
# What the parts of an update are called, in the order in which they are looked for.
_KINDS = {
    "message": "message",
    "callback_query": "tap",
    "inline_query": "inline",
    "my_chat_member": "membership",
    "channel_post": "channel",
}
Place = tuple[datetime, str, int]


class UpdateNotFound(NotFound):
    """No update of the tenant has that id."""

    code = "update_not_found"


@dataclass(frozen=True)
class Parked:
    """An update that nobody answered. `is_stale`: nobody expects an answer to it any more."""

    bot_id: str
    update_id: int
    bot: str
    kind: str
    person: int | None
    name: str | None
    text: str
    attempts: int
    error: str | None
    received_at: datetime
    is_stale: bool

    @property
    def id(self) -> str:
        """Telegram counts updates for each bot."""
        return f"{self.bot_id}:{self.update_id}"

    @property
    def place(self) -> Place:
        return self.received_at, self.bot_id, self.update_id


def list_parked(tenant_id: str, *, bot_id: str | None, after: Place | None, limit: int) -> list[Parked]:
    """The newest first; `after` is the place of the last one of the page before."""
    at, bot, update_id = after or (None, None, None)
    with unit_of_work(tenant_id) as tx:
        names = {each.id: each.username for each in reading.list_bots(tx, tenant_id)}
        rows = tx.rows(
            _sql.page_of_parked,
            tenant_id=tenant_id,
            of_bot=bot_id,
            before_at=at,
            before_bot=bot,
            before_update=update_id,
            fresh_s=FRESH_S,
            most=limit,
        )
    return [_parked(row, names) for row in rows]


def retry(tenant_id: str, wanted: Sequence[tuple[str, int]], actor: Actor) -> int:
    """Hands updates, named by bot and number, to the next tick; returns how many: not those that are too old.

    Raises UpdateNotFound.
    """
    changed = 0
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        for bot_id, update_id in sorted(set(wanted)):
            key = {"tenant_id": tenant_id, "bot_id": bot_id, "update_id": update_id}
            if tx.value(_sql.update_state, **key) is None:
                raise UpdateNotFound("There is no such update.")
            changed += tx.run(_sql.retry_update, **key, fresh_s=FRESH_S)
        if changed:
            target = f"{wanted[0][0]}:{wanted[0][1]}" if len(wanted) == 1 else ""
            audit.record(tx, tenant_id, actor, "inbox.retried", target=target, data={"updates": changed})
    return changed


def _parked(row: dict[str, Any], names: Mapping[str, str]) -> Parked:
    payload, bot_id = row["payload"], str(row["bot_id"])
    part = next((name for name in _KINDS if name in payload), "")
    told = payload.get(part) or {}
    person = told.get("from") or {}
    text = told.get("text") or told.get("caption") or told.get("data") or told.get("query") or ""
    return Parked(
        bot_id=bot_id,
        update_id=row["update_id"],
        bot=names[bot_id],
        kind=_KINDS.get(part, "other"),
        person=person.get("id"),
        name=person.get("username") or person.get("first_name"),
        text=str(text)[:_MOST_TEXT],
        attempts=row["attempts"],
        error=row["last_error"],
        received_at=row["received_at"],
        is_stale=row["is_stale"],
    )
