"""client/signals: how signals stand, each one's life, and what each role may choose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import uuid4

import pytest

from promostack.db.uow import unit_of_work
from promostack.signals import ledger, repository
from promostack.signals.contract import Terms
from promostack.signals.models import Signal
from promostack.signals.plans import Plan
from promostack.signals.positions import Event, publish
from promostack.signals.results import Costs, Leg
from promostack.signals.rule_sets import RuleSet
from strategies.strategy_loader import load_strategies
from tests.integration.people import House, build_house

ROUTE = "client/signals"
DESK, SETTINGS, STRATEGY, PAUSE = f"{ROUTE}/desk", f"{ROUTE}/settings", f"{ROUTE}/strategy", f"{ROUTE}/pause"
CLOSED_AT = datetime(2024, 3, 5, 10, 45, tzinfo=UTC)


@pytest.fixture
def house(database, issuer) -> House:
    return build_house(database, issuer)


@pytest.fixture
def channel(database, house: House) -> str:
    """The id of a channel in which a bot of the house may post."""
    bot, made = str(uuid4()), str(uuid4())
    database.query(
        "INSERT INTO bots (tenant_id, id, public_id, telegram_id, username, webhook_secret_hash)"
        " VALUES (%s, %s, %s, %s, 'gold_bot', 'x')",
        house.tenant_id, bot, uuid4().hex, uuid4().int % 2**40,
    )  # fmt: skip
    database.query(
        "INSERT INTO channels (tenant_id, id, bot_id, chat_id, title, connected_by, told_at, told_update)"
        " VALUES (%s, %s, %s, -1001, 'Gold', 7, now(), 0)",
        house.tenant_id, made, bot,
    )  # fmt: skip
    return made


def add_signal(house: House, *, ago: int = 0, state: str = "draft", stop: str | None = None) -> str:
    """One of the bar that closed `ago` quarter-hours before the newest; `stop`: where it was closed."""
    at = CLOSED_AT - ago * timedelta(minutes=15)
    entry, first, *targets = (Decimal(price) for price in (2100, 2095, 2103, 2106, 2109))
    plan = Plan("buy", entry, first, tuple(targets), (50, 30, 20), Decimal(3))
    draft = publish(plan, Terms(), at=at)
    name = f"aggressive-{at:%Y%m%dT%H%M}"
    signal = Signal(name, "XAUUSD", "aggressive", "15min", at, plan, Costs(), state, draft)
    with unit_of_work(house.tenant_id) as tx:
        repository.add_signal(tx, house.tenant_id, signal, fingerprint="f")
        body = {"signal": name, "note": "a plan"}
        repository.append(tx, house.tenant_id, at=at, kind="plan", body=body)
        if stop is not None:
            ended = at + timedelta(hours=1)
            legs = (Leg(100, Decimal(stop), "stop"),)
            position = replace(draft, legs=legs, outcome="stopped", closed_at=ended)
            repository.save_signal(tx, house.tenant_id, replace(signal, state="closed", position=position))
            repository.add_events(tx, house.tenant_id, name, [Event("closed", "stopped", ended, Decimal(stop))])
    return name


def lines(house: House) -> list[str]:
    items = house.owner.caller.get("client/settings/audit").json["items"]
    return [each["action"] for each in items if each["action"].startswith("signals.")][::-1]


def test_parameters_out_of_their_bounds_are_refused_with_the_bounds(house: House, channel: str) -> None:
    house.owner.caller.put(SETTINGS, {"channel": channel})
    params = {"rsi": 99, "split": [50, 30, 30], "targets_atr": [3, 2, 1], "per_day": 0, "colour": "red"}
    answer = house.owner.caller.put(STRATEGY, {"strategy": "aggressive", "params": params})

    assert (answer.status, answer.error) == (422, "parameters_refused")
    assert answer.json["error"]["fields"] == {
        "params.rsi": "must be a number from 5 to 50",
        "params.split": "the shares make 100, not 110",
        "params.targets_atr": "each target lies beyond the one before",
        "params.per_day": "must be a whole number from 1 to 50, or empty",
        "params.colour": "there is no such parameter",
    }
    assert house.owner.caller.put(STRATEGY, {"strategy": "nowhere"}).error == "strategy_unknown"
    assert house.owner.caller.get(DESK).json["settings"]["strategy"] is None
    assert lines(house) == ["signals.settings"]


def test_cards_are_made_from_the_strategies_themselves(house: House) -> None:
    found = house.member.caller.get(f"{ROUTE}/strategies").json

    assert found["problems"] == []
    assert [card["key"] for card in found["items"]] == [
        "aggressive", "conservative", "custom", "impulse_breakout", "trend_pullback_multi_tp",
    ]  # fmt: skip
    assert [card["key"] for card in found["items"] if card["tried_first"]] == ["custom"]
    for card in found["items"]:
        strategy = load_strategies()[0][card["key"]]
        assert (card["name"], card["description"]) == (strategy.name, strategy.description)
        assert {each["name"] for each in card["parameters"]} == set(strategy.params.model_fields)


def test_a_rule_sets_form_is_made_from_the_rules_and_a_fault_has_its_path(house: House, channel: str) -> None:
    cards = house.member.caller.get(f"{ROUTE}/strategies").json["items"]
    rules = next(each for card in cards if card["key"] == "custom" for each in card["parameters"] if each["parts"])
    parts = {each["name"]: each for each in rules["parts"]}
    assert (rules["name"], rules["kind"], list(parts)) == ("rules", "group", list(RuleSet.model_fields))
    every, some = parts["all_of"], parts["some_of"]
    assert (every["kind"], every["least"], every["count"], some["least"]) == ("conditions", 1, 8, None)
    assert len(every["options"]) == 10
    level = next(each for each in every["options"] if each["kind"] == "stretched")["parameters"]
    assert [(each["name"], each["kind"], each["least"], each["most"]) for each in level] == [("level", "number", 5, 95)]

    house.owner.caller.put(SETTINGS, {"channel": channel})
    late = {"kind": "in_hours", "start": 9, "end": 3}
    wrong = {"all_of": [{"kind": "stretched", "level": 3}, {"kind": "luck"}, late], "some_of": [], "stop_atr": 5}
    answer = house.owner.caller.put(STRATEGY, {"strategy": "custom", "params": {"rules": wrong, "max_hold_min": 1}})
    assert (answer.status, answer.error) == (422, "parameters_refused")
    assert answer.json["error"]["fields"] == {
        "params.max_hold_min": "must be a whole number from 15 to 2880",
        "params.rules.all_of.0.level": "must be a number from 5 to 95",
        "params.rules.all_of.1": "there is no such condition",
        "params.rules.all_of.2.end": "the end must be later than the start",
        "params.rules.at_least": "asks for more conditions than there are to choose from",
        "params.rules.targets_atr": "targets must rise, and start 0.3 R from the entry",
    }


def test_a_strategy_begins_at_once_or_when_the_open_signal_has_closed(house: House, channel: str) -> None:
    early = house.owner.caller.put(STRATEGY, {"strategy": "aggressive"})
    assert (early.status, early.error) == (409, "signals_not_set_up")
    house.admin.caller.put(SETTINGS, {"channel": channel})
    kept = house.admin.caller.put(STRATEGY, {"strategy": "aggressive", "params": {"rsi": 35}}).json
    assert (kept["strategy"], kept["params"]["rsi"], kept["queued"]) == ("aggressive", 35, None)

    add_signal(house)
    waiting = house.admin.caller.put(STRATEGY, {"strategy": "conservative"}).json
    assert (waiting["strategy"], waiting["queued"]["strategy"]) == ("aggressive", "conservative")
    off = house.admin.caller.put(STRATEGY, {"strategy": None}).json
    assert (off["strategy"], off["queued"]) == ("aggressive", {"strategy": None, "params": {}})
    back = house.admin.caller.put(STRATEGY, {"strategy": "aggressive", "params": {"rsi": 35}}).json
    assert (back["strategy"], back["queued"]) == ("aggressive", None)
    assert lines(house) == ["signals.settings", *["signals.strategy"] * 4]


def test_a_pause_ends_by_itself_or_by_hand(house: House) -> None:
    assert house.admin.caller.post(PAUSE, {"minutes": 5}).status == 422
    until = datetime.fromisoformat(house.admin.caller.post(PAUSE, {"minutes": 60}).json["paused_until"])
    assert timedelta(minutes=59) < until - datetime.now(UTC) <= timedelta(minutes=60)
    assert house.admin.caller.delete(PAUSE).json["paused_until"] is None
    assert lines(house) == ["signals.pause", "signals.resume"]


def test_guard_rails_are_kept_within_their_bounds(house: House, channel: str) -> None:
    def choose(**rails: object):
        return house.owner.caller.put(SETTINGS, {"channel": channel, "rails": rails})

    assert choose(session_from=7, session_to=20, daily_loss_pips=30).json["rails"] == {
        "session_from": 7, "session_to": 20, "daily_loss_pips": "30",
    }  # fmt: skip
    for wrong in ({"session_from": 20, "session_to": 8}, {"daily_loss_pips": 0}, {"session_to": 25}):
        assert choose(**wrong).status == 422, wrong
    gone = house.owner.caller.put(SETTINGS, {"channel": str(uuid4())})
    assert (gone.status, gone.error) == (404, "channel_not_found")


def test_signals_are_listed_page_by_page_and_by_what_became_of_them(house: House) -> None:
    names = [add_signal(house, ago=ago, state="closed", stop="2095") for ago in (1, 2)]
    names.insert(0, add_signal(house))

    first = house.member.caller.get(ROUTE, query="limit=2").json
    rest = house.member.caller.get(ROUTE, query=f"limit=2&cursor={quote(first['next'])}").json
    assert [each["id"] for each in (*first["items"], *rest["items"])] == names
    assert rest["next"] is None
    stopped = house.member.caller.get(ROUTE, query="outcome=stopped").json["items"]
    assert [(each["id"], each["result"]["net_r"]) for each in stopped] == [(name, "-1.04") for name in names[1:]]
    assert house.member.caller.get(ROUTE, query="state=open").json["items"] == []
    assert house.member.caller.get(ROUTE, query="strategy=conservative").json["items"] == []


def test_a_signals_life_has_its_events_its_rows_and_the_candles_around_it(house: House, database) -> None:
    name = add_signal(house, state="closed", stop="2095")
    for back in range(-8, 60):
        database.query(
            "INSERT INTO bars (symbol, bar_interval, opened_at, open, high, low, close)"
            " VALUES ('XAUUSD', '15min', %s, 2100, 2101, 2094, 2100) ON CONFLICT DO NOTHING",
            CLOSED_AT - back * timedelta(minutes=15),
        )
    life = house.member.caller.get(f"{ROUTE}/{name}").json

    assert [(each["kind"], each["name"], each["price"]) for each in life["events"]] == [("closed", "stopped", "2095")]
    with unit_of_work(house.tenant_id) as tx:
        (row,) = repository.list_rows(tx, house.tenant_id)
    assert [(each["seq"], each["hash"]) for each in life["rows"]] == [(1, row.hash)]
    assert row.prev == ledger.GENESIS
    opens = [datetime.fromtimestamp(candle[0], UTC) for candle in life["candles"]]
    assert CLOSED_AT - timedelta(minutes=15) in opens
    assert opens[0] >= CLOSED_AT - 48 * timedelta(minutes=15)
    gone = house.member.caller.get(f"{ROUTE}/nothing")
    assert (gone.status, gone.error) == (404, "signal_not_found")


def test_the_desk_counts_what_closed_this_month_and_says_what_failed(house: House, database) -> None:
    database.query(
        "INSERT INTO signal_evaluations (tenant_id, symbol, bar_interval, fingerprint, bar_closed_at, strategy, fate,"
        " reason, evaluated_at) VALUES (%s, 'XAUUSD', '15min', 'f', now(), 'aggressive', 'failed', 'too slow', now())",
        house.tenant_id,
    )
    add_signal(house, state="closed", stop="2095")
    desk = house.member.caller.get(DESK).json

    assert desk["month"] == {"n": 0, "net_r": "0", "wins": 0}, "that one closed in 2024"
    assert [(each["strategy"], each["reason"]) for each in desk["troubles"]] == [("aggressive", "too slow")]
    ahead = datetime.fromisoformat(desk["next_scan_at"]) - datetime.now(UTC)
    assert timedelta(0) < ahead < timedelta(days=3)
