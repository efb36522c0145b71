"""Of a person who is erased nothing is left in any table, file or log; what he did stays a figure of nobody."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from promostack.analytics import report
from promostack.analytics.errors import PersonMissing
from promostack.core.clock import SystemClock
from promostack.integrations import spaces
from promostack.leaving import erasure, exports
from promostack.leaving.exports import Exporter
from promostack.tenants.audit import Actor
from tests.integration.leaving.conftest import A_BOT, LEAVING, STAYING, Filled
from tests.integration.leaving.test_closing import everything, traces

PLATFORM = Actor("admin:somebody@promostack.example")
PERSON, NEIGHBOUR = 5_511_000_111, 5_522_000_222
# What a person leaves behind; `{who}` is his number, `{mark}` stands in what he typed or is called.
UPDATES = (
    {"message": {"text": "{mark}", "chat": {"id": "{who}"}, "from": {"id": "{who}", "first_name": "{mark}"}}},
    {"message": {"text": "in a group", "chat": {"id": -100}, "from": {"id": "{who}", "first_name": "{mark}"}}},
    {"callback_query": {"data": "x", "from": {"id": "{who}", "first_name": "{mark}"}}},
    {"inline_query": {"query": "{mark}", "from": {"id": "{who}"}}},
    {
        "message": {
            "chat": {"id": -100},
            "from": {"id": 7},
            "reply_to_message": {"from": {"id": "{who}"}, "text": "{mark}"},
        }
    },
)


def fill(database, tenant_id: str, who: int, mark: str) -> None:
    """A row of that person wherever one can be."""

    def named(value: object) -> str:
        text = json.dumps(value).replace("{mark}", mark)
        return text.replace('"{who}"', str(who))

    [(bot_id,)] = database.query("SELECT id FROM bots WHERE tenant_id = %s", tenant_id)
    add = database.query
    for number, update in enumerate(UPDATES):
        add(
            "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state) VALUES (%s, %s, %s, %s, %s)",
            tenant_id, bot_id, who % 1000 * 10 + number, named(update), "parked" if number else "done",
        )  # fmt: skip
    add(
        "INSERT INTO conversations (tenant_id, bot_id, user_id, chat_id, state) VALUES (%s, %s, %s, %s, %s)",
        tenant_id, bot_id, who, who, named({"code": "{mark}"}),
    )  # fmt: skip
    for chat, payload, state in (
        (who, {"text": "{mark}"}, "sent"),
        (who, {"text": "later, {mark}"}, "waiting"),
        (-100, {"text": "{mark}", "reply_parameters": {"user": "{who}"}}, "sent"),
    ):
        add(
            "INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state)"
            " VALUES (%s, %s, %s, 'reply', 'sendMessage', %s, gen_random_uuid()::text, 1, %s)",
            tenant_id, bot_id, chat, named(payload), state,
        )  # fmt: skip
    for kind, code in (("code_invalid", mark), ("rendered", "SUMMER")):
        add(
            "INSERT INTO usage_events (tenant_id, kind, bot_id, chat_id, user_id, data)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            tenant_id, kind, A_BOT, who, who, json.dumps({"code": code, "template": "t", "format": "square", "ms": 5}),
        )  # fmt: skip
    add(
        "INSERT INTO chat_limiters (tenant_id, bot_id, chat_id, next_at) VALUES (%s, %s, %s, now())",
        tenant_id,
        bot_id,
        who,
    )
    for actor in (f"chat:{who}", f"inline:{who}"):
        add("INSERT INTO rate_limits VALUES (%s, 'check', %s, now() + interval '1 h', 1)", tenant_id, actor)
        add("INSERT INTO coupon_misses VALUES (%s, %s, %s, now())", tenant_id, actor, mark)
    add("UPDATE channels SET connected_by = %s WHERE tenant_id = %s", who, tenant_id)
    add("UPDATE channel_posts SET author = %s WHERE tenant_id = %s", f"chat:{who}", tenant_id)


def mark_of(who: int) -> str:
    return f"canary-of-{who}"


@pytest.fixture
def peopled(database, filled: Filled) -> Filled:
    for tenant in (LEAVING, STAYING):
        fill(database, tenant.id, NEIGHBOUR, mark_of(NEIGHBOUR))
        fill(database, tenant.id, PERSON, mark_of(PERSON))
    return filled


def forget(tenant_id: str = LEAVING.id, person: int = PERSON) -> int:
    erasure.ask(tenant_id, person, actor=PLATFORM)
    return run(tenant_id)


def run(tenant_id: str = LEAVING.id) -> int:
    return erasure.run(tenant_id, datetime.now(UTC), private=spaces.private_bucket())


def make_export(tenant_id: str) -> str:
    made = exports.ask(tenant_id, actor=PLATFORM, now=datetime.now(UTC)).id
    assert Exporter(spaces.private_bucket(), spaces.public_bucket(), SystemClock()).run(tenant_id) == 1
    return made


def texts_of_files(tenant_id: str) -> dict[str, bytes]:
    """Name → content of every file in both buckets, those inside archives too."""
    found = {}
    for bucket in (spaces.public_bucket(), spaces.private_bucket()):
        for key in bucket.keys_of(tenant_id):
            found[key] = bucket.get(key)
            if key.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(found[key])) as archive:
                    found |= {f"{key}/{name}": archive.read(name) for name in archive.namelist()}
    return found


def files_naming(tenant_id: str, *marks: str) -> list[str]:
    files = texts_of_files(tenant_id)
    return sorted(name for name in files if any(mark in name or mark.encode() in files[name] for mark in marks))


def of_tenant(held: dict[str, list[str]], tenant_id: str) -> dict[str, list[str]]:
    return {table: [row for row in rows if tenant_id in row] for table, rows in held.items()}


def test_nothing_is_left_of_the_person_here_and_all_of_everybody_else(database, peopled: Filled) -> None:
    before = everything(database)
    assert len(traces(of_tenant(before, LEAVING.id), mark_of(PERSON), str(PERSON))) > 15
    assert forget() == 1
    after = everything(database)
    assert traces(of_tenant(after, LEAVING.id), mark_of(PERSON), str(PERSON)) == []
    assert of_tenant(after, STAYING.id) == of_tenant(before, STAYING.id), "what another tenant knows of him is its own"
    neighbours = traces(of_tenant(before, LEAVING.id), mark_of(NEIGHBOUR), str(NEIGHBOUR))
    assert traces(of_tenant(after, LEAVING.id), mark_of(NEIGHBOUR), str(NEIGHBOUR)) == neighbours
    lines = database.query(
        "SELECT action FROM audit_log WHERE tenant_id = %s AND id < 1000000 ORDER BY id DESC LIMIT 2", LEAVING.id
    )
    assert lines == [("person.erased",), ("person.erasure_asked",)]


# Numbers of bots, channels, rows and money, not of people. A column that is neither here nor forgotten fails below.
NOT_PEOPLE = {
    "audit_log.id", "bots.telegram_id", "channels.chat_id", "channels.told_update", "local_redemptions.amount_minor",
    "person_erasures.stand_in", "signal_ledger.seq", "signals.chat_id", "signals.message_id", "signals.outbox_id",
    "tenant_exports.rows_done", "usage_events.id",
}  # fmt: skip


def test_no_column_of_any_table_keeps_his_number(database, filled: Filled) -> None:
    """Every free number of the tenant's rows is the same one, in columns that nobody has thought of too."""

    def holding() -> set[str]:
        return {
            f"{table}.{column}"
            for table, rows in of_tenant(everything(database), LEAVING.id).items()
            for row in rows
            for column, value in json.loads(row).items()
            if str(LEAVING.number) in json.dumps(value)
        }

    before = holding()
    assert before > NOT_PEOPLE
    assert forget(person=LEAVING.number) == 1
    assert holding() == NOT_PEOPLE


