"""Codes that the tenant keeps here: their limits, redeeming and releasing them, and the provider that checks them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from promostack.core import ids
from promostack.core.clock import Clock
from promostack.core.text import normalise_code
from promostack.coupons.errors import CodeExists, CodeMissing, CodeNotRedeemable, LimitsBelowUse, OrderReleased
from promostack.coupons.models import Verdict
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)

# Who acts when nobody does, like a shop's own server.
_NOBODY = Actor(audit.SYSTEM)

# Why a code cannot be redeemed, as its reader is told.
REFUSALS = {
    "switched_off": "{code} is switched off.",
    "not_started": "{code} cannot be used yet.",
    "expired": "{code} has ended.",
    "used_up": "{code} was redeemed as often as it may be.",
    "budget_spent": "What is left of the budget of {code} does not cover this order.",
    "customer_used_up": "This customer has redeemed {code} as often as one customer may.",
}


@dataclass(frozen=True)
class Terms:
    """What a code allows; None is no limit. Money is in minor units of `currency`, times are aware UTC."""

    note: str = ""
    is_active: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    most_total: int | None = None
    most_per_customer: int | None = None
    budget_minor: int | None = None
    currency: str | None = None


@dataclass(frozen=True)
class LocalCode:
    """A code with its terms and what was redeemed of it so far."""

    id: str
    code: str
    terms: Terms
    redeemed: int
    spent_minor: int
    created_at: datetime


@dataclass(frozen=True)
class Redemption:
    """One order's use of a code."""

    id: str
    code: str
    customer: str
    amount_minor: int
    redeemed_at: datetime


class LocalCodes:
    """The provider that checks a tenant's own codes."""

    def __init__(self, tenant_id: str, *, clock: Clock) -> None:
        self._tenant_id = tenant_id
        self._clock = clock

    def check(self, code: str, *, timeout_s: float) -> Verdict:
        """Whether the code could be redeemed now, by a customer who has not used it yet."""
        with unit_of_work(self._tenant_id) as tx:
            found = _find(tx, self._tenant_id, code)
        if found is None:
            return Verdict("invalid", "not_found")
        refusal = why_refused(found, now=self._clock.now())
        return Verdict("invalid", refusal) if refusal else Verdict("valid", "accepted", found.terms.ends_at)


def why_refused(code: LocalCode, *, now: datetime, amount_minor: int = 0) -> str | None:
    """The first limit that stands against redeeming the code, None when nothing does."""
    terms = code.terms
    if not terms.is_active:
        return "switched_off"
    if terms.starts_at is not None and now < terms.starts_at:
        return "not_started"
    if terms.ends_at is not None and now >= terms.ends_at:
        return "expired"
    if terms.most_total is not None and code.redeemed >= terms.most_total:
        return "used_up"
    if terms.budget_minor is not None and code.spent_minor + max(1, amount_minor) > terms.budget_minor:
        return "budget_spent"
    return None


def add(tenant_id: str, raw_code: str, terms: Terms, *, actor: Actor = _NOBODY) -> LocalCode:
    """A new code; raises InvalidCode, and CodeExists when the tenant has it already."""
    code = normalise_code(raw_code)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        if not tx.run(_sql.insert_local_code, tenant_id=tenant_id, id=ids.new_id(), code=code, **asdict(terms)):
            raise CodeExists(f"{code} exists already. Change its limits, or choose another code.")
        audit.record(tx, tenant_id, actor, "code.added", target=code, data=_differences(Terms(), terms))
        return _changed(tx, tenant_id, code)


def change(tenant_id: str, raw_code: str, terms: Terms, *, actor: Actor = _NOBODY) -> LocalCode:
    """The code under new terms; raises CodeMissing, and LimitsBelowUse when more was redeemed than they allow."""
    code = normalise_code(raw_code)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        before = _lock(tx, tenant_id, code)
        if not tx.run(_sql.update_local_code, tenant_id=tenant_id, code=code, **asdict(terms)):
            raise LimitsBelowUse(
                f"{code} was redeemed {before.redeemed} times for {before.spent_minor} minor units already;"
                " limits cannot be lower than that, nor in another currency."
            )
        if differences := _differences(before.terms, terms):
            audit.record(tx, tenant_id, actor, "code.changed", target=code, data=differences)
        return _changed(tx, tenant_id, code)


def list_codes(tenant_id: str, *, after: str = "", most: int) -> list[LocalCode]:
    """Codes in the order of their text, following `after`."""
    with unit_of_work(tenant_id) as tx:
        return [_code(row) for row in tx.rows(_sql.list_local_codes, tenant_id=tenant_id, after=after, most=most)]


