"""A tenant with a row in every table and files in both buckets, beside a second one that nobody may touch."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
import pytest

from promostack.core import config, crypto
from promostack.integrations import spaces
from tests.isolation.world import Maker, Tenant, insert, read_catalogue

LEAVING, STAYING = Tenant("leaving", 7_410_000_001), Tenant("staying", 7_420_000_002)
A_BOT = "0b07b07b-0000-4000-8000-000000000000"
# Nothing is under way, and whoever did something was seen with the bot that he did it with.
SETTLED = {
    ("tenants", "state_reason"): None,
    ("tenant_exports", "state"): "expired",
    ("person_erasures", "person"): None,
    ("person_erasures", "state"): "done",
    ("outbox", "state"): "sent",
    ("usage_events", "bot_id"): A_BOT,
    ("people_seen", "bot_id"): A_BOT,
}


@dataclass(frozen=True)
class Filled:
    """`keys` are the leaving tenant's files by bucket."""

    keys: dict[str, list[str]]


@pytest.fixture(autouse=True)
def _environment(store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS_KEYS", "k1:" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    config.optional.cache_clear()
    crypto._keys.cache_clear()
    spaces.private_bucket.cache_clear()


@pytest.fixture
def filled(database) -> Iterator[Filled]:
    with contextlib.closing(psycopg2.connect(database.owner_dsn)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in [*read_catalogue(cursor).of_tenants, "users", "tenant_deletions"]:
                cursor.execute(f"DELETE FROM {table}")
            catalogue = read_catalogue(cursor)
            for tenant in (LEAVING, STAYING):
                names = [name for name in catalogue.tables if catalogue.tables[name].is_of_tenants]
                insert(cursor, Maker(catalogue, SETTLED).rows(tenant, names))
        connection.commit()
    keys: dict[str, list[str]] = {}
    for name, bucket in (("public", spaces.public_bucket()), ("private", spaces.private_bucket())):
        for tenant in (LEAVING, STAYING):
            for kind in ("renders", "uploads", "something-new"):
                key = f"{kind}/{tenant.id}/{name}.png"
                bucket.put(key, f"{tenant.canary} {key}".encode(), media_type="image/png")
                keys.setdefault(f"{tenant.name} {name}", []).append(key)
    yield Filled(keys)
    for bucket in (spaces.public_bucket(), spaces.private_bucket()):
        for tenant in (LEAVING, STAYING):
            for key in list(bucket.keys_of(tenant.id)):
                bucket.delete(key)
