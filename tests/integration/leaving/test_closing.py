"""A deletion is held off and can be undone; then nothing is left, whenever it was killed in between."""

import contextlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from promostack.core.clock import SystemClock
from promostack.core.errors import Unavailable
from promostack.db.uow import Transaction, unit_of_work
from promostack.integrations import spaces
from promostack.leaving import closing
from promostack.leaving.closing import DELAY, Eraser
from promostack.leaving.errors import AlreadyClosing, NameDiffers, NotClosing
from promostack.telegram.goodbye import TelegramSilent
from promostack.tenants import service
from promostack.tenants.audit import Actor
from promostack.tenants.errors import TenantPaused
from tests.integration.leaving.conftest import LEAVING, STAYING, Filled

PLATFORM = Actor("admin:somebody@promostack.example")
# What the schema's migrations fill, and where a deletion is written down.
NOT_TENANTS = {"schema_migrations", "tenant_deletions"}


def now() -> datetime:
    return datetime.now(UTC)


def everything(database) -> dict[str, list[str]]:
    """Table → its rows as JSON, whosever they are."""
    tables = database.query(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    return {
        name: [row[0] for row in database.query(f"SELECT to_jsonb(t)::text FROM {name} AS t ORDER BY 1")]
        for (name,) in tables
        if name not in NOT_TENANTS
    }


def traces(held: dict[str, list[str]], *marks: str) -> list[str]:
    return [row for rows in held.values() for row in rows if any(mark in row for mark in marks)]


def files(tenant_id: str) -> list[str]:
    return [key for bucket in (spaces.public_bucket(), spaces.private_bucket()) for key in bucket.keys_of(tenant_id)]


def close(database, *, is_due: bool = True) -> None:
    closing.close(LEAVING.id, name=None, actor=PLATFORM, now=now(), reason="asked for by letter")
    if is_due:
        database.query("UPDATE tenants SET erase_at = now() - interval '1 s' WHERE tenant_id = %s", LEAVING.id)


def eraser(unhook=lambda tenant_id, bot_id: None, buckets=None) -> Eraser:
    return Eraser(buckets or (spaces.private_bucket(), spaces.public_bucket()), unhook, SystemClock())


def run(by: Eraser, is_time_left=lambda: True) -> int:
    return by.run(LEAVING.id, is_time_left=is_time_left)


def test_nothing_is_left_of_a_tenant_and_all_of_the_other(database, filled: Filled) -> None:
    close(database)
    before, unhooked = everything(database), []
    others = [row for row in traces(before, STAYING.id, STAYING.canary) if LEAVING.id not in row]
    bots = [str(row[0]) for row in database.query("SELECT id FROM bots WHERE tenant_id = %s", LEAVING.id)]
    assert run(eraser(lambda tenant_id, bot_id: unhooked.append(bot_id))) == 1
    after = everything(database)
    assert traces(after, LEAVING.id, LEAVING.canary, str(LEAVING.number), "owner@leaving.example") == []
    of_tenants = database.query("SELECT name FROM tenant_tables()")
    assert len(of_tenants) > 30
    for (table,) in of_tenants:
        assert database.query(f"SELECT 1 FROM {table} WHERE tenant_id = %s", LEAVING.id) == [], table
    assert files(LEAVING.id) == []
    assert unhooked == bots
    assert traces(after, STAYING.id, STAYING.canary) == others
    assert len(others) > 25
    assert sorted(files(STAYING.id)) == sorted(filled.keys["staying public"] + filled.keys["staying private"])
    [(asked_by, rows, count, is_finished)] = database.query(
        "SELECT asked_by, rows, files, finished_at IS NOT NULL FROM tenant_deletions WHERE former_id = %s", LEAVING.id
    )
    tables = {table for table in before if any(LEAVING.id in row for row in before[table])} - {"tenants", "users"}
    assert (asked_by, set(rows), count, is_finished) == (PLATFORM.id, tables, 6, True)
    assert LEAVING.canary not in json.dumps(rows)
    assert run(eraser()) == 0


def test_before_its_time_nothing_goes(database, filled: Filled) -> None:
    close(database, is_due=False)
    before = everything(database)
    assert run(eraser()) == 0
    assert everything(database) == before
    with pytest.raises(Exception, match="nothing of this is to be erased"), unit_of_work(LEAVING.id) as tx:
        tx.value("SELECT erase_tenant_rows('audit_log', 10)")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.long
def test_killed_after_each_statement_commit_and_call_it_goes_on(database, filled: Filled, monkeypatch) -> None:
    """Each run gets one step further than the one before, until one comes to the end."""
    close(database)
    steps = {"left": 0}

    def step() -> None:
        steps["left"] -= 1
        if steps["left"] < 0:
            raise Killed

    real = {name: getattr(Transaction, name) for name in ("rows", "row", "value", "run")}
    for name, method in real.items():

        def counted(self, query, method=method, **params):
            answer = method(self, query, **params)
            step()
            return answer

        monkeypatch.setattr(Transaction, name, counted)

    @contextlib.contextmanager
    def committing(*args, **kwargs):
        with unit_of_work(*args, **kwargs) as tx:
            yield tx
        step()

    class Bucket:
        """Dies after a call that did its work."""

        def __init__(self, real) -> None:
            self.real = real

        def keys_of(self, tenant_id: str):
            for key in self.real.keys_of(tenant_id):
                yield key
                step()

        def delete(self, key: str) -> None:
            self.real.delete(key)
            step()

    monkeypatch.setattr(closing, "unit_of_work", committing)
    buckets = (Bucket(spaces.private_bucket()), Bucket(spaces.public_bucket()))
    runs, done = 0, 0
    while not done:
        runs += 1
        steps["left"] = runs
        try:
            done = run(eraser(lambda tenant_id, bot_id: step(), buckets))
        except Killed:
            assert runs < 600
            # Once the last row is gone there is nothing to come back for.
            done = not database.query("SELECT 1 FROM tenants WHERE tenant_id = %s", LEAVING.id)
    monkeypatch.undo()
    assert runs > 40
    assert traces(everything(database), LEAVING.id, LEAVING.canary) == []
    assert files(LEAVING.id) == []
    [(rows, count)] = database.query("SELECT rows, files FROM tenant_deletions WHERE former_id = %s", LEAVING.id)
    assert set(rows.values()) <= {1, 2, 3}, "counted in the transaction that deletes, so never twice"
    assert count <= 6


def test_time_that_runs_out_leaves_the_rest_for_the_next_run(database, filled: Filled) -> None:
    close(database)
    looks = iter([True] * 5)
    assert run(eraser(), lambda: next(looks, False)) == 0
    assert traces(everything(database), LEAVING.id)
    assert run(eraser()) == 1


def test_a_telegram_that_is_away_holds_it_up_for_a_day_only(database, filled: Filled) -> None:
    close(database)

    def away(tenant_id: str, bot_id: str) -> None:
        raise TelegramSilent("Telegram does not answer.")

    with pytest.raises(Unavailable):
        run(eraser(away))
    assert files(LEAVING.id)
    database.query("UPDATE tenants SET erase_at = now() - interval '25 hours' WHERE tenant_id = %s", LEAVING.id)
    assert run(eraser(away)) == 1


def test_undone_everything_works_as_before(database, filled: Filled) -> None:
    database.query("UPDATE bots SET state = 'active' WHERE tenant_id = %s", LEAVING.id)
    erase_at = closing.close(LEAVING.id, name=LEAVING_NAME, actor=PLATFORM, now=now())
    assert timedelta(0) <= now() + DELAY - erase_at < timedelta(minutes=1)
    with pytest.raises(TenantPaused):
        service.get_tenant(LEAVING.id)
    assert database.query("SELECT state FROM bots WHERE tenant_id = %s", LEAVING.id) == [("suspended",)]
    assert [each.state for each in closing.read(LEAVING.id).exports] == ["waiting", "expired"], "its data first"
    with pytest.raises(AlreadyClosing):
        close(database)
    closing.keep(LEAVING.id, actor=PLATFORM, now=now())
    assert service.get_tenant(LEAVING.id).state == "active"
    assert database.query("SELECT state FROM bots WHERE tenant_id = %s", LEAVING.id) == [("active",)]
    assert closing.read(LEAVING.id).erase_at is None
    actions = database.query(
        "SELECT action FROM audit_log WHERE tenant_id = %s AND id < 1000000 ORDER BY id DESC LIMIT 3", LEAVING.id
    )
    assert actions == [("tenant.kept",), ("export.asked",), ("tenant.closing",)]
    with pytest.raises(NotClosing):
        closing.keep(LEAVING.id, actor=PLATFORM, now=now())


def test_once_the_time_has_come_nothing_is_undone(database, filled: Filled) -> None:
    close(database)
    with pytest.raises(NotClosing):
        closing.keep(LEAVING.id, actor=PLATFORM, now=now())


def test_a_name_that_differs_deletes_nothing(database, filled: Filled) -> None:
    with pytest.raises(NameDiffers):
        closing.close(LEAVING.id, name="another", actor=PLATFORM, now=now())
    assert closing.read(LEAVING.id).erase_at is None


LEAVING_NAME = f"{LEAVING.canary} tenants.name"
