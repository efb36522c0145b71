"""client/connections and client/onboarding: a bot by its token, a channel by its name, and what is next."""

from uuid import uuid4

import pytest

from promostack.app import services
from promostack.core import config, crypto
from promostack.delivery.errors import OutcomeUnknown
from promostack.integrations import telegram_bot
from promostack.onboarding import progress
from promostack.telegram import bots, connecting
from promostack.telegram.connecting import Connecting
from promostack.tenants.audit import SYSTEM, Actor
from tests.integration.people import build_house
from tests.integration.telegram.start_house import tap

BOTS, CHANNELS, PROGRESS = "client/connections/bots", "client/connections/channels", "client/onboarding"


@pytest.fixture
def staff(database, issuer, monkeypatch):
    monkeypatch.setenv("PUBLIC_ASSET_BASE", "https://cdn.example.com")
    return build_house(database, issuer)


@pytest.fixture
def fresh(simulator) -> dict:
    """A bot at Telegram that nobody has connected."""
    return simulator.ask("POST", "/bots", username=f"b{uuid4().hex[:10]}_bot", first_name="Promo")


@pytest.fixture
def channel(simulator) -> dict:
    owner = simulator.ask("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:10]}")
    title, username = "Deals", f"c{uuid4().hex[:10]}"
    return simulator.ask("POST", "/chats", type="channel", title=title, username=username, members=[owner["id"]])


def step(staff) -> dict:
    """What is next, as every member sees it."""
    return staff.member.caller.get(PROGRESS).json["next"]


def lines(staff) -> list[tuple[str, str, str]]:
    items = staff.owner.caller.get("client/settings/audit").json["items"]
    return [(each["actor"], each["action"], each["target"]) for each in items if "connected" in each["action"]]


def test_each_thing_that_is_done_moves_the_next_one_up(simulator, staff, fresh, channel) -> None:
    assert step(staff)["do"] == "connect_bot"
    made = staff.admin.caller.post(BOTS, {"token": f" {fresh['token']}\n"})
    assert (made.status, made.json["username"]) == (201, fresh["username"])
    [known] = [each for each in simulator.look("/bots") if each["id"] == fresh["id"]]
    assert known["webhook"]["url"].startswith("https://api.example.com/hooks/telegram-webhook/")
    assert known["commands"]
    assert step(staff)["do"] == "connect_channel"

    simulator.ask("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_post_messages=True)
    body = {"bot": made.json["id"], "channel": f"https://t.me/{channel['username']}"}
    joined = staff.owner.caller.post(CHANNELS, body)
    assert (joined.status, joined.json["title"]) == (201, "Deals")
    found = staff.member.caller.get(PROGRESS).json
    assert found["steps"][0] == {"name": "telegram", "state": "done", "missing": None}
    assert [each["can_post"] for each in found["telegram"]["channels"]] == [True]
    assert staff.member.caller.get("client/connections").json["telegram"] == found["telegram"]
    again = [staff.admin.caller.post(BOTS, {"token": fresh["token"]}), staff.owner.caller.post(CHANNELS, body)]
    assert [each.json["id"] for each in again] == [made.json["id"], joined.json["id"]]
    assert lines(staff)[-2:] == [
        (staff.owner.email, "channel.connected", "Deals"),
        (staff.admin.email, "bot.connected", f"@{fresh['username']}"),
    ]


def test_a_refused_token_says_so_and_is_not_repeated(database, staff, fresh) -> None:
    for token in ("", "12345", f"{fresh['id']}:{'x' * 35}", f"{fresh['id']}:{'x' * 30}/../getMe"):
        refused = staff.owner.caller.post(BOTS, {"token": token})
        assert (refused.status, refused.error) == (422, "token_refused"), token
        assert "token" in refused.json["error"]["fields"]
        assert not token or token not in refused.body.decode()
    assert staff.member.caller.post(BOTS, {"token": fresh["token"]}).status == 403
    assert step(staff)["do"] == "connect_bot"


def test_a_bot_of_another_workspace_stays_there_and_nobody_learns_where(database, staff, fresh) -> None:
    elsewhere = database.add_tenant("a-rival")
    held = bots.connect(elsewhere, fresh["token"], webhook_base="http://127.0.0.1:9", call=telegram_bot.call)
    refused = staff.owner.caller.post(BOTS, {"token": fresh["token"]})
    assert (refused.status, refused.error) == (409, "bot_taken")
    assert "rival" not in refused.body.decode()
    assert elsewhere not in refused.body.decode()
    assert step(staff)["do"] == "connect_bot"
    assert database.query("SELECT tenant_id::text, state FROM bots WHERE id = %s", held.id) == [(elsewhere, "active")]


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"kind": "500", "method": "setWebhook"}, (503, "telegram_unavailable")),
        (
            {
                "kind": "refuse",
                "method": "setWebhook",
                "description": "Bad Request: bad webhook: Failed to resolve host",
            },
            (409, "webhook_refused"),
        ),
    ],
)
def test_what_telegram_does_not_take_is_said_and_can_be_tried_again(simulator, staff, fresh, fault, answer) -> None:
    simulator.ask("POST", "/faults", **fault, bot=fresh["username"], times=1)
    refused = staff.owner.caller.post(BOTS, {"token": fresh["token"]})
    assert (refused.status, refused.error) == answer, refused.body
    told = staff.owner.caller.get(PROGRESS).json
    assert (told["next"]["do"], told["next"]["title"]) == ("mend_bot", f"Finish connecting @{fresh['username']}")
    [bot] = told["telegram"]["bots"]
    assert (bot["is_ready"], bot["is_checked"]) == (False, False)
    assert staff.admin.caller.post(f"client/bots/{bot['id']}/webhook").status == 200
    assert step(staff)["do"] == "connect_channel"


