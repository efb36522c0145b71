"""Identities and callers."""

from dataclasses import dataclass

from promostack.auth.permissions import Role, allows


@dataclass(frozen=True)
class Identity:
    """A person whose session token was verified. `email` only when the token itself carries it as verified."""

    subject: str
    session_id: str
    email: str | None = None


@dataclass(frozen=True)
class Person:
    """A signed-in person, in no tenant in particular; `user_id` is None before his first step here."""

    identity: Identity
    user_id: str | None


@dataclass(frozen=True)
class Member:
    """A person inside one of his tenants; `right` is the permission that the route wants."""

    identity: Identity
    user_id: str
    tenant_id: str
    role: Role
    right: str

    def may(self, permission: str) -> bool:
        """True when the matrix gives this role the permission."""
        return allows(self.role, permission)


@dataclass(frozen=True)
class Admin:
    """One of the platform's people; `by` says how he proved it: `session` or `password`."""

    email: str
    by: str


Caller = Person | Member | Admin