def test_exports_that_hold_him_go_and_those_of_others_stay(database, peopled: Filled, monkeypatch) -> None:
    make_export(STAYING.id)
    made = make_export(LEAVING.id)
    orphan = f"exports/{LEAVING.id}/{made}/part-9.zip.cut"  # of a maker that died before the one that came to the end
    spaces.private_bucket().put(orphan, mark_of(PERSON).encode(), media_type="application/zip")
    assert len(files_naming(LEAVING.id, mark_of(PERSON), str(PERSON))) > 5
    theirs = sorted(texts_of_files(STAYING.id))
    assert forget() == 1
    assert files_naming(LEAVING.id, mark_of(PERSON), str(PERSON)) == []
    assert sorted(texts_of_files(STAYING.id)) == theirs
    assert sorted(texts_of_files(LEAVING.id)) == sorted(
        peopled.keys["leaving public"] + peopled.keys["leaving private"]
    )
    states = database.query("SELECT state FROM tenant_exports WHERE tenant_id = %s AND id = %s", LEAVING.id, made)
    assert states == [("expired",)]
    make_export(LEAVING.id)
    assert files_naming(LEAVING.id, mark_of(PERSON), str(PERSON)) == []


def test_an_export_that_is_being_made_is_waited_for(database, peopled: Filled) -> None:
    made = exports.ask(LEAVING.id, actor=PLATFORM, now=datetime.now(UTC)).id
    database.query("UPDATE tenant_exports SET state = 'running', lease_until = now() WHERE id = %s", made)
    assert forget() == 0
    assert Exporter(spaces.private_bucket(), spaces.public_bucket(), SystemClock()).run(LEAVING.id) == 1
    assert run() == 1
    assert [key for key in texts_of_files(LEAVING.id) if key.startswith("exports/")] == []


