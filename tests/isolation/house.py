"""Two tenants with people and a row of each in every table; what may not be seen of one; what the database holds."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import psycopg2

from tests.isolation.outside import PLATFORM_EMAIL, Provider
from tests.isolation.world import Maker, Rows, Tenant, dump, insert, read_catalogue

ALPHA, BETA = Tenant("alpha", 7_310_000_001), Tenant("beta", 7_320_000_002)

# What a refused call may leave behind: that it was refused, and that it was counted.
COUNTERS = {"auth_failures", "login_tries", "rate_limits"}


@dataclass(frozen=True)
class Person:
    """Somebody whom the provider knows, with a place in `tenant` or nowhere."""

    name: str
    tenant: Tenant | None = None
    role: str = ""

    @property
    def subject(self) -> str:
        return f"user_{self.name}"

    @property
    def email(self) -> str:
        return PLATFORM_EMAIL if self is PLATFORM else f"{self.name}@people.example"

    @property
    def user_id(self) -> str:
        return str(uuid5(NAMESPACE_OID, self.subject))


OWNER = Person("alpha_owner", ALPHA, "owner")
LEADER = Person("alpha_admin", ALPHA, "admin")
MEMBER = Person("alpha_member", ALPHA, "member")
COLLEAGUE = Person("alpha_colleague", ALPHA, "member")
OTHER_OWNER = Person("beta_owner", BETA, "owner")
NEWCOMER = Person("newcomer")
PLATFORM = Person("platform")
PEOPLE = (OWNER, LEADER, MEMBER, COLLEAGUE, OTHER_OWNER, NEWCOMER, PLATFORM)


class House:
    """The database of the test. `put_back` makes it as it was at first."""

    def __init__(self, owner_dsn: str, provider: Provider) -> None:
        self._connection = psycopg2.connect(owner_dsn)
        self._made: dict[tuple[str, str], Rows] = {}
        provider.emails |= {person.subject: person.email for person in PEOPLE}
        with self._cursor() as cursor:
            self.catalogue = read_catalogue(cursor)

    def row(self, tenant: Tenant, table: str) -> dict[str, Any]:
        """The tenant's row in that table."""
        return self._rows(tenant)[table]

    def put_back(self, given: Mapping[tuple[str, str], Any] | None = None) -> None:
        """`given` are columns of alpha's rows that are not as usual."""
        with self._cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in self.catalogue.tables if table not in FIXED))
            cursor.execute("UPDATE admin_epoch SET epoch = DEFAULT")
            insert(cursor, self._rows(ALPHA, given or {}))
            insert(cursor, self._rows(BETA))
            for person in PEOPLE:
                if person.tenant is not None:
                    insert(cursor, _place(person))

    def dump(self) -> dict[str, list[str]]:
        """Everything but the counters of refused calls."""
        with self._cursor() as cursor:
            return dump(cursor, [table for table in self.catalogue.tables if table not in COUNTERS])

    @cached_property
    def canaries(self) -> dict[str, list[str]]:
        """Tenant → what stands in its rows and in nobody else's: its marks, its numbers, its ids."""
        found = {}
        for tenant in (ALPHA, BETA):
            values = [value for row in self._rows(tenant).values() for value in row.values()]
            ids = {value for value in values if isinstance(value, str) and len(value) == 36 and value.count("-") == 4}
            people = {person.user_id for person in PEOPLE if person.tenant == tenant}
            addresses = {person.email for person in PEOPLE if person.tenant == tenant}
            found[tenant.name] = [tenant.canary, str(tenant.number), *sorted(ids | people | addresses)]
        return found

    def _rows(self, tenant: Tenant, given: Mapping[tuple[str, str], Any] | None = None) -> Rows:
        key = tenant.name, repr(given)
        if key not in self._made:
            names = [name for name in self.catalogue.tables if self.catalogue.tables[name].is_of_tenants]
            rows = Maker(self.catalogue, {**SETTLED, **(given or {})}).rows(tenant, names)
            # The people are put in by themselves: they have names, subjects and roles.
            self._made[key] = {name: row for name, row in rows.items() if name not in ("users", "memberships")}
        return self._made[key]

    def close(self) -> None:
        self._connection.close()

    @contextlib.contextmanager
    def _cursor(self) -> Any:
        with self._connection, self._connection.cursor() as cursor:
            yield cursor


# Tables that the migrations fill and no call of these tests may empty.
FIXED = {"admin_epoch", "feeds", "periodic_work", "sender_shifts", "schema_migrations"}

# Nothing is due, so that no call of these tests sends anything.
SETTLED = {("outbox", "state"): "sent", ("telegram_updates", "state"): "done", ("uploads", "state"): "done"}


def _place(person: Person) -> Rows:
    assert person.tenant is not None
    user = {"user_id": person.user_id, "subject": person.subject, "email": person.email, "name": person.name}
    return {
        "users": user,
        "memberships": {"tenant_id": person.tenant.id, "user_id": person.user_id, "role": person.role},
    }
