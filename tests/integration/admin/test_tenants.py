"""admin/tenants: the platform's list, one tenant, suspending and resuming."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest

from promostack.core.clock import SystemClock
from promostack.db.uow import Transaction, unit_of_work
from promostack.leaving import closing
from promostack.tenants import oversight
from promostack.tenants.audit import Actor
from tests.integration.people import build_house

ROUTE = "admin/tenants"


def pages(platform, *, limit: int, search: str = "") -> list[list[dict]]:
    """The list page by page until it ends."""
    found, cursor = [], None
    while cursor is not None or not found:
        query = f"limit={limit}&q={quote(search)}" + (f"&cursor={cursor}" if cursor else "")
        page = platform.get(ROUTE, query=query).json
        found.append(page["items"])
        cursor = page["next"]
    return found


def test_a_tenant_is_listed_with_its_owner_and_size(platform, house) -> None:
    [[card]] = pages(platform, limit=50, search=house.slug)
    assert {**card, "created_at": None} == {
        "id": house.tenant_id, "slug": house.slug, "name": house.slug.title(), "state": "active",
        "owner_email": house.owner.email, "members": 4, "created_at": None,
        "bots": 0, "bots_in_trouble": 0, "used_at": None,
    }  # fmt: skip


def test_a_tenant_without_people_is_listed_too(platform, database) -> None:
    slug = f"empty-{uuid4().hex[:8]}"
    database.add_tenant(slug)
    [[card]] = pages(platform, limit=50, search=slug)
    assert (card["owner_email"], card["members"]) == (None, 0)


def test_the_list_says_whether_a_tenants_bots_work_and_when_they_were_used(platform, house, database) -> None:
    states = [("active", None), ("active", "webhook_missing"), ("paused", None), ("disconnected", "token_refused")]
    for number, (state, problem) in enumerate(states):
        database.query(
            "INSERT INTO bots"
            " (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash, state, check_problem) VALUES"
            " (%s, gen_random_uuid(), gen_random_uuid()::text, (random() * 1e15)::bigint, %s, 'h', %s, %s)",
            house.tenant_id,
            f"listed{number}_bot",
            state,
            problem,
        )
    for at in ("2026-01-05T10:00:00Z", "2026-01-04T10:00:00Z"):
        database.query("INSERT INTO usage_events (tenant_id, at, kind) VALUES (%s, %s, 'started')", house.tenant_id, at)
    [[card]] = pages(platform, limit=50, search=house.slug)
    assert (card["bots"], card["bots_in_trouble"], card["used_at"]) == (3, 2, "2026-01-05T10:00:00Z")


@pytest.mark.parametrize("part", ["slug", "name", "owner"])
def test_search_finds_by_each_of_three_things_in_any_case(platform, house, database, part: str) -> None:
    database.query("UPDATE tenants SET name = %s WHERE tenant_id = %s", f"Žofie {house.tenant_id}", house.tenant_id)
    needle = {"slug": house.slug[1:], "name": f"žOFIE {house.tenant_id}", "owner": house.owner.email[:-3].upper()}[part]
    assert [card["id"] for [card] in pages(platform, limit=50, search=needle)] == [house.tenant_id]
    assert pages(platform, limit=50, search=f"{needle}nothing") == [[]]


@pytest.mark.parametrize("needle", ["%", "house_", "\\", "' OR ''='", "\0", "\x07"])
def test_what_means_something_to_sql_is_only_text(platform, house, needle: str) -> None:
    answer = platform.get(ROUTE, query=f"q={quote(needle)}")
    assert (answer.status, answer.json["items"]) == (200, [])


def test_a_members_address_finds_nothing_only_the_owners_does(platform, house) -> None:
    assert pages(platform, limit=50, search=house.member.email) == [[]]


@pytest.fixture
def thousand(database) -> str:
    """A thousand tenants with an owner each; gives the text that all their names hold."""
    mark = uuid4().hex[:8]
    database.query(
        "INSERT INTO tenants (tenant_id, slug, name, created_at)"
        " SELECT gen_random_uuid(), %s || '-' || n, 'Shop ' || %s || ' ' || n, now() - n / 3 * interval '1 minute'"
        " FROM generate_series(1, 1000) AS n",
        mark, mark,
    )  # fmt: skip
    database.query(
        "WITH people AS (INSERT INTO users (user_id, subject, email)"
        "   SELECT tenant_id, slug, slug || '@example.com' FROM tenants WHERE slug LIKE %s RETURNING user_id)"
        " INSERT INTO memberships (tenant_id, user_id, role) SELECT user_id, user_id, 'owner' FROM people",
        f"{mark}-%",
    )
    database.query("ANALYZE tenants; ANALYZE users; ANALYZE memberships")
    return mark


def test_a_thousand_tenants_are_paged_each_once_newest_first(platform, thousand, database, monkeypatch) -> None:
    statements: list[str] = []
    rows = Transaction.rows
    monkeypatch.setattr(
        Transaction, "rows", lambda self, query, **params: statements.append(query) or rows(self, query, **params)
    )
    found = pages(platform, limit=50, search=thousand)
    assert [len(page) for page in found] == [50] * 20
    listed = [card["id"] for page in found for card in page]
    wanted = database.query(
        "SELECT tenant_id::text FROM tenants WHERE slug LIKE %s ORDER BY created_at DESC, tenant_id DESC",
        f"{thousand}-%",
    )
    assert listed == [tenant_id for (tenant_id,) in wanted]
    assert all(card["owner_email"] == f"{card['slug']}@example.com" for page in found for card in page)
    per_page = len(statements) / len(found)
    print(f"1000 tenants in {len(found)} pages: {per_page:g} statements a page")
    assert per_page == 2


def test_stepping_through_tenants_shows_nothing_afterwards(house, database, issuer) -> None:
    """The function works under row-level security; whoever called it is where he was before."""
    other = build_house(database, issuer)
    count = "SELECT count(*), min(tenant_id::text) FROM memberships"
    with unit_of_work(None) as tx:
        assert len(oversight._cards(tx, [house.tenant_id, other.tenant_id])) == 2
        assert tx.row(count) == {"count": 0, "min": None}
    with unit_of_work(house.tenant_id) as tx:
        assert [card.tenant_id for card in oversight._cards(tx, [other.tenant_id])] == [other.tenant_id]
        assert tx.row(count) == {"count": 4, "min": house.tenant_id}


def test_one_tenant_is_shown_with_its_log(platform, house) -> None:
    house.owner.caller.put("client/settings", {"name": "Shown"})
    detail = platform.get(f"{ROUTE}/{house.tenant_id}").json
    assert (detail["id"], detail["name"], detail["state_reason"]) == (house.tenant_id, "Shown", None)
    assert [line["action"] for line in detail["audit"]] == ["settings.changed", *["member.added"] * 4]
    assert detail["audit"][0]["actor"] == house.owner.email


def test_a_tenant_that_is_to_be_deleted_is_told_from_a_suspended_one(platform, house) -> None:
    actor = Actor("admin:platform@promostack.example", "r1")
    closing.close(house.tenant_id, name=None, actor=actor, now=SystemClock().now(), reason="asked for by letter")
    refused = platform.post(f"{ROUTE}/{house.tenant_id}/suspend", {"reason": "Chargebacks"})
    assert (refused.status, refused.error) == (409, "tenant_closing")


def test_suspending_and_resuming_are_written_down(platform, house) -> None:
    suspended = platform.post(f"{ROUTE}/{house.tenant_id}/suspend", {"reason": "  Chargebacks;   ticket 4711 "})
    assert suspended.status == 200
    assert (suspended.json["state"], suspended.json["state_reason"]) == ("suspended", "Chargebacks; ticket 4711")
    again = platform.post(f"{ROUTE}/{house.tenant_id}/suspend", {"reason": "Another reason"})
    assert (again.status, again.error) == (409, "already_suspended")
    resumed = platform.post(f"{ROUTE}/{house.tenant_id}/resume")
    assert (resumed.json["state"], resumed.json["state_reason"]) == ("active", None)
    assert platform.post(f"{ROUTE}/{house.tenant_id}/resume").error == "not_suspended"
    lines = resumed.json["audit"][:2]
    assert [(line["actor"], line["action"], line["data"]) for line in lines] == [
        ("admin:platform@promostack.example", "tenant.resumed", {}),
        ("admin:platform@promostack.example", "tenant.suspended", {"reason": "Chargebacks; ticket 4711"}),
    ]


def test_the_tenant_learns_neither_who_nor_why(platform, house) -> None:
    platform.post(f"{ROUTE}/{house.tenant_id}/suspend", {"reason": "Secret reason"})
    refused = house.owner.caller.get("client/settings").body.decode()
    platform.post(f"{ROUTE}/{house.tenant_id}/resume")
    log = house.owner.caller.get("client/settings/audit")
    assert [(line["actor"], line["data"]) for line in log.json["items"][:2]] == [("platform", {})] * 2
    for text in (refused, log.body.decode()):
        assert "Secret" not in text
        assert "platform@" not in text


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 501, "zero\x00zero", "half \ud800", 5, None])
def test_a_tenant_is_not_stopped_without_a_reason(platform, house, reason: object) -> None:
    answer = platform.post(f"{ROUTE}/{house.tenant_id}/suspend", {"reason": reason})
    assert (answer.status, list(answer.json["error"]["fields"])) == (422, ["reason"])
    assert platform.get(f"{ROUTE}/{house.tenant_id}").json["state"] == "active"


@pytest.mark.parametrize(
    "tenant_id", ["00000000-0000-4000-8000-000000000000", "nobody", "1", "%00", "'; DROP TABLE tenants"]
)
def test_an_unknown_tenant_is_not_found(platform, database, tenant_id: str) -> None:
    answers = [
        platform.get(f"{ROUTE}/{tenant_id}"),
        platform.post(f"{ROUTE}/{tenant_id}/suspend", {"reason": "A reason"}),
        platform.post(f"{ROUTE}/{tenant_id}/resume"),
    ]
    assert [(answer.status, answer.error) for answer in answers] == [(404, "tenant_not_found")] * 3


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "cursor=x", "cursor=WyJub2JvZHkiXQ==", "page=2"])
def test_a_wrong_query_is_refused(platform, query: str) -> None:
    assert platform.get(ROUTE, query=query).status == 422


def test_nobody_else_gets_in(house, issuer) -> None:
    for route in (ROUTE, f"{ROUTE}/{house.tenant_id}"):
        answer = house.owner.caller.get(route)
        assert (answer.status, answer.error) == (403, "not_allowed")
        answer = house.owner.caller.get(route, x_clerk_user_email="platform@promostack.example")
        assert answer.status in (401, 403)


def test_how_much_a_tenant_uses_is_recounted(platform, house, database) -> None:
    """Rows inside and outside of each period, of this tenant and of another; every number is known."""
    other = database.add_tenant(f"other-{uuid4().hex[:8]}")
    for tenant_id, times in ((house.tenant_id, 1), (other, 5)):
        use_product(database, tenant_id, times)
    told = platform.get(f"{ROUTE}/{house.tenant_id}/usage").json
    figures = {name: value for name, value in told.items() if isinstance(value, int)}
    assert figures == {
        "days": 30, "update_hours": 24, "sent": 3, "failed": 2, "waiting": 2, "updates": 4, "updates_waiting": 1,
        "updates_parked": 1, "pictures": 2, "people": 3,
    }  # fmt: skip
    assert [told[f"stored_{kind}"] for kind in ("pictures", "uploads", "exports")] == [
        {"files": 1, "bytes": 700}, {"files": 1, "bytes": 4_000}, {"files": 2, "bytes": 90},
    ]  # fmt: skip
    [bot] = told["bots"]
    assert (bot["state"], bot["status"]) == ("active", "attention")
    assert bot["problem"].startswith("2 messages have not gone out")
    [(used, waiting)] = database.query(
        "SELECT (SELECT max(at) FROM usage_events WHERE tenant_id = %(t)s), (SELECT min(due_at) FROM outbox"
        " WHERE tenant_id = %(t)s AND state = 'waiting')".replace("%(t)s", f"'{house.tenant_id}'")
    )
    assert (datetime.fromisoformat(told["used_at"]), datetime.fromisoformat(told["waiting_since"])) == (used, waiting)
    assert platform.post(f"{ROUTE}/{house.tenant_id}/suspend", {"reason": "an investigation"}).status == 200
    [bot] = platform.get(f"{ROUTE}/{house.tenant_id}/usage").json["bots"]
    assert (bot["state"], bot["status"]) == ("suspended", "broken")


def test_a_tenant_that_did_nothing_has_zeros_and_an_unknown_one_404(platform, database) -> None:
    tenant_id = database.add_tenant(f"empty-{uuid4().hex[:8]}")
    told = platform.get(f"{ROUTE}/{tenant_id}/usage").json
    assert (told["sent"], told["people"], told["used_at"], told["bots"]) == (0, 0, None, [])
    assert platform.get(f"{ROUTE}/{uuid4()}/usage").status == 404


def use_product(database, tenant_id: str, times: int) -> None:
    """Once: 3 messages sent, 2 dead, 2 waiting, 4 updates, 2 pictures of 3 people; and as much before every period."""
    bot, template, version = uuid4(), uuid4(), uuid4()
    database.query(
        "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
        " VALUES (%s, %s, %s, %s, 'a_bot', %s)",
        tenant_id, str(bot), bot.hex, bot.int % 2**40, bot.hex,
    )  # fmt: skip
    states = ["sent"] * 3 + ["failed", "ambiguous", "waiting", "waiting", "cancelled"]
    for number, state in enumerate([*states * times, "sent"]):
        is_old = number == len(states) * times
        finished = None if state == "waiting" else ago(days=31 if is_old else 29)
        database.query(
            "INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state,"
            " finished_at) VALUES (%s, %s, 1, 'reply', 'sendMessage', '{}', %s, 1, %s, %s)",
            tenant_id, str(bot), f"{number}", state, finished,
        )  # fmt: skip
    for number, state in enumerate([*["done", "done", "waiting", "parked"] * times, "done"]):
        hours = 25 if number == 4 * times else 1
        database.query(
            "INSERT INTO telegram_updates (tenant_id, bot_id, update_id, payload, state, received_at)"
            " VALUES (%s, %s, %s, '{}', %s, %s)",
            tenant_id, str(bot), number, state, ago(hours=hours),
        )  # fmt: skip
    steps = [("rendered", 1, 1), ("rendered", 2, 2), ("started", 3, 3), ("rendered", 4, 31)]
    for kind, person, days in steps * times:
        database.query(
            "INSERT INTO usage_events (tenant_id, kind, bot_id, chat_id, user_id, at) VALUES (%s, %s, %s, 1, %s, %s)",
            tenant_id, kind, str(bot), person, ago(days=days),
        )  # fmt: skip
    database.query("INSERT INTO templates (tenant_id, template_id, slug, name) VALUES (%s, %s, 't', 'T')", tenant_id,
                   str(template))  # fmt: skip
    database.query(
        "INSERT INTO template_versions (tenant_id, version_id, template_id, number, document, document_sha256)"
        " VALUES (%s, %s, %s, 1, '{}', %s)",
        tenant_id, str(version), str(template), "0" * 64,
    )  # fmt: skip
    for number in range(2):
        database.query(
            "INSERT INTO renders (tenant_id, render_key, version_id, object_key, sha256, bytes, width, height,"
            " media_type) VALUES (%s, %s, %s, 'one-object', %s, 700, 1, 1, 'image/png')",
            tenant_id, f"{number:064d}", str(version), "0" * 64,
        )  # fmt: skip
    for state in ("done", "refused"):
        database.query(
            "INSERT INTO uploads (tenant_id, id, purpose, media_type, bytes, state, created_by)"
            " VALUES (%s, %s, 'logo', 'image/png', 4000, %s, 'x')",
            tenant_id, str(uuid4()), state,
        )  # fmt: skip
    database.query(
        "INSERT INTO tenant_exports (tenant_id, id, state, asked_by, parts) VALUES (%s, %s, 'done', 'x', %s)",
        tenant_id, str(uuid4()), '[{"key": "a", "bytes": 40, "sha256": ""}, {"key": "b", "bytes": 50, "sha256": ""}]',
    )  # fmt: skip


def ago(**age: int) -> datetime:
    return datetime.now(UTC) - timedelta(**age)
