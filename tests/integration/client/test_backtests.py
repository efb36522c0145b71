"""client/signals/backtests and work/backtest: a strategy is tried on stored bars, whatever comes between."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from promostack.app import backtests as work
from promostack.db.uow import unit_of_work
from promostack.signals import backtest, market
from promostack.signals.backtests import running
from promostack.signals.bars import History
from promostack.signals.candles import Candles
from promostack.signals.catalogue import Catalogue
from promostack.signals.ledger import plain
from promostack.signals.ports import FeedAnswer
from promostack.signals.results import Costs
from promostack.signals.statistics import summarise
from strategies.strategy_loader import load_strategies
from tests.integration.client.test_signals import add_signal, channel  # noqa: F401  # a fixture
from tests.integration.people import House, build_house
from tests.strategies.market import market as drawn

ROUTE = "client/signals/backtests"
STRATEGIES, _ = load_strategies()
WEEK_S = 7 * 86_400
DAYS = 21
RULES = {"all_of": [{"kind": "stretched", "level": 45}], "some_of": [], "at_least": 0, "sides": "buy"}


@pytest.fixture
def house(database, issuer) -> House:
    return build_house(database, issuer)


@pytest.fixture
def bars(database) -> Candles:
    """Six weeks of quarter-hours that end in this week or the one before."""
    candles = drawn(21, 30)
    last, now = int(candles.stamps[-1]), int(datetime.now(UTC).timestamp())
    stamps = candles.stamps + (now - last) // WEEK_S * WEEK_S
    moved = Candles("15min", np.ascontiguousarray(stamps), *(column.copy() for column in candles.columns()))
    database.query("TRUNCATE bars, bar_revisions")
    with unit_of_work(None) as tx:
        market.store(tx, market.SYMBOL, FeedAnswer(moved, datetime.now(UTC), 0))
        return market.load_candles(tx, market.SYMBOL, market.BASE, before=datetime.now(UTC))


def make() -> int:
    return work.run(Catalogue(load_strategies).make, 60)["made"]


def ask(house: House, **more: object) -> dict[str, Any]:
    answer = house.owner.caller.post(ROUTE, {"strategy": "aggressive", "days": DAYS, "spread": "0.30", **more})
    assert answer.status == 200, answer.json
    return dict(answer.json)


def read(house: House, backtest_id: str) -> dict[str, Any]:
    return dict(house.owner.caller.get(f"{ROUTE}/{backtest_id}").json)


def test_a_backtest_tells_what_the_engine_finds_beside_chance(house: House, bars: Candles) -> None:
    asked = ask(house, params={"rsi": 45})
    again = house.owner.caller.post(ROUTE, {"strategy": "aggressive"})
    made = make()
    found = read(house, asked["id"])

    assert (asked["state"], asked["progress"], asked["report"]) == ("waiting", 0, None)
    assert (again.status, again.error) == (409, "backtest_open")
    assert (made, found["state"], found["progress"], found["problem"]) == (1, "done", 100, None)
    report = found["report"]
    since = datetime.fromisoformat(asked["created_at"]) - timedelta(days=DAYS)
    strategy = STRATEGIES["aggressive"]({"rsi": 45})
    same = backtest.run(strategy, History(bars), costs=Costs(spread=Decimal("0.30")), since=since)
    figures = summarise(same.samples())
    assert report["statistics"]["n"] == figures.n == len(report["trades"]) > 10
    assert report["statistics"]["net_r"] == plain(figures.net_r) == report["equity_r"][-1][1]
    assert report["random_entries"]["n"] > 100
    assert report["live"] is None
    assert report["trades"][0]["closed_at"] > report["trades"][-1]["closed_at"]
    (listed,) = house.owner.caller.get(ROUTE).json["items"]
    assert (listed["id"], listed["state"], listed["report"]) == (asked["id"], "done", None)
    assert make() == 0
    actions = [each["action"] for each in house.owner.caller.get("client/settings/audit").json["items"]]
    assert actions.count("signals.backtest") == 1


def test_rules_of_ones_own_begin_only_once_exactly_they_were_tried(house: House, bars: Candles, channel: str) -> None:  # noqa: F811
    def activate(**changed: object):
        wanted = {"rules": {**RULES, **changed}}
        return house.owner.caller.put("client/signals/strategy", {"strategy": "custom", "params": wanted})

    house.owner.caller.put("client/signals/settings", {"channel": channel})
    early = activate()
    asked = ask(house, strategy="custom", params={"rules": RULES})
    assert activate().error == "not_tried", "it is only asked for"
    make()
    found = read(house, asked["id"])
    strategy = STRATEGIES["custom"]({"rules": RULES})
    since = datetime.fromisoformat(asked["created_at"]) - timedelta(days=DAYS)
    same = backtest.run(strategy, History(bars), costs=Costs(spread=Decimal("0.30")), since=since)

    assert (early.status, early.error) == (409, "not_tried")
    assert found["report"]["statistics"]["n"] == len(same.trades) > 5
    assert activate(stop_atr=1.1).error == "not_tried"
    kept = activate()
    assert (kept.json["strategy"], kept.json["params"]["rules"]["sides"]) == ("custom", "buy")
    assert kept.json["params"] == found["params"]

    add_signal(house)
    changed = house.owner.caller.put("client/signals/strategy", {"strategy": "aggressive"}).json
    assert (changed["strategy"], changed["queued"]["strategy"]) == ("custom", "aggressive")
    with unit_of_work(house.tenant_id) as tx:
        tx.run("DELETE FROM signal_backtests WHERE tenant_id = %(tenant_id)s", tenant_id=house.tenant_id)
    assert activate().json["queued"] is None, "what runs goes on, although its backtest is forgotten"


def test_who_dies_on_the_way_is_taken_over_and_the_slower_one_changes_nothing(
    house: House, bars: Candles, database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, seen = ask(house), []

    def dying(strategy_of: Any, quarters: Any, *rest: Any, note: Any, **more: Any) -> Mapping[str, Any]:
        note(40)
        seen.append(read(house, asked["id"])["progress"])
        database.query("UPDATE signal_backtests SET lease_until = now() - interval '1 s' WHERE id = %s", asked["id"])
        monkeypatch.undo()
        assert make() == 1  # somebody else, from its beginning to its end
        note(50)
        raise AssertionError("the lease was lost")

    monkeypatch.setattr(running, "report_of", dying)
    assert make() == 0
    found = read(house, asked["id"])
    assert seen == [40]
    assert (found["state"], found["report"]["statistics"]["n"] > 5) == ("done", True)


def test_what_cannot_be_made_says_why(house: House, database) -> None:
    database.query("TRUNCATE bars, bar_revisions")
    asked = ask(house)
    assert make() == 1
    found = read(house, asked["id"])
    assert (found["state"], found["report"]) == ("failed", None)
    assert "Too few bars" in found["problem"]

    thrice = ask(house)
    database.query(
        "UPDATE signal_backtests SET state = 'running', attempts = 3, lease_until = now() - interval '1 s'"
        " WHERE id = %s", thrice["id"],
    )  # fmt: skip
    assert make() == 1
    assert "three times" in read(house, thrice["id"])["problem"]


def test_bounds_rights_and_strangers(house: House) -> None:
    refused = house.owner.caller.post(ROUTE, {"strategy": "aggressive", "params": {"rsi": 99}})
    too_long = house.owner.caller.post(ROUTE, {"strategy": "aggressive", "days": 4000})
    unknown = house.owner.caller.get(f"{ROUTE}/nothing")

    assert (refused.status, refused.json["error"]["fields"]["params.rsi"]) == (422, "must be a number from 5 to 50")
    assert too_long.status == 422
    assert (unknown.status, unknown.error) == (404, "backtest_not_found")
