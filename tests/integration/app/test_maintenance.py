"""work/maintenance: what is over goes, what is not stays, and a run may end anywhere."""

import base64
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from promostack.app import maintenance
from promostack.core import config, crypto
from promostack.db.uow import unit_of_work
from promostack.integrations import spaces
from promostack.tenants import secrets
from promostack.tenants.secrets import BOT_TOKEN, Purpose
from tests.integration.callers import main_of

ROOT = Path(__file__).resolve().parents[3]
KEYS = {key_id: base64.b64encode(key_id.encode() * 16).decode() for key_id in ("k1", "k2")}
SOON = timedelta(minutes=1)


def deploy(monkeypatch: pytest.MonkeyPatch, *key_ids: str) -> None:
    monkeypatch.setenv("SECRETS_KEYS", ",".join(f"{each}:{KEYS[each]}" for each in key_ids))
    config.optional.cache_clear()
    crypto._keys.cache_clear()


@pytest.fixture(autouse=True)
def _environment(store, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(monkeypatch, "k1")
    spaces.private_bucket.cache_clear()


@pytest.fixture
def filled(database, tenant_id: str) -> str:
    """A tenant with twelve secrets."""
    for number in range(12):
        with unit_of_work(tenant_id) as tx:
            secrets.put(tx, tenant_id, BOT_TOKEN, f"bot-{number:02d}", f"{tenant_id}-{number}")
    return tenant_id


def seals(database, tenant_id: str) -> set[str]:
    return {row[0] for row in database.query("SELECT sealed_with FROM secrets WHERE tenant_id = %s", tenant_id)}


def ago(age: timedelta) -> datetime:
    return datetime.now(UTC) - age


def test_each_job_clears_what_is_over_and_nothing_else(database, tenant_id: str) -> None:
    """One row past its time and one before it, for every kind of leftover."""
    bot_id = _add_bot(database, tenant_id)
    for table, columns, old, new in (
        ("rate_limits", "action, actor, hits, window_ends_at", ["a", "ip:1", 1, ago(SOON)],
         ["a", "ip:2", 1, ago(-SOON)]),
        ("coupon_checks", "code, status, reason, checked_at, expires_at",
         ["OLD", "valid", "x", ago(SOON), ago(SOON)], ["NEW", "valid", "x", ago(SOON), ago(-SOON)]),
        ("coupon_misses", "actor, code, missed_at", ["ip:1", "OLD", ago(timedelta(hours=3))],
         ["ip:1", "NEW", ago(SOON)]),
    ):  # fmt: skip
        for row in (old, new):
            _insert(database, table, f"tenant_id, {columns}", [tenant_id, *row])
    finished = {"done": (49, 47), "ignored": (49, 47), "parked": (31 * 24, 29 * 24), "waiting": (1, 0)}
    for number, (state, hours) in enumerate(finished.items()):
        for age_h in hours:
            values = [tenant_id, bot_id, 100 * number + age_h, "{}", state, ago(timedelta(hours=age_h))]
            _insert(database, "telegram_updates", "tenant_id, bot_id, update_id, payload, state, received_at", values)
    for actor, end in (("ip:old", ago(SOON)), ("ip:new", ago(-SOON))):
        _insert(database, "login_tries", "actor, window_ends_at, tries", [actor, end, 6])
    for actor, days in (("old", 91), ("new", 89)):
        values = [ago(timedelta(days=days)), "x", "f", "h", actor]
        _insert(database, "auth_failures", "minute, reason, function, host, actor", values)
    for name, days in (("old", 8), ("new", 6)):
        values = [tenant_id, str(uuid4()), f"{name}@a.example", "member", str(uuid4()), ago(timedelta(days=days))]
        _insert(database, "invitations", "tenant_id, id, email, role, invited_by, expires_at", values)
    for age_d in (91, 89):
        _add_message(database, tenant_id, bot_id, state="sent", finished_at=ago(timedelta(days=age_d)))
    for chat_id, age in enumerate((timedelta(minutes=11), timedelta(minutes=9))):
        _insert(
            database, "chat_limiters", "tenant_id, bot_id, chat_id, next_at", [tenant_id, bot_id, chat_id, ago(age)]
        )
    counts = maintenance.run(30)
    assert counts == {
        "resealed": 0, "uploads_unfinished": 0, "logos_replaced": 0, "renders_unused": 0,
        "rate_limits_over": 1, "coupon_checks_expired": 1, "coupon_misses_old": 1, "invitations_ended": 1,
        "updates_finished": 3, "messages_finished": 1, "chats_idle": 1, "login_tries_over": 1,
        "auth_failures_old": 1, "failed": 0,
    }  # fmt: skip
    assert database.query("SELECT actor FROM rate_limits") == [("ip:2",)]
    assert database.query("SELECT code FROM coupon_checks") == [("NEW",)]
    assert database.query("SELECT code FROM coupon_misses") == [("NEW",)]
    assert database.query("SELECT email FROM invitations") == [("new@a.example",)]
    left = database.query("SELECT state FROM telegram_updates ORDER BY state")
    assert left == [("done",), ("ignored",), ("parked",), ("waiting",), ("waiting",)]
    assert database.query("SELECT finished_at > now() - interval '90 days' FROM outbox") == [(True,)]
    assert database.query("SELECT chat_id FROM chat_limiters") == [(1,)]
    assert database.query("SELECT actor FROM login_tries") == [("ip:new",)]
    assert database.query("SELECT actor FROM auth_failures WHERE actor IN ('old', 'new')") == [("new",)]
    assert set(maintenance.run(30).values()) == {0}


def test_more_than_a_batch_goes_in_several(database, tenant_id: str, monkeypatch) -> None:
    monkeypatch.setattr(maintenance, "BATCH", 3)
    for number in range(10):
        values = [tenant_id, "a", f"ip:{number}", 1, ago(SOON)]
        _insert(database, "rate_limits", "tenant_id, action, actor, hits, window_ends_at", values)
    assert maintenance.run(30)["rate_limits_over"] == 10


def test_a_message_stays_that_is_still_to_go_out_or_that_a_post_is_known_by(database, tenant_id: str) -> None:
    """However old: the post's own message, its latest change, one that waits, one that its sender holds."""
    bot_id, channel_id = str(uuid4()), str(uuid4())
    _insert(database, "bots", "tenant_id, id, public_id, telegram_id, username, webhook_secret_hash",
            [tenant_id, bot_id, bot_id, 2, "y_bot", "h"])  # fmt: skip
    long_ago = ago(timedelta(days=400))
    sent, changed, over = (
        _add_message(database, tenant_id, bot_id, state="sent", finished_at=long_ago) for _ in range(3)
    )
    open_ones = [
        _add_message(database, tenant_id, bot_id, state=each, due_at=long_ago) for each in ("waiting", "leased")
    ]
    _insert(database, "channels", "tenant_id, id, bot_id, chat_id, title, connected_by, told_at, told_update",
            [tenant_id, channel_id, bot_id, -100, "News", 1, long_ago, 1])  # fmt: skip
    _insert(database, "channel_posts",
            "tenant_id, id, channel_id, author, code, object_key, sha256, media_type, caption, outbox_id, change_id",
            [tenant_id, str(uuid4()), channel_id, "me", "C", "k", "s", "image/png", "c", sent, changed])  # fmt: skip
    assert maintenance.run(30)["messages_finished"] == 1
    left = {row[0] for row in database.query("SELECT id FROM outbox WHERE bot_id = %s", bot_id)}
    assert left == {sent, changed, *open_ones}
    assert over not in left
    assert database.query("SELECT outbox_id, change_id FROM channel_posts") == [(sent, changed)]


def test_unused_pictures_go_with_their_objects_and_shared_objects_stay(database, tenant_id: str) -> None:
    version = _add_version(database, tenant_id)
    bucket = spaces.public_bucket()
    keys = {name: f"renders/{tenant_id}/{name}.png" for name in ("old", "new", "shared")}
    for key in keys.values():
        bucket.put(key, b"x", media_type="image/png")
    for number, (name, days) in enumerate((("old", 91), ("new", 89), ("shared", 91), ("shared", 1))):
        _add_render(database, tenant_id, version, f"{number}" * 64, keys[name], days)
    assert maintenance.run(30)["renders_unused"] == 2
    assert {name: bucket.head(key) is not None for name, key in keys.items()} == {
        "old": False, "new": True, "shared": True,
    }  # fmt: skip
    left = database.query("SELECT object_key FROM renders WHERE tenant_id = %s ORDER BY 1", tenant_id)
    assert left == [(keys["new"],), (keys["shared"],)]


def test_a_sweep_that_dies_after_the_object_goes_on_with_the_row(database, tenant_id: str, monkeypatch) -> None:
    version = _add_version(database, tenant_id)
    key = f"renders/{tenant_id}/old.png"
    _add_render(database, tenant_id, version, "a" * 64, key, 91)
    public = spaces.public_bucket()

    class Dying:
        def delete(self, key: str) -> None:
            public.delete(key)
            raise KeyboardInterrupt

    from promostack.publishing import expiry

    with pytest.raises(KeyboardInterrupt):
        expiry.sweep_renders(tenant_id, datetime.now(UTC), 10, public=Dying())
    assert database.query("SELECT expiring_at IS NOT NULL FROM renders WHERE tenant_id = %s", tenant_id) == [(True,)]
    assert maintenance.run(30)["renders_unused"] == 1
    assert database.query("SELECT count(*) FROM renders WHERE tenant_id = %s", tenant_id) == [(0,)]


def test_a_picture_drawn_again_while_it_expires_is_in_use_again(database, tenant_id: str) -> None:
    from promostack.db.sql import load

    version, sql = _add_version(database, tenant_id), load("promostack.publishing")
    _add_render(database, tenant_id, version, "b" * 64, "old.png", 91)
    database.query("UPDATE renders SET expiring_at = now() WHERE tenant_id = %s", tenant_id)
    now = datetime.now(UTC)
    with unit_of_work(tenant_id) as tx:
        assert tx.row(sql.find_render, tenant_id=tenant_id, render_key="b" * 64, now=now) is None
        made = {
            "object_key": "new.png",
            "sha256": "c" * 64,
            "bytes": 2,
            "width": 1,
            "height": 1,
        }
        tx.run(
            sql.insert_render,
            tenant_id=tenant_id,
            render_key="b" * 64,
            version_id=version,
            now=now,
            media_type="x",
            **made,
        )
        assert tx.row(sql.find_render, tenant_id=tenant_id, render_key="b" * 64, now=now)["object_key"] == "new.png"


def test_every_secret_is_sealed_anew_and_the_log_counts_without_values(
    database, filled: str, monkeypatch, capsys
) -> None:
    deploy(monkeypatch, "k2", "k1")
    context = SimpleNamespace(activation_id="a1", get_remaining_time_in_millis=lambda: 300_000)
    result = main_of("work", "maintenance")({}, context)
    assert (result["ok"], result["resealed"], result["failed"]) == (True, 12, 0)
    assert seals(database, filled) == {"v2.k2"}
    logged = capsys.readouterr().out
    assert json.loads(logged.splitlines()[-1])["resealed"] == 12
    assert f"{filled}-1" not in logged
    deploy(monkeypatch, "k2")
    assert secrets.read(filled, BOT_TOKEN, "bot-07") == f"{filled}-7"


def test_one_tenants_failure_keeps_no_other_waiting(database, filled: str, monkeypatch, capsys) -> None:
    other = database.add_tenant()
    _insert(database, "rate_limits", "tenant_id, action, actor, hits, window_ends_at", [other, "a", "b", 1, ago(SOON)])
    monkeypatch.setattr(spaces.private_bucket(), "_name", "missing-bucket")
    _insert(
        database, "uploads", "tenant_id, id, purpose, media_type, bytes, created_by, created_at",
        [filled, "00000000-0000-4000-8000-000000000000", "logo", "image/png", 1, "x", ago(timedelta(days=2))],
    )  # fmt: skip
    counts = maintenance.run(30)
    assert (counts["failed"], counts["rate_limits_over"]) == (1, 1)
    assert '"sweep_failed"' in capsys.readouterr().out


def test_a_secret_of_an_unknown_purpose_is_left_and_the_others_go_on(
    database, filled: str, monkeypatch, capsys
) -> None:
    """As while two versions of the code are deployed, the newer of which knows one purpose more."""
    later = Purpose("clerk.later", is_exclusive=True)
    with unit_of_work(filled) as tx:
        secrets.put(tx, filled, later, "", f"{filled}-later")
    _insert(database, "rate_limits", "tenant_id, action, actor, hits, window_ends_at", [filled, "a", "b", 1, ago(SOON)])
    deploy(monkeypatch, "k2", "k1")
    counts = maintenance.run(30)
    assert (counts["rate_limits_over"], counts["failed"]) == (1, 0)
    sealed = "SELECT purpose, sealed_with, count(*) FROM secrets WHERE tenant_id = %s GROUP BY 1, 2 ORDER BY 1"
    assert database.query(sealed, filled) == [("bot.token", "v2.k2", 12), ("clerk.later", "v2.k1", 1)]
    assert '"unknown_purpose"' in capsys.readouterr().out
    assert secrets.read(filled, later, "") == f"{filled}-later"


def test_a_bug_in_one_job_keeps_no_other_waiting(database, tenant_id: str, monkeypatch, capsys) -> None:
    """The run tells that it failed, so that the platform's list of runs shows it; everything else is done."""
    _insert(
        database, "rate_limits", "tenant_id, action, actor, hits, window_ends_at", [tenant_id, "a", "b", 1, ago(SOON)]
    )

    def break_down(*args: object) -> int:
        raise KeyError("clerk.later")

    broken = maintenance.Job("broken", of_tenant=break_down, of_platform=break_down)
    real = maintenance.jobs
    monkeypatch.setattr(maintenance, "jobs", lambda: (broken, *real()))
    counts = maintenance.run(30)
    tenants = database.query("SELECT count(*) FROM tenants")[0][0]
    assert (counts["broken"], counts["rate_limits_over"], counts["failed"]) == (0, 1, tenants + 1)
    assert '"sweep_failed"' in capsys.readouterr().out


def test_time_that_is_up_ends_each_job_after_its_first_batch(database, filled: str, monkeypatch, capsys) -> None:
    deploy(monkeypatch, "k2", "k1")
    maintenance.run(0)
    assert '"out_of_time"' in capsys.readouterr().out
    maintenance.run(30)
    assert seals(database, filled) == {"v2.k2"}


@pytest.mark.parametrize("at", [1, 5, 9])
def test_killed_in_the_middle_of_a_batch_every_secret_opens_and_the_next_run_ends_it(
    database, filled: str, monkeypatch, at: int
) -> None:
    """SIGKILL at the n-th statement of the batch, in a process of its own."""
    deploy(monkeypatch, "k2", "k1")
    killer = f"""
import os, signal, sys
from promostack.db import uow
from promostack.tenants import secrets
run, seen = uow.Transaction.run, []
def dying(self, query, **params):
    seen.append(query)
    if len(seen) == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(self, query, **params)
uow.Transaction.run = dying
secrets.rekey({filled!r}, most=5)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "shared")}
    done = subprocess.run([sys.executable, "-c", killer], env=environment, timeout=60)
    assert done.returncode == -signal.SIGKILL
    for number in range(12):
        assert secrets.read(filled, BOT_TOKEN, f"bot-{number:02d}") == f"{filled}-{number}"
    assert maintenance.rekey(filled, datetime.now(UTC), 5) == 12
    assert seals(database, filled) == {"v2.k2"}
    fingerprints = database.query(
        "SELECT count(*), count(DISTINCT (subject, key_id)) FROM secret_fingerprints WHERE tenant_id = %s", filled
    )
    assert fingerprints == [(24, 24)]


def _insert(database, table: str, columns: str, values: list[object]) -> None:
    database.query(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})", *values)


def _add_bot(database, tenant_id: str) -> str:
    bot_id = "11111111-1111-4111-8111-111111111111"
    columns = "tenant_id, id, public_id, telegram_id, username, webhook_secret_hash"
    _insert(database, "bots", columns, [tenant_id, bot_id, "p1", 1, "x_bot", "h"])
    return bot_id


def _add_message(database, tenant_id: str, bot_id: str, **more: object) -> int:
    row = {"tenant_id": tenant_id, "bot_id": bot_id, "chat_id": 1, "kind": "broadcast", "method": "sendMessage",
           "payload": "{}", "idempotency_key": str(uuid4()), "priority": 30, **more}  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    query = f"INSERT INTO outbox ({', '.join(row)}) VALUES ({marks}) RETURNING id"
    return int(database.query(query, *row.values())[0][0])


def _add_version(database, tenant_id: str) -> str:
    version = "22222222-2222-4222-8222-222222222222"
    _insert(database, "templates", "tenant_id, template_id, slug, name", [tenant_id, version, "t", "T"])
    columns = "tenant_id, version_id, template_id, number, document, document_sha256"
    _insert(database, "template_versions", columns, [tenant_id, version, version, 1, "{}", "a" * 64])
    return version


def _add_render(database, tenant_id: str, version: str, render_key: str, object_key: str, unused_days: int) -> None:
    columns = "tenant_id, render_key, version_id, object_key, sha256, bytes, width, height, media_type, last_used_at"
    last_used_at = ago(timedelta(days=unused_days))
    values = [tenant_id, render_key, version, object_key, "d" * 64, 1, 1, 1, "image/png", last_used_at]
    _insert(database, "renders", columns, values)