def test_a_bot_is_finished_after_a_stop_between_any_two_calls(database, staff, fresh) -> None:
    """The process ends with a call; the same token once more goes on from there."""
    actor = Actor(SYSTEM)
    for stop_at in range(5):
        calls = 0

        def call(token: str, method: str, params: dict) -> object:
            nonlocal calls
            calls += 1
            if calls > stop_at:  # noqa: B023
                raise SystemExit
            return telegram_bot.call(token, method, params)

        try:
            Connecting(call, base=lambda: "http://127.0.0.1:9").connect_bot(
                staff.tenant_id, fresh["token"], actor=actor
            )
        except SystemExit:
            assert progress.read(staff.tenant_id).next is not None
            assert progress.read(staff.tenant_id).telegram.ready == ()
    assert [bot.username for bot in progress.read(staff.tenant_id).telegram.ready] == [fresh["username"]]
    assert database.query("SELECT count(*) FROM bots WHERE tenant_id = %s", staff.tenant_id) == [(1,)]


def test_two_tabs_that_connect_the_same_bot_make_one(database, simulator, staff, fresh, monkeypatch) -> None:
    """The other tab comes between this one's look at what is known and its keeping the bot."""
    kept_secret, others = bots._kept_secret, []

    def meanwhile(tenant_id: str, bot_id: str) -> str | None:
        if not others:
            others.append(None)
            others[0] = staff.owner.caller.post(BOTS, {"token": fresh["token"]})
        return kept_secret(tenant_id, bot_id)

    monkeypatch.setattr(bots, "_kept_secret", meanwhile)
    mine = staff.admin.caller.post(BOTS, {"token": fresh["token"]})
    assert (mine.status, others[0].status, mine.json) == (201, 201, others[0].json)
    [(secret_hash,)] = database.query("SELECT webhook_secret_hash FROM bots WHERE tenant_id = %s", staff.tenant_id)
    [known] = [each for each in simulator.look("/bots") if each["id"] == fresh["id"]]
    assert secret_hash == crypto.hash_token(known["webhook"]["secret_token"])


