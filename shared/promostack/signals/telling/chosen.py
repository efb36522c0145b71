"""What a tenant chose of what subscribers read."""

from __future__ import annotations

from dataclasses import dataclass

from promostack.db.sql import load
from promostack.db.uow import Transaction

_sql = load(__package__)


@dataclass(frozen=True)
class Telling:
    """`free_channel_id` None: nothing is shown to those who have not paid. Hours are UTC, days 1 (Monday) to 5."""

    writes_lines: bool = True
    lines_a_day: int = 20
    briefs: bool = True
    free_channel_id: str | None = None
    promote_from: int = 8
    promote_to: int = 16
    promote_days: tuple[int, ...] = (1, 2, 3, 4, 5)


def find(tx: Transaction, tenant_id: str) -> Telling:
    """The defaults when nothing was chosen."""
    row = tx.row(_sql.find_telling, tenant_id=tenant_id)
    if row is None:
        return Telling()
    free = row.pop("free_channel_id")
    days = tuple(row.pop("promote_days"))
    return Telling(**row, free_channel_id=str(free) if free else None, promote_days=days)


def save(tx: Transaction, tenant_id: str, telling: Telling) -> None:
    tx.run(_sql.save_telling, tenant_id=tenant_id, **{**vars(telling), "promote_days": list(telling.promote_days)})
