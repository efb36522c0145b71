"""The suite catches every cheat and passes every honest strategy, shipped ones included."""

from __future__ import annotations

import importlib.util
import inspect
import itertools
import sys
from pathlib import Path

import pytest

from strategies.base_strategy import BaseStrategy
from strategies.strategy_loader import FOLDER, NOT_PLUGINS, impurities, load_strategies
from tests.strategies.market import market
from tests.strategies.suite import Ground, faults

FIXTURES = Path(__file__).parent / "fixtures"
CHEATS = sorted((FIXTURES / "cheats").glob("*.py"))
HONEST = sorted((FIXTURES / "honest").glob("*.py"))
SHIPPED = sorted(path for path in FOLDER.glob("*.py") if path.name not in NOT_PLUGINS)
QUARTERS = 92
# 1 000 hours are 4 000 quarter-hours; a few days more leave room for decisions.
LONG, SHORT = Ground(market(1, 60), market(2, 60), 48 * QUARTERS), Ground(market(1, 16), market(2, 16), 11 * QUARTERS)
# So that each strategy has something to say within those days.
LOOSENED = {"conservative": {"adx": 15, "rsi": 45}, "trend_pullback_multi_tp": {"adx": 10, "mean_atr": 1.0}}
_count = itertools.count()


def _new(path: Path) -> type[BaseStrategy]:
    """The class of a plug-in file, a new module each time, past the loader's own checks."""
    spec = importlib.util.spec_from_file_location(f"fixture_{next(_count)}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module  # pydantic looks its module up
    spec.loader.exec_module(module)
    classes = [each for each in vars(module).values() if inspect.isclass(each) and issubclass(each, BaseStrategy)]
    return next(each for each in classes if each is not BaseStrategy)


def _ground(strategy: type[BaseStrategy]) -> Ground:
    return LONG if strategy({}).intervals else SHORT


@pytest.mark.parametrize("path", CHEATS, ids=lambda path: path.stem)
def test_a_cheat_is_caught(path: Path) -> None:
    strategy = _new(path)
    found = faults(strategy, _ground(strategy))
    assert any("looks ahead" in fault or "determinism" in fault for fault in found), found


def test_there_are_eight_cheats_and_six_honest_strategies() -> None:
    assert (len(CHEATS), len(HONEST)) == (8, 6)


@pytest.mark.parametrize("path", [*HONEST, *SHIPPED], ids=lambda path: path.stem)
def test_an_honest_strategy_passes(path: Path) -> None:
    strategy = _new(path)
    settings = LOOSENED.get(strategy.key, {})
    assert faults(lambda: strategy(settings), _ground(strategy)) == []
    assert impurities(path.read_text()) == []


def test_the_loader_takes_what_is_shipped() -> None:
    strategies, problems = load_strategies()
    assert set(strategies) == {"aggressive", "conservative", "custom", "impulse_breakout", "trend_pullback_multi_tp"}
    assert problems == []


def test_reaching_behind_the_bars_is_refused_before_it_runs() -> None:
    strategies, problems = load_strategies(FIXTURES / "cheats")
    assert {problem.file: problem.kind for problem in problems} == {
        "behind_the_view.py": "impure",
        "through_history.py": "impure",
    }
    assert len(strategies) == 6


@pytest.mark.parametrize(
    ("line", "reach"),
    [
        ("import random", "imports random"),
        ("import promostack", "imports promostack"),
        ("from promostack.signals import candle_files", "imports promostack.signals.candle_files"),
        ("from promostack.core.http import get", "imports promostack.core.http.get"),
        ("from time import monotonic", "imports time.monotonic"),
        ("from . import neighbour", "imports .neighbour"),
        ("at = datetime.now(UTC)", "uses .now"),
        ("day = date.today()", "uses .today"),
        ("rows = open('bars.csv')", "uses open"),
        ("rows = pd.read_csv('bars.csv')", "uses .read_csv"),
        ("noise = np.random.default_rng()", "uses .random"),
        ("whole = bars.close.base", "uses .base"),
        ("later = bars.history", "uses .history"),
        ("bars.close.setflags(write=True)", "uses .setflags"),
        ("run = eval('1')", "uses eval"),
    ],
)
def test_what_reaches_beside_the_bars_is_named_by_line(line: str, reach: str) -> None:
    assert impurities(f"x = 1\n{line}\n") == [f"line 2: {reach}"]
    assert impurities("import numpy as np\nmean = np.mean([1, 2])\n") == []


def test_a_file_that_cannot_be_used_is_a_problem_record_and_the_others_load(tmp_path: Path) -> None:
    for path in [*(FIXTURES / "broken").glob("*.py"), FIXTURES / "honest" / "channel.py"]:
        (tmp_path / path.name).write_text(path.read_text())
    (tmp_path / "no_syntax.py").write_text("def decide(bars:\n")
    (tmp_path / "second_channel.py").write_text((FIXTURES / "honest" / "channel.py").read_text())
    strategies, problems = load_strategies(tmp_path)
    assert list(strategies) == ["channel"]
    assert {problem.file: problem.kind for problem in problems} == {
        "by_the_clock.py": "impure",
        "no_decision.py": "outdated",
        "no_name.py": "incomplete",
        "no_syntax.py": "broken",
        "outdated.py": "outdated",
        "raises_on_import.py": "broken",
        "second_channel.py": "doubled",
        "twin.py": "incomplete",
    }
    assert all(problem.message for problem in problems)
