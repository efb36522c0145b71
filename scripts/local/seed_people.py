"""The people of the issuer simulator as users of the product, each in his place. Idempotent.

There is no invitation behind these places, so they are written directly, by the functions' own role under its rules.
"""

from __future__ import annotations

from promostack.core import ids
from promostack.db.uow import unit_of_work
from promostack.tenants import members
from scripts.local.clerk_people import SEEDED

# (subject, tenant's slug) → role. The stranger and the platform's own person belong nowhere.
PLACES = {
    ("user_demo_owner", "demo"): "owner",
    ("user_demo_admin", "demo"): "admin",
    ("user_demo_member", "demo"): "member",
    ("user_both", "demo"): "member",
    ("user_other_owner", "northwind"): "owner",
    ("user_both", "northwind"): "admin",
}
_INSERT_USER = """
INSERT INTO users (user_id, subject, email, name) VALUES (%(user_id)s, %(subject)s, %(email)s, %(name)s)
ON CONFLICT (subject) DO NOTHING
"""
_INSERT_MEMBERSHIP = """
INSERT INTO memberships (tenant_id, user_id, role) VALUES (%(tenant_id)s, %(user_id)s, %(role)s)
ON CONFLICT (tenant_id, user_id) DO NOTHING
"""


def seed_people(tenants: dict[str, str]) -> None:
    """Gives each seeded person his places in `tenants`, ids by slug; one who is a user already keeps what he has."""
    for person in SEEDED:
        roles = {tenants[slug]: role for (subject, slug), role in PLACES.items() if subject == person.subject}
        if not roles or members.find_user_id(person.subject):
            continue
        user_id = ids.new_id()
        with unit_of_work(None, user_id=user_id) as tx:
            tx.run(_INSERT_USER, user_id=user_id, subject=person.subject, email=person.email, name=person.name)
        for tenant_id, role in roles.items():
            with unit_of_work(tenant_id, user_id=user_id) as tx:
                tx.run(_INSERT_MEMBERSHIP, tenant_id=tenant_id, user_id=user_id, role=role)