def test_a_channel_is_only_taken_where_the_bot_may_post(simulator, staff, fresh, channel) -> None:
    bot = staff.owner.caller.post(BOTS, {"token": fresh["token"]}).json["id"]

    def attempt(named: str) -> tuple[int, str]:
        answer = staff.owner.caller.post(CHANNELS, {"bot": bot, "channel": named})
        assert answer.status >= 400, answer.body
        assert "channel" in answer.json["error"]["fields"]
        return answer.status, answer.error

    at = f"@{channel['username']}"
    assert attempt("deals!") == (422, "channel_refused")
    assert attempt("@there_is_no_such_channel") == (404, "channel_unknown")
    assert attempt(at) == (409, "channel_not_admin")
    simulator.ask("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_edit_messages=True)
    assert attempt(str(channel["id"])) == (409, "channel_right_missing")
    group = simulator.ask("POST", "/chats", type="supergroup", title="Talk", username=f"g{uuid4().hex[:10]}")
    assert attempt(f"@{group['username']}")[1] == "channel_refused"
    assert staff.owner.caller.post(CHANNELS, {"bot": str(uuid4()), "channel": at}).error == "bot_not_found"
    told = staff.member.caller.get(PROGRESS).json
    assert told["telegram"]["channels"] == []
    simulator.ask("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_post_messages=True)
    assert staff.owner.caller.post(CHANNELS, {"bot": bot, "channel": str(channel["id"])}).status == 201


def test_a_channel_that_lost_its_bot_is_next_again(simulator, staff, fresh, channel, database) -> None:
    bot = staff.owner.caller.post(BOTS, {"token": fresh["token"]}).json["id"]
    simulator.ask("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_post_messages=True)
    staff.owner.caller.post(CHANNELS, {"bot": bot, "channel": str(channel["id"])})
    database.query("UPDATE channels SET broken = 'removed' WHERE bot_id = %s", bot)
    assert (step(staff)["do"], step(staff)["title"]) == ("mend_channel", "Mend Deals")
    database.query("UPDATE bots SET check_problem = 'token_refused', state = 'paused' WHERE id = %s", bot)
    assert step(staff)["do"] == "mend_bot"


def test_what_is_no_name_of_a_channel_is_never_asked_for() -> None:
    for wrong in ("", "@", "a b", "https://example.com/deals", "-5", "-100", "@deals/../x", "@" + "x" * 40):
        with pytest.raises(connecting.ChannelRefused):
            connecting._reference(wrong)
    assert [connecting._reference(each) for each in (" @deals ", "-1001234567890")] == ["@deals", -1001234567890]


def test_a_lost_answer_to_the_last_call_leaves_the_bot_unfinished(staff, fresh) -> None:
    def call(token: str, method: str, params: dict) -> object:
        told = telegram_bot.call(token, method, params)
        if method == "setMyCommands":
            raise OutcomeUnknown("no answer")
        return told

    with pytest.raises(Exception, match="try again"):
        Connecting(call, base=lambda: "http://127.0.0.1:9").connect_bot(
            staff.tenant_id, fresh["token"], actor=Actor(SYSTEM)
        )
    assert progress.read(staff.tenant_id).telegram.ready == ()
    [bot] = progress.read(staff.tenant_id).telegram.bots
    assert bots.token_of(staff.tenant_id, bot.id) == fresh["token"]


def connected(simulator, staff, fresh, channel) -> tuple[str, str]:
    """Ids of the bot and of the channel in which it may post."""
    made = staff.admin.caller.post(BOTS, {"token": fresh["token"]}).json["id"]
    simulator.ask("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_post_messages=True)
    joined = staff.admin.caller.post(CHANNELS, {"bot": made, "channel": f"@{channel['username']}"})
    return made, joined.json["id"]


def webhook_of(simulator, bot: dict) -> str:
    return next(each["webhook"]["url"] for each in simulator.look("/bots") if each["id"] == bot["id"])


def test_a_bot_that_is_let_go_is_free_for_others_and_keeps_its_history(
    simulator, database, staff, fresh, channel
) -> None:
    bot, _ = connected(simulator, staff, fresh, channel)
    assert staff.member.caller.delete(f"{BOTS}/{bot}").status == 403
    simulator.ask("POST", "/faults", kind="500", method="deleteWebhook", bot=fresh["username"], times=1)
    away = staff.owner.caller.delete(f"{BOTS}/{bot}")
    assert (away.status, away.error) == (503, "telegram_unavailable")
    assert webhook_of(simulator, fresh)
    database.query(
        "INSERT INTO outbox (tenant_id, bot_id, chat_id, kind, method, payload, idempotency_key, priority, state)"
        " VALUES (%s, %s, 1, 'post', 'sendMessage', '{}', 'late', 1, 'waiting')",
        staff.tenant_id, bot,
    )  # fmt: skip
    gone = staff.owner.caller.delete(f"{BOTS}/{bot}")
    assert (gone.status, gone.json["telegram"]) == (200, {"bots": [], "channels": []})
    assert not webhook_of(simulator, fresh)
    assert database.query("SELECT state FROM outbox WHERE idempotency_key = 'late'") == [("cancelled",)]
    assert database.query("SELECT count(*) FROM secrets WHERE tenant_id = %s", staff.tenant_id) == [(0,)]
    assert staff.owner.caller.delete(f"{BOTS}/{bot}").error == "bot_not_found"
    assert step(staff)["do"] == "connect_bot"

    elsewhere = database.add_tenant("a-successor")
    held = bots.connect(elsewhere, fresh["token"], webhook_base="http://127.0.0.1:9", call=telegram_bot.call)
    assert staff.owner.caller.post(BOTS, {"token": fresh["token"]}).error == "bot_taken"
    database.query("UPDATE bots SET state = 'disconnected' WHERE tenant_id = %s", elsewhere)
    database.query("DELETE FROM secrets WHERE tenant_id = %s", elsewhere)
    again = staff.owner.caller.post(BOTS, {"token": fresh["token"]})
    assert (again.status, again.json["id"], held.id != bot) == (201, bot, True)
    body = {"bot": bot, "channel": str(channel["id"])}
    assert staff.owner.caller.post(CHANNELS, body).status == 201


def test_a_channel_that_is_let_go_stays_gone_until_it_is_connected_again(simulator, staff, fresh, channel) -> None:
    bot, joined = connected(simulator, staff, fresh, channel)
    gone = staff.admin.caller.delete(f"{CHANNELS}/{joined}")
    assert (gone.status, gone.json["telegram"]["channels"]) == (200, [])
    body = {"bot": bot, "channel": str(channel["id"])}
    assert staff.admin.caller.post(CHANNELS, body).error in ("channel_not_admin", "channel_unknown")
    assert staff.admin.caller.delete(f"{CHANNELS}/{joined}").error == "channel_not_found"
    simulator.ask("POST", "/chats/bot", chat=channel["id"], bot=fresh["id"], can_post_messages=True)
    back = staff.admin.caller.post(CHANNELS, body)
    assert (back.status, back.json["id"]) == (201, joined)
    assert [each["can_post"] for each in staff.member.caller.get("client/connections").json["telegram"]["channels"]]


MANAGED = "client/connections/managed"


def test_a_bot_is_made_with_two_taps(simulator, staff, maker) -> None:
    assert staff.member.caller.get(MANAGED).status == 403
    link = staff.admin.caller.get(MANAGED).json["link"]
    assert staff.admin.caller.post(MANAGED).json == {"bot": None}
    made = tap(simulator, maker, link)
    simulator.ask("POST", "/faults", kind="500", method="getManagedBotToken", bot=maker["hub"]["username"], times=1)
    assert staff.admin.caller.post(MANAGED).error == "telegram_unavailable"
    found = staff.admin.caller.post(MANAGED)
    assert found.json["bot"]["username"] == made["username"], found.body
    [known] = [each for each in simulator.look("/bots") if each["id"] == made["id"]]
    assert known["webhook"]["url"].startswith("https://api.example.com/hooks/telegram-webhook/")
    assert known["commands"]
    assert telegram_bot.call(made["token"], "getMyDescription", {}).description
    assert step(staff)["do"] == "connect_channel"
    assert staff.admin.caller.get(MANAGED).json["link"] != link, "another bot is called otherwise"
    assert staff.admin.caller.post(MANAGED).json == {"bot": None}


def test_a_bot_that_somebody_else_made_is_nobodys_here(simulator, database, issuer, staff, maker) -> None:
    tap(simulator, maker, staff.admin.caller.get(MANAGED).json["link"])
    tap(simulator, maker, f"https://t.me/newbot/{maker['hub']['username']}/x{uuid4().hex[:10]}_bot")
    other = build_house(database, issuer)
    assert other.owner.caller.post(MANAGED).json == {"bot": None}
    assert staff.owner.caller.post(MANAGED).json["bot"] is not None


def test_without_a_bot_of_the_platforms_tokens_are_pasted(staff, monkeypatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "off")
    config.optional.cache_clear()
    services.managed.cache_clear()
    assert staff.admin.caller.get(MANAGED).error == "managed_bots_off"
    assert staff.admin.caller.post(MANAGED).error == "managed_bots_off"
