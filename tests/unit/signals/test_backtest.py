"""The backtest: equal to a live run bar by bar, and honest at the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from promostack.signals import backtest
from promostack.signals.backtest import Moment
from promostack.signals.bars import History
from promostack.signals.contract import Strategy
from promostack.signals.evaluation import evaluate
from promostack.signals.following import follow
from promostack.signals.intervals import WARMUP_BARS
from promostack.signals.positions import OUTCOMES, publish
from promostack.signals.rails import Closed, Rails, state_of
from promostack.signals.results import Costs, result_of
from promostack.signals.thesis import Readings, judge
from scripts import backtest_command
from strategies.base_strategy import Bars, BaseStrategy, SignalPlan
from strategies.strategy_loader import load_strategies
from tests.strategies.market import FOLDER, market, real
from tests.unit.signals.test_tracking import BUY

STRATEGIES, _ = load_strategies()
CANDLES = FOLDER / "xauusd_m15.csv"
COSTS = Costs()


def _live(strategy: Strategy, history: History, first: int, delay: timedelta) -> tuple[list, dict]:
    """As functions do it: each bar in a new process with a thousand bars, publication a moment after the close."""
    position, closed, done, moments = None, [], [], {}
    for end in range(first, len(history) + 1):
        window = history.window(end, WARMUP_BARS, tuple(strategy.intervals)).all()
        bar = history.candles.bar(end - 1)
        if position is not None:
            position, _ = follow(position, bar, bars=window)
            if not position.is_open:
                result = result_of(position.plan, position.legs, COSTS)
                closed.append(Closed(position.published_at, position.closed_at, result))
                done.append((position.plan, position.published_at, position.legs, position.outcome, position.closed_at))
                position = None
        opened, now = [position] if position else [], bar.closed_at + delay
        state = state_of(closed, opened, now=now, price=bar.close, costs=COSTS)
        found = evaluate(strategy, window, rails=Rails(), state=lambda state=state: state, now=now)
        published_at = now + delay if found.fate == "draft" else None
        moments[bar.closed_at] = Moment(now, published_at)
        if published_at is not None:
            position = publish(found.plan, strategy.terms, at=published_at, readings=found.readings)
    return done, moments


@pytest.mark.parametrize("key", ["aggressive", "impulse_breakout"])
@pytest.mark.parametrize("delay", [timedelta(0), timedelta(seconds=40)])
def test_a_backtest_with_the_recorded_times_equals_the_live_run(key: str, delay: timedelta) -> None:
    strategy, history = STRATEGIES[key](), real()
    first = len(history) - 420
    lived, moments = _live(strategy, history, first, delay)
    report = backtest.run(strategy, history, costs=COSTS, schedule=moments)
    trades = [
        (t.position.plan, t.position.published_at, t.position.legs, t.position.outcome, t.closed_at)
        for t in report.trades
    ]
    assert len(lived) > 5
    assert trades == lived


def test_a_plan_that_was_never_published_is_recorded_and_not_followed() -> None:
    strategy = STRATEGIES["aggressive"]()
    full = backtest.run(strategy, real())
    closes = [found.bar_closed_at for found in full.plans]
    report = backtest.run(strategy, real(), schedule={at: Moment(at, None) for at in closes})
    assert report.trades == []
    assert len(report.plans) == len(closes)


def test_bars_that_come_later_change_no_trade() -> None:
    strategy, candles = STRATEGIES["aggressive"](), market(8, 30)
    whole = backtest.run(strategy, History(candles)).trades
    short = backtest.run(strategy, History(candles.cut(0, 2000))).trades
    assert len(short) > 10
    assert whole[: len(short)] == short


@pytest.mark.long
@pytest.mark.parametrize("key", STRATEGIES)
def test_every_outcome_occurs_often_enough_in_four_years(key: str) -> None:
    """Loosened where the defaults are too choosy for thirty of each."""
    settings = {
        "conservative": {"adx": 15, "rsi": 45, "stop_atr": 1.8, "targets_atr": (1.2, 2.0, 2.6)},
        "trend_pullback_multi_tp": {"adx": 10, "mean_atr": 1.0, "per_day": None, "hours": ((0, 24),)},
    }.get(key, {})
    open_rails = Rails(daily_loss_pips=Decimal(100_000))
    report = backtest.run(STRATEGIES[key](settings), History(market(9, 1000)), rails=open_rails)
    counted = {outcome: sum(t.position.outcome == outcome for t in report.trades) for outcome in OUTCOMES}
    assert min(counted.values()) >= 30, counted


class _Raising(BaseStrategy):
    key, name, description, warmup_bars = "raising", "Raising", "Fails on every third bar.", 30

    def decide(self, bars: Bars) -> SignalPlan | None:
        if len(bars) % 3 == 0:
            raise ZeroDivisionError("three")
        return None


class _BadColumns(_Raising):
    def columns(self, bars: Bars) -> dict:
        return {"short": bars.close[:-1]}


def test_a_strategy_that_raises_is_counted_and_the_bars_go_on() -> None:
    report = backtest.run(_Raising(), History(market(8, 2)))
    assert report.fates == {"warming": 29, "failed": 52, "quiet": 103}
    assert {found.reason for found in report.plans} == {"raised: ZeroDivisionError: three"}
    assert backtest.run(_BadColumns(), History(market(8, 2))).fates == {"failed": 184}


def test_a_thesis_breaks_with_three_readings_and_the_price_against_it() -> None:
    entry = Readings(rsi=40, histogram=0.1, adx=20, lean=5, stochastic=30)
    position = publish(BUY, STRATEGIES["aggressive"]().terms, at=market(8, 2).closed_at(0), readings=entry)
    below, above = Decimal(99), Decimal(101)
    against = replace(entry, rsi=39, histogram=0.0, stochastic=29)
    assert judge(position, entry, below) == "holding"
    assert judge(position, replace(entry, rsi=39, histogram=0.0), below) == "weakening"
    assert judge(position, against, below) == "broken"
    assert judge(position, against, above) == "weakening"
    assert judge(position, replace(entry, adx=25, lean=-5, rsi=39, histogram=0.0), below) == "broken"


def _command(capsys: pytest.CaptureFixture, *arguments: object) -> tuple[int, str, str]:
    code = backtest_command.main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_prints_trades_and_honest_figures(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    code, out, _ = _command(capsys, "aggressive", "--csv", CANDLES, "--json", "--draws", 50, "--ledger", record)
    answer = json.loads(out)
    figures = answer["statistics"]
    assert code == 0
    assert figures["n"] == len(answer["trades"]) > 10
    assert float(figures["win_rate_95"][0]) < float(figures["win_rate"]) < float(figures["win_rate_95"][1])
    assert {"expectancy_r", "profit_factor", "max_drawdown_r", "tp1_rate", "ambiguous", "gap_fills"} <= set(figures)
    assert answer["random_entries"]["n"] > 40
    assert sum(Decimal(trade["net_r"]) for trade in answer["trades"]) == Decimal(figures["net_r"])
    assert answer["equity_r"][-1][1] == figures["net_r"]
    assert len(record.read_text().splitlines()) > figures["n"]
    again = json.loads(_command(capsys, "aggressive", "--csv", CANDLES, "--json", "--draws", 50)[1])
    assert again == answer


def test_a_longer_interval_is_built_and_ordered_by_the_files_own_bars(capsys: pytest.CaptureFixture) -> None:
    arguments = ("custom", "--csv", CANDLES, "--interval", "1h", "--json", "--draws", 0)
    answer = json.loads(_command(capsys, *arguments)[1])
    assert (answer["interval"], answer["bars"]) == ("1h", 458)
    assert answer["evaluations"] == {"warming": 458}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tomorrow", "--csv", CANDLES), "there is no 'tomorrow'; there are: aggressive"),
        (("aggressive",), "--csv FILE"),
        (("aggressive", "--csv", FOLDER / "README.md"), "header"),
        (("aggressive", "--csv", CANDLES, "--interval", "5min"), "cannot be made"),
        (("aggressive", "--csv", CANDLES, "--param", "adx=99"), "less than or equal to 60"),
        (("aggressive", "--csv", CANDLES, "--param", "luck=1"), "luck: Extra inputs"),
        (("aggressive", "--csv", CANDLES, "--param", "adx"), "write NAME=VALUE"),
        (("aggressive", "--csv", CANDLES, "--spread", "-1"), "not an amount"),
        (("custom", "--csv", CANDLES, "--param", 'rules={"split": [50, 50, 10]}'), "make 100"),
        (("custom", "--csv", CANDLES, "--param", 'rules={"targets_atr": [0.2, 2, 3]}'), "0.3 R"),
        (("custom", "--csv", CANDLES, "--param", 'rules={"all_of": [{"kind": "luck"}]}'), "kind"),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(capsys: pytest.CaptureFixture, arguments: tuple, message: str) -> None:
    code, out, err = _command(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    code, _, err = _command(capsys, "aggressive", "--csv", tmp_path / "none.csv")
    assert code == 1
    assert "none.csv" in err


def test_the_table_shows_the_yardstick_beside_the_signals(capsys: pytest.CaptureFixture) -> None:
    code, out, _ = _command(capsys, "aggressive", "--csv", CANDLES, "--draws", 20)
    assert code == 0
    assert "random entries" in out
    assert "says little about what it will earn" in out
    assert _command(capsys, "--list")[1].startswith("aggressive")
