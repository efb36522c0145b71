"""The people of the issuer simulator as users of the product, each in his place. Idempotent."""

from __future__ import annotations

from promostack.tenants import members, provisioning
from promostack.tenants.roles import Role
from scripts.local.clerk_people import SEEDED

# (subject, tenant's slug) → role. The stranger and the platform's own person belong nowhere.
PLACES: dict[tuple[str, str], Role] = {
    ("user_demo_owner", "demo"): "owner",
    ("user_demo_admin", "demo"): "admin",
    ("user_demo_member", "demo"): "member",
    ("user_both", "demo"): "member",
    ("user_other_owner", "northwind"): "owner",
    ("user_both", "northwind"): "admin",
}


def seed_people(tenants: dict[str, str]) -> None:
    """Gives each seeded person his places in `tenants`, ids by slug; one who is a user already keeps what he has."""
    for person in SEEDED:
        roles = {tenants[slug]: role for (subject, slug), role in PLACES.items() if subject == person.subject}
        if members.find_user_id(person.subject):
            continue
        for tenant_id, role in roles.items():
            provisioning.ensure_member(tenant_id, person.subject, email=person.email, name=person.name, role=role)