def redeem(
    tenant_id: str,
    raw_code: str,
    *,
    order_key: str,
    customer: str,
    amount_minor: int,
    now: datetime,
    actor: Actor = _NOBODY,
) -> Redemption:
    """Uses the code for an order; the same order again gets the same redemption.

    Whatever runs in parallel, no limit is passed: the code's row is locked to the commit. Raises CodeMissing,
    CodeNotRedeemable with the limit that stands against it, and OrderReleased for an order that was given back.
    """
    code = normalise_code(raw_code)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        found = _lock(tx, tenant_id, code)
        known = _find_redemption(tx, tenant_id, found, order_key)
        if known is None:
            _refuse(tx, tenant_id, found, customer=customer, amount_minor=amount_minor, now=now)
            redemption = Redemption(ids.new_id(), code, customer, amount_minor, now)
            params = {"tenant_id": tenant_id, "code_id": found.id, "amount_minor": amount_minor}
            tx.run(_sql.insert_redemption, id=redemption.id, order_key=order_key, customer=customer, now=now, **params)
            tx.run(_sql.count_local_code, times=1, **params)
            tx.run(_sql.forget_check, tenant_id=tenant_id, code=code)
            # Not the customer: lines of the log stay when a person is erased.
            told = {"order": order_key, "amount_minor": amount_minor}
            audit.record(tx, tenant_id, actor, "code.redeemed", target=code, data=told)
            return redemption
    if known["released_at"] is not None:
        raise OrderReleased("This order was given back. Redeem again under a new order number.")
    return Redemption(known["id"], code, known["customer"], known["amount_minor"], known["redeemed_at"])


def release(tenant_id: str, raw_code: str, *, order_key: str, now: datetime, actor: Actor = _NOBODY) -> bool:
    """Gives an order's redemption back; False when there is none that stands. Raises CodeMissing."""
    code = normalise_code(raw_code)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        found = _lock(tx, tenant_id, code)
        known = _find_redemption(tx, tenant_id, found, order_key)
        if known is None or known["released_at"] is not None:
            return False
        tx.run(_sql.release_redemption, tenant_id=tenant_id, id=known["id"], now=now)
        params = {"tenant_id": tenant_id, "code_id": found.id, "amount_minor": -known["amount_minor"]}
        tx.run(_sql.count_local_code, times=-1, **params)
        tx.run(_sql.forget_check, tenant_id=tenant_id, code=code)
        audit.record(tx, tenant_id, actor, "code.released", target=code, data={"order": order_key})
    return True


def _refuse(
    tx: Transaction, tenant_id: str, code: LocalCode, *, customer: str, amount_minor: int, now: datetime
) -> None:
    """Raises CodeNotRedeemable with the first limit that stands against it."""
    refusal = why_refused(code, now=now, amount_minor=amount_minor)
    if refusal is None and code.terms.most_per_customer is not None:
        params = {"tenant_id": tenant_id, "code_id": code.id, "customer": customer}
        if tx.value(_sql.count_redemptions, **params) >= code.terms.most_per_customer:
            refusal = "customer_used_up"
    if refusal is not None:
        raise CodeNotRedeemable(REFUSALS[refusal].format(code=code.code), fields={"code": refusal})


def _changed(tx: Transaction, tenant_id: str, code: str) -> LocalCode:
    """The code as it is now; what was known of it before is forgotten, so that the change is seen at once."""
    tx.run(_sql.forget_check, tenant_id=tenant_id, code=code)
    found = _find(tx, tenant_id, code)
    assert found is not None  # written in this transaction
    return found


def _differences(before: Terms, after: Terms) -> dict[str, dict[str, Any]]:
    """What changed, as the audit log keeps it."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    pairs = {name: (value, getattr(after, name)) for name, value in asdict(before).items()}
    return {name: {"from": plain(old), "to": plain(new)} for name, (old, new) in pairs.items() if old != new}


def _find(tx: Transaction, tenant_id: str, code: str) -> LocalCode | None:
    row = tx.row(_sql.find_local_code, tenant_id=tenant_id, code=code)
    return _code(row) if row else None


def _lock(tx: Transaction, tenant_id: str, code: str) -> LocalCode:
    row = tx.row(_sql.lock_local_code, tenant_id=tenant_id, code=code)
    if row is None:
        raise CodeMissing(f"There is no code {code}.")
    return _code(row)


def _find_redemption(tx: Transaction, tenant_id: str, code: LocalCode, order_key: str) -> dict[str, Any] | None:
    return tx.row(_sql.find_redemption, tenant_id=tenant_id, code_id=code.id, order_key=order_key)


def _code(row: dict[str, Any]) -> LocalCode:
    terms = Terms(**{name: row[name] for name in Terms.__dataclass_fields__})
    return LocalCode(row["id"], row["code"], terms, row["redeemed"], row["spent_minor"], row["created_at"])
