"""How much a tenant uses the product, for the platform's people: numbers only, of nobody in particular."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

DAYS = 30
# Answered updates are cleared away after two days.
UPDATES_HOURS = 24

_sql = load(__package__)


@dataclass(frozen=True)
class Files:
    """How many there are, and their bytes."""

    files: int
    bytes: int


@dataclass(frozen=True)
class Usage:
    """`sent`, `pictures` and `people` are of the last DAYS days, `updates` of the last UPDATES_HOURS hours, the others
    as they stand now. `used_at` is a customer's latest step, `changed_at` the latest change by the tenant's people.
    """

    sent: int
    failed: int
    waiting: int
    waiting_since: datetime | None
    updates: int
    updates_waiting: int
    updates_parked: int
    pictures: int
    people: int
    used_at: datetime | None
    changed_at: datetime | None
    stored_pictures: Files
    stored_uploads: Files
    stored_exports: Files


def read(tenant_id: str, now: datetime) -> Usage:
    """Everything is counted anew with each call; a tenant that is not there has used nothing."""
    since = now - timedelta(days=DAYS)
    with unit_of_work(tenant_id) as tx:
        [messages] = tx.rows(_sql.count_messages, tenant_id=tenant_id, since=since)
        [updates] = tx.rows(_sql.count_updates, tenant_id=tenant_id, since=now - timedelta(hours=UPDATES_HOURS))
        [use] = tx.rows(_sql.count_use, tenant_id=tenant_id, since=since)
        [activity] = tx.rows(_sql.find_last_activity, tenant_id=tenant_id)
        [stored] = tx.rows(_sql.measure_storage, tenant_id=tenant_id)
    return Usage(
        **messages,
        updates=updates["received"],
        updates_waiting=updates["waiting"],
        updates_parked=updates["parked"],
        **use,
        **activity,
        stored_pictures=Files(stored["picture_files"], stored["picture_bytes"]),
        stored_uploads=Files(stored["upload_files"], stored["upload_bytes"]),
        stored_exports=Files(stored["archive_files"], stored["archive_bytes"]),
    )
