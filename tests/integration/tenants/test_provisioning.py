"""One explicit step makes one tenant, however often and from wherever it is sent; its slug is its own."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promostack.core import ids
from promostack.db import connection
from promostack.tenants import members, provisioning, sessions, slugs
from promostack.tenants.errors import EmailNotVerified
from promostack.tenants.members import Contact
from promostack.tenants.service import find_tenant_id

ROOT = Path(__file__).resolve().parents[3]
PROCESSES, THREADS = 4, 25


def provision(subject: str, name: str, email: str | None = "new@example.com") -> provisioning.Provisioned:
    return provisioning.provision(subject, name=name, find_contact=lambda: Contact(email, "Ada"), request_id=None)


def count(database, table: str, where: str, *values: object) -> int:
    return int(database.query(f"SELECT count(*) FROM {table} WHERE {where}", *values)[0][0])


@pytest.mark.parametrize("is_known", [False, True], ids=["a new person", "a person who is a user already"])
def test_a_hundred_parallel_first_steps_make_one_tenant(database, is_known: bool) -> None:
    subject = f"user_{uuid4().hex[:12]}"
    if is_known:
        elsewhere = database.add_tenant()
        provisioning.ensure_member(elsewhere, subject, email="x@example.com", name="", role="member")
    script = Path(__file__).with_name("provision_at_once.py")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}"}
    processes = [
        subprocess.Popen(
            [sys.executable, script, str(THREADS), subject, "Golden Hour"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * PROCESSES
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [answer for process in processes for answer in json.loads(process.communicate(timeout=60)[0])]
    [(user_id,)] = database.query("SELECT user_id::text FROM users WHERE subject = %s", subject)
    counts = {
        "calls": len(answers),
        "made": sum(is_new for _, is_new in answers),
        "different answers": len({tenant_id for tenant_id, _ in answers}),
        "tenants": count(database, "tenants", "provisioned_for = %s", user_id),
        "ownerships": count(database, "memberships", "user_id = %s AND role = 'owner'", user_id),
        "audit lines": count(database, "audit_log", "actor = %s AND action = 'tenant.created'", user_id),
    }
    print(f"parallel first steps from {PROCESSES} processes: {counts}")
    assert counts == {
        "calls": 100, "made": 1, "different answers": 1, "tenants": 1, "ownerships": 1, "audit lines": 1,
    }  # fmt: skip


def test_people_with_one_name_get_slugs_of_their_own(database) -> None:
    """Twenty at once: every one of them gets a tenant, and no two the same slug."""

    def make(number: int) -> str:
        try:
            return provision(f"user_twin_{number}", "Twins & Sons").place.slug
        finally:
            connection.discard()

    with ThreadPoolExecutor(10) as people:
        made = list(people.map(make, range(20)))
    assert len(set(made)) == 20
    assert {"twins-sons", *(f"twins-sons-{number}" for number in range(2, 10))} <= set(made)
    assert all(find_tenant_id(slug) for slug in made)


def test_a_reserved_name_is_nobodys_slug(database) -> None:
    made = [provision(f"user_reserved_{name}", name.title()).place.slug for name in ("admin", "dash", "api", "demo")]
    assert made == ["admin-workspace", "dash-workspace", "api-workspace", "demo-workspace"]
    assert set(made).isdisjoint(slugs.RESERVED)


def test_another_tenants_id_is_nobodys_slug(database) -> None:
    """Its people go on reaching their own tenant by its id, also when they have a place in the one named after it."""
    mine = provision("user_named_after", "Mine").place
    after = provision("user_naming", mine.tenant_id).place
    assert not ids.is_id(after.slug)
    provisioning.ensure_member(after.tenant_id, "user_named_after", email="x@example.com", name="", role="member")
    for named in (mine.tenant_id, mine.tenant_id.upper(), mine.slug):
        user_id, place = members.find_membership("user_named_after", named)
        session = sessions.read_session(user_id, wanted=named, find_contact=lambda: Contact(None))
        assert (place.tenant_id, session.current.tenant_id) == (mine.tenant_id, mine.tenant_id)


def test_the_database_refuses_a_slug_that_looks_like_an_id(database) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation, match="slug_is_no_id"):
        database.add_tenant(ids.new_id())


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Golden Hour", "golden-hour"),
        ("  --Café Ünïcode!!--", "cafe-unicode"),
        ("Золотой Купон", "zolotoy-kupon"),
        ("日本の店", "ribennodian"),
        ("متجر الذهب", "mtjr-ldhhb"),
        ("İstanbul", "istanbul"),
        ("7", "7-workspace"),
        ("\u200b", "workspace"),
        ("!!!", "workspace"),
        ("x" * 100, "x" * 40),
        ("a" * 39 + " b", "a" * 39),
        ("Admin", "admin-workspace"),
    ],
)
def test_a_slug_reads_like_the_name(name: str, slug: str) -> None:
    assert slugs.slug_of(name) == slug


@given(st.text(max_size=200))
def test_every_name_has_a_slug_that_the_database_takes(name: str) -> None:
    for slug in list(slugs.candidates(name))[:12]:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,62}", slug)
        assert slug not in slugs.RESERVED


def test_without_a_verified_address_nothing_is_made(database) -> None:
    before = count(database, "tenants", "true"), count(database, "users", "true")
    with pytest.raises(EmailNotVerified):
        provision("user_unverified", "Nobody", email=None)
    assert (count(database, "tenants", "true"), count(database, "users", "true")) == before


def test_an_owner_put_in_by_a_tool_has_his_tenant_already(database) -> None:
    tenant_id = database.add_tenant()
    provisioning.ensure_member(tenant_id, "user_seeded", email="s@example.com", name="Sue", role="owner")
    again = provision("user_seeded", "A second one", email=None)
    assert (again.place.tenant_id, again.is_new) == (tenant_id, False)


def test_putting_somebody_in_twice_changes_the_role_only(database) -> None:
    tenant_id = database.add_tenant()
    ids = {
        provisioning.ensure_member(tenant_id, "user_twice", email="t@example.com", name="Tom", role=role)
        for role in ("member", "admin", "admin")
    }
    assert len(ids) == 1
    assert database.query("SELECT role FROM memberships WHERE tenant_id = %s", tenant_id) == [("admin",)]
    assert count(database, "audit_log", "tenant_id = %s", tenant_id) == 1


def test_a_failure_in_the_middle_leaves_nothing_behind(database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Person, tenant, ownership and audit line stand or fall together."""

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(provisioning.audit, "record", fail)
    with pytest.raises(KeyboardInterrupt):
        provision("user_interrupted", "Interrupted Inc")
    assert count(database, "users", "subject = 'user_interrupted'") == 0
    assert count(database, "tenants", "slug = 'interrupted-inc'") == 0
