"""A tenant with people in every role, for tests of what each may do."""

from dataclasses import dataclass
from uuid import uuid4

from promostack.tenants import provisioning
from promostack.tenants.roles import Role
from tests.integration.callers import Caller
from tests.integration.conftest import Issuer


@dataclass(frozen=True)
class Person:
    """Somebody whom the identity provider knows; `user_id` is empty before the first step."""

    subject: str
    email: str
    user_id: str
    caller: Caller


@dataclass(frozen=True)
class House:
    """A tenant: `owner`, `admin`, `other_admin` and `member` of it, all known to the identity provider."""

    tenant_id: str
    slug: str
    owner: Person
    admin: Person
    other_admin: Person
    member: Person


def stranger(issuer: Issuer, *, tenant: str | None = None) -> Person:
    """Somebody who is no user yet."""
    subject = f"user_{uuid4().hex[:12]}"
    email = f"{subject}@example.com"
    issuer.know(subject, email)
    return Person(subject, email, "", Caller(lambda: issuer.token(subject), tenant=tenant))


def join(issuer: Issuer, tenant_id: str, role: Role, *, slug: str | None = None) -> Person:
    """A new person in that tenant."""
    person = stranger(issuer, tenant=slug)
    user_id = provisioning.ensure_member(tenant_id, person.subject, email=person.email, name=role.title(), role=role)
    return Person(person.subject, person.email, user_id, person.caller)


def build_house(database, issuer: Issuer) -> House:
    """A tenant of its own, fully staffed."""
    slug = f"house-{uuid4().hex[:8]}"
    tenant_id = database.add_tenant(slug)
    owner, admin, other, member = (join(issuer, tenant_id, role) for role in ("owner", "admin", "admin", "member"))
    return House(tenant_id, slug, owner, admin, other, member)