def test_the_log_names_nobody(database, peopled: Filled, capsys) -> None:
    make_export(LEAVING.id)
    assert forget() == 1
    logged = capsys.readouterr()
    assert "export_made" in logged.out
    for mark in (mark_of(PERSON), str(PERSON)):
        assert mark not in logged.out + logged.err


def test_the_figures_stay_as_they_were(database, peopled: Filled) -> None:
    def figures() -> object:
        counts = database.query(
            "SELECT kind, count(*), count(DISTINCT user_id), sum((data ->> 'ms')::int) FROM usage_events"
            " WHERE tenant_id = %s GROUP BY kind ORDER BY kind",
            LEAVING.id,
        )
        seen = database.query("SELECT first_seen_at FROM people_seen WHERE tenant_id = %s ORDER BY 1", LEAVING.id)
        codes = database.query(
            "SELECT data ->> 'code' FROM usage_events WHERE tenant_id = %s AND kind = 'rendered' ORDER BY 1", LEAVING.id
        )
        return counts, seen, codes

    before = figures()
    forget()
    assert figures() == before
    with pytest.raises(PersonMissing):
        report.steps_of(LEAVING.id, PERSON, before=None, most=10)
    stand_ins = database.query("SELECT user_id FROM usage_events WHERE tenant_id = %s AND user_id < 0", LEAVING.id)
    assert len(set(stand_ins)) == 1
    assert len(stand_ins) == 2


def test_what_is_being_sent_is_waited_for(database, peopled: Filled) -> None:
    database.query(
        "UPDATE outbox SET state = 'leased', lease_until = now() + interval '1 min'"
        " WHERE tenant_id = %s AND chat_id = %s AND state = 'waiting'",
        LEAVING.id,
        PERSON,
    )
    assert forget() == 0
    database.query("UPDATE outbox SET state = 'sent' WHERE tenant_id = %s AND chat_id = %s", LEAVING.id, PERSON)
    assert run() == 1
    assert traces(of_tenant(everything(database), LEAVING.id), mark_of(PERSON), str(PERSON)) == []


def test_asked_twice_he_is_forgotten_once(database, peopled: Filled) -> None:
    first = erasure.ask(LEAVING.id, PERSON, actor=PLATFORM)
    assert erasure.ask(LEAVING.id, PERSON, actor=PLATFORM) == first
    assert run() == 1
    assert run() == 0


def test_killed_after_each_statement_it_goes_on(database, peopled: Filled, monkeypatch) -> None:
    from promostack.db.uow import Transaction
    from tests.integration.leaving.test_closing import Killed

    erasure.ask(LEAVING.id, PERSON, actor=PLATFORM)
    left = [0]
    for name, method in {name: getattr(Transaction, name) for name in ("rows", "value", "run")}.items():

        def counted(self, query, method=method, **params):
            answer = method(self, query, **params)
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return answer

        monkeypatch.setattr(Transaction, name, counted)
    runs, done = 0, 0
    while not done:
        runs += 1
        left[0] = runs
        try:
            done = run()
        except Killed:
            assert runs < 100
    assert runs > 5
    monkeypatch.undo()
    assert traces(of_tenant(everything(database), LEAVING.id), mark_of(PERSON), str(PERSON)) == []
