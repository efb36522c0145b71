"""A tenant's deletion: asked for, held off for two weeks, undone or done. Nothing of it is left, rows or files.

Killed anywhere it goes on where it was: each step leaves a state from which the same steps finish. Telegram is told
first, so that nothing more comes in; then go the files, then the rows, tables that others refer to last, and in the end
the tenant itself. What the platform keeps is a line that says how much went, without a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from promostack.core import log
from promostack.core.clock import Clock
from promostack.core.errors import Unavailable
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.leaving import exports
from promostack.leaving.errors import AlreadyClosing, NameDiffers, NotClosing
from promostack.leaving.models import Erasure, Leaving, export_of
from promostack.leaving.ports import Files, Unhook
from promostack.tenants import audit, standing
from promostack.tenants.audit import PLATFORM, Actor
from promostack.tenants.errors import TenantNotFound

DELAY = timedelta(days=14)
# So long a Telegram that does not answer holds a deletion up; afterwards the webhook's address leads nowhere anyway.
MOST_PATIENCE = timedelta(days=1)
_BATCH = 2_000

_sql = load(__package__)
_log = log.get("leaving")


def read(tenant_id: str) -> Leaving:
    """What becomes of the tenant; raises TenantNotFound."""
    with unit_of_work(tenant_id) as tx:
        row = tx.row(_sql.find_leaving, tenant_id=tenant_id)
        if row is None:
            raise TenantNotFound("There is no such account.")
        made = tx.rows(_sql.list_exports, tenant_id=tenant_id, most=exports.LATEST)
        erased = tx.rows(_sql.list_erasures, tenant_id=tenant_id, most=exports.LATEST)
    return Leaving(row["name"], row["erase_at"], tuple(map(export_of, made)), tuple(Erasure(**each) for each in erased))


def close(tenant_id: str, *, name: str | None, actor: Actor, now: datetime, reason: str = "") -> datetime:
    """Stops the tenant at once and asks for its deletion in two weeks, with an export before; returns when.

    `name` is what its owner has typed; the platform's people type none. Raises NameDiffers, AlreadyClosing,
    TenantNotFound, and what `standing.check` raises.
    """
    erase_at = now + DELAY
    with unit_of_work(tenant_id) as tx:
        row = tx.row(_sql.hold_leaving, tenant_id=tenant_id)
        if row is None:
            raise TenantNotFound("There is no such tenant.")
        standing.check(tx, tenant_id, actor, while_closing=True)
        if row["state"] == "closing":
            raise AlreadyClosing
        if name is not None and name.strip() != row["name"]:
            raise NameDiffers
        tx.run(_sql.close, tenant_id=tenant_id, erase_at=erase_at)
        told = {"erase_at": erase_at.isoformat(), **({"reason": reason} if reason else {})}
        audit.record(tx, tenant_id, actor, "tenant.closing", data=told)
        if not tx.value(_sql.has_open_export, tenant_id=tenant_id):
            exports.add(tx, tenant_id, actor=actor, now=now)
    return erase_at


def keep(tenant_id: str, *, actor: Actor, now: datetime) -> None:
    """The tenant stays after all, suspended if it was that. Raises NotClosing, also once the deletion has begun."""
    with unit_of_work(tenant_id) as tx:
        row = tx.row(_sql.hold_leaving, tenant_id=tenant_id)
        if row is None:
            raise TenantNotFound("There is no such tenant.")
        standing.check(tx, tenant_id, actor, while_closing=True)
        if row["state"] != "closing" or row["erase_at"] <= now:
            raise NotClosing
        tx.run(_sql.keep, tenant_id=tenant_id, state="suspended" if row["state_reason"] else "active")
        audit.record(tx, tenant_id, actor, "tenant.kept")


@dataclass(frozen=True)
class Eraser:
    """Deletes tenants whose time has come."""

    buckets: tuple[Files, ...]
    unhook: Unhook
    clock: Clock

    def run(self, tenant_id: str, *, is_time_left: Callable[[], bool]) -> int:
        """Deletes the tenant if its time has come; returns 1 when nothing is left of it.

        Raises StoreUnavailable, and Unavailable while Telegram does not answer; what is left then goes the next time.
        """
        if not self._begin(tenant_id):
            return 0
        self._silence(tenant_id)
        self._delete_files(tenant_id)
        with unit_of_work(None) as tx:
            tables = [row["name"] for row in tx.rows(_sql.list_tables) if row["name"] != "tenants"]
        for table in reversed(tables):
            if not self._delete_rows(tenant_id, table, is_time_left):
                return 0
        # What a call that was under way has put since.
        self._delete_files(tenant_id)
        with unit_of_work(tenant_id) as tx:
            tx.value(_sql.erase_rows, name="tenants", most=1)
            tx.run(_sql.finish_deletion, former_id=tenant_id, now=self.clock.now())
        _log.info("tenant_deleted", former_id=tenant_id)
        return 1

    def _begin(self, tenant_id: str) -> bool:
        with unit_of_work(tenant_id) as tx:
            if tx.row(_sql.find_due, tenant_id=tenant_id) is None:
                return False
            asked = tx.row(_sql.find_who_closed, tenant_id=tenant_id)
            actor = asked["actor"] if asked else ""
            tx.run(
                _sql.begin_deletion,
                former_id=tenant_id,
                asked_by=actor if actor.startswith(PLATFORM) else "owner",
                asked_at=asked["at"] if asked else self.clock.now(),
            )
        return True

    def _silence(self, tenant_id: str) -> None:
        """Telegram forgets where the bots' updates went."""
        with unit_of_work(tenant_id) as tx:
            bots = [row["id"] for row in tx.rows(_sql.list_bots, tenant_id=tenant_id)]
            row = tx.row(_sql.find_leaving, tenant_id=tenant_id)
        assert row is not None  # it is due, and only this deletes it
        for bot_id in bots:
            try:
                self.unhook(tenant_id, bot_id)
            except Unavailable:
                if self.clock.now() < row["erase_at"] + MOST_PATIENCE:
                    raise
                _log.warning("webhook_left", bot_id=bot_id)

    def _delete_files(self, tenant_id: str) -> None:
        for bucket in self.buckets:
            for key in list(bucket.keys_of(tenant_id)):
                bucket.delete(key)
                with unit_of_work(None) as tx:
                    tx.run(_sql.count_deleted_files, former_id=tenant_id, gone=1)

    def _delete_rows(self, tenant_id: str, table: str, is_time_left: Callable[[], bool]) -> bool:
        """False when the time is up before the table is empty."""
        while is_time_left():
            with unit_of_work(tenant_id) as tx:
                gone = tx.value(_sql.erase_rows, name=table, most=_BATCH)
                if gone:
                    tx.run(_sql.count_deleted_rows, former_id=tenant_id, name=table, gone=gone)
            if gone < _BATCH:
                return True
        return False
