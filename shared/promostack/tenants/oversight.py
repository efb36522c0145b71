"""The platform's view of its tenants: the list, one of them, suspending and resuming.

The app's role sees one tenant at a time, for the platform's people too. A page is therefore read in two steps: one of
the router's functions finds the ids (it may search names, slugs and owners' addresses, and returns ids only), and
`tenant_cards` steps through these tenants under row-level security, with the rights of whoever calls it. Two round
trips a page, however long it is; one transaction a tenant would cost three for each row, 150 for a page of 50.
"""

from dataclasses import dataclass
from datetime import datetime

from promostack.core import ids
from promostack.core.text import is_keepable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import audit
from promostack.tenants.audit import Actor, Entry
from promostack.tenants.errors import AlreadySuspended, ClosingAlready, NotSuspended, SettingsRefused, TenantNotFound

LATEST_ENTRIES = 20
LONGEST_REASON = 500

_sql = load(__package__)


@dataclass(frozen=True)
class Card:
    """A tenant as the platform's list shows it.

    `bot_count`: the connected ones; those `bots_in_trouble` are paused or were found not to work by the latest look.
    `used_at`: when a customer last used one.
    """

    tenant_id: str
    slug: str
    name: str
    state: str
    state_reason: str | None
    created_at: datetime
    owner_email: str | None
    members: int
    bot_count: int
    bots_in_trouble: int
    used_at: datetime | None


@dataclass(frozen=True)
class Detail:
    """One tenant with the newest lines of its audit log."""

    card: Card
    audit: tuple[Entry, ...]


def list_tenants(*, limit: int, after_id: str | None = None, search: str = "") -> list[Card]:
    """The newest first, those whose name, slug or owner's e-mail holds `search`; `after_id` ends the page before."""
    needle = search.strip().lower()
    if not is_keepable(needle):
        return []
    with unit_of_work(None) as tx:
        found = tx.rows(_sql.find_tenants, needle=needle, after_id=after_id, most=limit)
        return _cards(tx, [row["tenant_id"] for row in found])


def get_tenant(tenant_id: str) -> Detail:
    """One tenant; raises TenantNotFound, also for what is no id."""
    with unit_of_work(known(tenant_id)) as tx:
        return _detail(tx, tenant_id)


def suspend(tenant_id: str, *, reason: str, actor: Actor) -> Detail:
    """Stops a tenant with the next call of anybody.

    Raises TenantNotFound, AlreadySuspended, ClosingAlready, SettingsRefused.
    """
    reason = checked_reason(reason)
    with unit_of_work(known(tenant_id)) as tx:
        if not tx.run(_sql.suspend, tenant_id=tenant_id, reason=reason):
            is_closing = _detail(tx, tenant_id).card.state == "closing"
            raise ClosingAlready if is_closing else AlreadySuspended
        audit.record(tx, tenant_id, actor, "tenant.suspended", data={"reason": reason})
        return _detail(tx, tenant_id)


def resume(tenant_id: str, *, actor: Actor) -> Detail:
    """Brings a tenant back, what was held with it. Raises TenantNotFound, NotSuspended."""
    with unit_of_work(known(tenant_id)) as tx:
        if not tx.run(_sql.resume, tenant_id=tenant_id):
            _detail(tx, tenant_id)
            raise NotSuspended
        audit.record(tx, tenant_id, actor, "tenant.resumed")
        return _detail(tx, tenant_id)


def checked_reason(text: str) -> str:
    """A reason as it is kept; raises SettingsRefused."""
    reason = " ".join(text.split())
    if not (3 <= len(reason) <= LONGEST_REASON and is_keepable(reason)):
        message = f"say in 3 to {LONGEST_REASON} characters why"
        raise SettingsRefused(f"Check the reason: {message}.", fields={"reason": message})
    return reason


def known(text: str) -> str:
    """The text when it is an id; raises TenantNotFound."""
    if not ids.is_id(text):
        raise TenantNotFound("There is no such tenant.")
    return text


def _detail(tx: Transaction, tenant_id: str) -> Detail:
    cards = _cards(tx, [tenant_id])
    if not cards:
        raise TenantNotFound("There is no such tenant.")
    return Detail(cards[0], tuple(audit.load_entries(tx, tenant_id, limit=LATEST_ENTRIES)))


def _cards(tx: Transaction, tenant_ids: list[str]) -> list[Card]:
    """The cards of these tenants in this order."""
    return [Card(**row) for row in tx.rows(_sql.tenant_cards, tenant_ids=tenant_ids)]
