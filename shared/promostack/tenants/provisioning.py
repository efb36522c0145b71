"""Making a tenant for somebody who has none, in one explicit step, and putting people into tenants.

However often and from however many processes the step is sent, it makes one tenant: `users.subject`,
`tenants.provisioned_for` and `tenants.slug` are unique, and whoever loses there takes what the winner made.
"""

import re
import unicodedata
from dataclasses import dataclass

from promostack.core import ids
from promostack.core.errors import Unavailable
from promostack.core.text import is_keepable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import audit, slugs
from promostack.tenants.audit import Actor
from promostack.tenants.errors import EmailNotVerified, SettingsRefused
from promostack.tenants.members import Contact, FindContact, Place, find_user_id, kept_name
from promostack.tenants.roles import Role

LONGEST_NAME = 120
_MOST_ROUNDS = 5

_sql = load(__package__)


@dataclass(frozen=True)
class Provisioned:
    """The person's own tenant; `is_new` when this very call made it."""

    place: Place
    is_new: bool


class _TryAgain(Exception):  # not an error: another request was faster
    """The transaction is rolled back and the step starts anew, seeing what the other request made."""


def provision(subject: str, *, name: str, find_contact: FindContact, request_id: str | None) -> Provisioned:
    """The tenant of the person with that identity, made with him as its owner unless he has one.

    Raises SettingsRefused for a name that is none, EmailNotVerified when there is no verified address, and what
    `find_contact` raises.
    """
    name = checked_name(name)
    contact: Contact | None = None
    for _ in range(_MOST_ROUNDS):
        user_id = find_user_id(subject)
        if user_id is not None and (mine := _find_provisioned(user_id)) is not None:
            return Provisioned(mine, is_new=False)
        contact = contact or find_contact()
        if contact.email is None:
            raise EmailNotVerified
        try:
            return Provisioned(_make(subject, user_id, name=name, contact=contact, request_id=request_id), is_new=True)
        except _TryAgain:
            continue
    raise Unavailable("Your workspace is being made; try again in a moment.", retry_after_s=1)


def ensure_member(tenant_id: str, subject: str, *, email: str, name: str, role: Role) -> str:
    """Puts a person into a tenant, or sets the role of one who is there; returns the user's id. For seeds and tools.

    An owner counts as the one whom the tenant was made for. Raises AlreadyThere when the tenant has another owner.
    """
    user_id = find_user_id(subject) or ids.new_id()
    with unit_of_work(tenant_id, user_id=user_id) as tx:
        tx.run(_sql.insert_user, user_id=user_id, subject=subject, email=email, name=name)
        tx.run(_sql.update_person, user_id=user_id, email=email, name=name)
        if role == "owner":
            tx.run(_sql.set_provisioned_for, tenant_id=tenant_id, user_id=user_id)
        if tx.value(_sql.put_membership, tenant_id=tenant_id, user_id=user_id, role=role):
            audit.record(tx, tenant_id, Actor(audit.SYSTEM), "member.added", target=user_id, data={"role": role})
    return user_id


def checked_name(name: str) -> str:
    """The name without needless blanks; raises SettingsRefused for an empty, overlong or unprintable one."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip()
    if not text:
        wrong = "give a name"
    elif len(text) > LONGEST_NAME:
        wrong = f"at most {LONGEST_NAME} characters; this one has {len(text)}"
    elif not is_keepable(text):
        wrong = "it holds characters that cannot be shown"
    else:
        return text
    raise SettingsRefused(f"Check the name: {wrong}.", fields={"name": wrong})


def _find_provisioned(user_id: str) -> Place | None:
    with unit_of_work(None) as tx:
        tenant_id = tx.value(_sql.find_provisioned, user_id=user_id)
    if tenant_id is None:
        return None
    with unit_of_work(tenant_id, user_id=user_id) as tx:
        row = tx.row(_sql.find_place, tenant_id=tenant_id, user_id=user_id)
    return Place(**row) if row else None


def _make(subject: str, user_id: str | None, *, name: str, contact: Contact, request_id: str | None) -> Place:
    """Person, tenant, ownership and audit line in one transaction; raises _TryAgain when another request was faster."""
    tenant_id, person_id = ids.new_id(), user_id or ids.new_id()
    with unit_of_work(tenant_id, user_id=person_id) as tx:
        person = {"user_id": person_id, "email": contact.email, "name": kept_name(contact.name)}
        # Waits for a parallel request that makes the same person, and then finds him made.
        if not (user_id or tx.run(_sql.insert_user, subject=subject, **person)):
            raise _TryAgain
        slug = _take_slug(tx, tenant_id, person_id, name)
        tx.run(_sql.put_membership, tenant_id=tenant_id, user_id=person_id, role="owner")
        tx.run(_sql.set_last_tenant, user_id=person_id, tenant_id=tenant_id)
        actor = Actor(person_id, request_id)
        audit.record(tx, tenant_id, actor, "tenant.created", data={"name": name, "slug": slug})
    return Place(tenant_id=tenant_id, slug=slug, name=name, role="owner", state="active")


def _take_slug(tx: Transaction, tenant_id: str, user_id: str, name: str) -> str:
    """Inserts the tenant under the first free slug; raises _TryAgain when the person has got a tenant meanwhile."""
    for slug in slugs.candidates(name):
        if tx.run(_sql.insert_provisioned, tenant_id=tenant_id, slug=slug, name=name, user_id=user_id):
            return slug
        if tx.value(_sql.find_provisioned, user_id=user_id) is not None:
            raise _TryAgain
    raise _TryAgain
