"""What the latest look at each service found: kept, because a page shows it without asking anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from promostack.db.sql import load
from promostack.db.uow import Transaction

_sql = load(__package__)

Kind = Literal["stripe", "funderpro", "twelve_data", "openai"]
KINDS: tuple[Kind, ...] = ("stripe", "funderpro", "twelve_data", "openai")
# refused: it does not know the key; rights: the key may not do enough; exhausted: the plan is used up; unclear: it
# answers, but not as it should; unreachable: no answer; unreadable: the key that is kept here cannot be opened.
Problem = Literal["refused", "rights", "exhausted", "unclear", "unreachable", "unreadable"]
Mode = Literal["live", "test"]

# However many pages ask, a service is asked once in so many seconds; a question may cost.
FRESH_S = 5.0


@dataclass(frozen=True)
class Finding:
    """What one look found; without a problem all is well. `detail` is for the owner and holds no secret."""

    problem: Problem | None = None
    detail: str | None = None
    mode: Mode | None = None
    account: str | None = None


@dataclass(frozen=True)
class Noted:
    """The latest finding, and when it was made; `is_fresh`: within FRESH_S."""

    checked_at: datetime
    finding: Finding
    is_fresh: bool


def read(tx: Transaction, tenant_id: str) -> dict[str, Noted]:
    """By service; one that was never looked at is left out."""
    rows = tx.rows(_sql.read_vendor_checks, tenant_id=tenant_id, fresh_s=FRESH_S)
    return {
        row["vendor"]: Noted(
            row["checked_at"],
            Finding(row["problem"], row["detail"], row["mode"], row["account"]),
            row["is_fresh"],
        )
        for row in rows
    }


def note(tx: Transaction, tenant_id: str, kind: Kind, found: Finding) -> None:
    """Keeps what was found."""
    tx.run(
        _sql.note_vendor_check,
        tenant_id=tenant_id,
        vendor=kind,
        problem=found.problem,
        detail=found.detail,
        mode=found.mode,
        account=found.account,
    )


def forget(tx: Transaction, tenant_id: str, kind: Kind) -> None:
    """Of a service that was disconnected."""
    tx.run(_sql.forget_vendor_check, tenant_id=tenant_id, vendor=kind)
