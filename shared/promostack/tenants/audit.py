"""The audit log: who did what, written in the transaction that does it, never changed afterwards (by grant)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from promostack.core import ids
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants.roles import Role

_sql = load(__package__)

PLATFORM = "admin:"
SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who acts: `id` is a user's id, `admin:<e-mail>` or `system`; `request_id` finds the call in the log.

    `may` says of a role whether it has the right that a user was let in with; without it `standing` lets no user write.
    """

    id: str
    request_id: str | None = None
    may: Callable[[Role], bool] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Entry:
    """One line of the log. `email` is the actor's or the target's when that is one of the tenant's people now.

    `id` is random: the number that orders the lines counts for all tenants and would tell of the others.
    """

    id: str
    at: datetime
    actor: str
    action: str
    target: str
    data: Mapping[str, Any]
    request_id: str | None
    actor_email: str | None
    target_email: str | None


def record(
    tx: Transaction,
    tenant_id: str,
    actor: Actor,
    action: str,
    *,
    target: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Writes one line inside the caller's transaction: change and line stand or fall together.

    `target` is the id of whom or what was acted on, empty for the tenant itself.
    """
    tx.run(
        _sql.write_audit,
        tenant_id=tenant_id,
        line_id=ids.new_id(),
        actor=actor.id,
        action=action,
        target=target,
        data=json.dumps(dict(data or {})),
        request_id=actor.request_id,
    )


def list_entries(tenant_id: str, *, limit: int, before: str | None = None) -> list[Entry]:
    """The newest first; `before` is the last id of the page before."""
    with unit_of_work(tenant_id) as tx:
        return load_entries(tx, tenant_id, limit=limit, before=before)


def load_entries(tx: Transaction, tenant_id: str, *, limit: int, before: str | None = None) -> list[Entry]:
    """Like `list_entries`, inside the caller's transaction."""
    number = tx.value(_sql.find_audit_number, tenant_id=tenant_id, line_id=before) if before else None
    if before and number is None:
        return []
    rows = tx.rows(_sql.list_audit, tenant_id=tenant_id, before=number, most=limit)
    return [Entry(**row) for row in rows]
