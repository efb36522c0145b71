"""Identities and callers."""

from dataclasses import dataclass

from promostack.auth.permissions import Role, allows
from promostack.tenants.visits import Visit


@dataclass(frozen=True)
class Identity:
    """A person whose session token was verified. `email` only when the token itself carries it as verified."""

    subject: str
    session_id: str
    email: str | None = None


@dataclass(frozen=True)
class Person:
    """A signed-in person, in no tenant in particular; `user_id` is None before his first step here.

    `visit` is set for somebody of the platform who looks into a tenant; he is nobody's user.
    """

    identity: Identity
    user_id: str | None
    visit: Visit | None = None


@dataclass(frozen=True)
class Member:
    """A person inside one of his tenants; `right` is the permission that the route wants.

    `visit` is set for somebody of the platform who looks into it; then `user_id` names nobody.
    """

    identity: Identity
    user_id: str
    tenant_id: str
    role: Role
    right: str
    visit: Visit | None = None

    def may(self, permission: str) -> bool:
        """True when the matrix gives this role the permission."""
        return allows(self.role, permission)


@dataclass(frozen=True)
class Admin:
    """One of the platform's people; `by` says how he proved it: `session` or `password`."""

    email: str
    by: str


Caller = Person | Member | Admin
