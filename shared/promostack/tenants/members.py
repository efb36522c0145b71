"""Who belongs to a tenant."""

from collections.abc import Callable
from dataclasses import dataclass

from promostack.core.text import is_keepable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import service
from promostack.tenants.roles import Role

_sql = load(__package__)


@dataclass(frozen=True)
class Contact:
    """How a person is reached and called: `email` is verified, None is no address; `name` is empty when not known."""

    email: str | None
    name: str = ""


FindContact = Callable[[], Contact]
"""Asks the token's verified claims or the identity provider; may raise Unavailable."""


@dataclass(frozen=True)
class Membership:
    """A person's place in a tenant; `state` is the tenant's: `active` or `suspended`."""

    user_id: str
    tenant_id: str
    role: Role
    state: str


@dataclass(frozen=True)
class Place:
    """A tenant as one of its people sees it in the list of his tenants."""

    tenant_id: str
    slug: str
    name: str
    role: Role
    state: str


def kept_name(name: str) -> str:
    """A person's name as it can be stored: 120 characters at most, empty when it holds what nobody types."""
    text = " ".join(name.split())[:120]
    return text if is_keepable(text) else ""


def find_user_id(subject: str) -> str | None:
    """The id of the person with that identity, None before the first step here."""
    with unit_of_work(None) as tx:
        user_id: str | None = tx.value(_sql.find_user_by_subject, subject=subject)
    return user_id


def find_email(user_id: str) -> str | None:
    """The person's verified address as it was last seen here."""
    with unit_of_work(None, user_id=user_id) as tx:
        row = tx.row(_sql.find_person, user_id=user_id)
    return row["email"] if row else None


def find_membership(subject: str, wanted: str | None) -> tuple[str | None, Membership | None]:
    """(user id, membership) of a person in the tenant `wanted`, a slug or an id, or in the one last used.

    (None, None) for somebody who was never here; (id, None) when no tenant of his fits: one that is not his looks like
    one that does not exist.
    """
    with unit_of_work(None) as tx:
        found = tx.rows(_sql.tenants_of_subject, subject=subject)
    user_id, mine = found[0]["user_id"], [row["tenant_id"] for row in found if row["tenant_id"]]
    if user_id is None:
        return None, None
    chosen = service.choose(wanted, mine) if wanted else _last_used(user_id, mine)
    if chosen is None:
        return user_id, None
    with unit_of_work(chosen, user_id=user_id) as tx:
        return user_id, _load(tx, chosen, user_id)


def _last_used(user_id: str, mine: list[str]) -> str | None:
    if len(mine) < 2:
        return mine[0] if mine else None
    with unit_of_work(None, user_id=user_id) as tx:
        last = tx.value(_sql.last_tenant, user_id=user_id)
    return last if last in mine else mine[0]


def _load(tx: Transaction, tenant_id: str, user_id: str) -> Membership | None:
    row = tx.row(_sql.find_membership, tenant_id=tenant_id, user_id=user_id)
    return Membership(**row) if row else None
