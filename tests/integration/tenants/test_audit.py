"""The audit log is only ever added to: the app's role has no right to do anything else."""

from contextlib import suppress

import psycopg2
import pytest

from promostack.db.uow import unit_of_work
from promostack.tenants import audit
from promostack.tenants.audit import Actor


@pytest.fixture
def entry(tenant_id: str) -> str:
    with unit_of_work(tenant_id) as tx:
        audit.record(tx, tenant_id, Actor("system", "req-1"), "thing.done", target="x", data={"a": 1})
    return tenant_id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'nothing' WHERE tenant_id = %(tenant_id)s",
        "UPDATE audit_log SET at = now() WHERE tenant_id = %(tenant_id)s",
        "DELETE FROM audit_log WHERE tenant_id = %(tenant_id)s",
        "TRUNCATE audit_log",
        "ALTER TABLE audit_log DISABLE ROW LEVEL SECURITY",
        "DROP TABLE audit_log",
    ],
)
def test_the_app_can_neither_change_nor_remove_a_line(database, entry: str, statement: str) -> None:
    before = database.query("SELECT * FROM audit_log WHERE tenant_id = %s", entry)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), unit_of_work(entry) as tx:
        tx.run(statement, tenant_id=entry)
    assert database.query("SELECT * FROM audit_log WHERE tenant_id = %s", entry) == before
    assert len(before) == 1


def test_a_line_cannot_be_written_for_another_tenant(database, entry: str) -> None:
    other = database.add_tenant()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), unit_of_work(entry) as tx:
        audit.record(tx, other, Actor("system"), "thing.done")
    assert database.query("SELECT count(*) FROM audit_log WHERE tenant_id = %s", other) == [(0,)]


def test_change_and_line_stand_or_fall_together(database, entry: str) -> None:
    with suppress(KeyboardInterrupt), unit_of_work(entry) as tx:
        audit.record(tx, entry, Actor("system"), "thing.done")
        raise KeyboardInterrupt
    assert database.query("SELECT count(*) FROM audit_log WHERE tenant_id = %s", entry) == [(1,)]


def test_lines_are_read_newest_first_with_what_was_said(entry: str) -> None:
    with unit_of_work(entry) as tx:
        audit.record(tx, entry, Actor("admin:ada@example.com"), "tenant.suspended", data={"reason": "r"})
    newest, oldest = audit.list_entries(entry, limit=5)
    assert (newest.action, newest.actor, newest.data) == ("tenant.suspended", "admin:ada@example.com", {"reason": "r"})
    assert (oldest.action, oldest.target, oldest.data, oldest.request_id) == ("thing.done", "x", {"a": 1}, "req-1")
    assert audit.list_entries(entry, limit=5, before=newest.id) == [oldest]
