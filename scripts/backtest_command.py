"""What scripts/backtest does, once it runs in the project's environment."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from promostack.core.errors import PromoError
from promostack.signals import backtest, ledger
from promostack.signals.backtest_record import record
from promostack.signals.bars import History
from promostack.signals.candle_files import read_candles
from promostack.signals.candles import Candles, build_higher, clean
from promostack.signals.intervals import INTERVALS, SECONDS
from promostack.signals.random_entries import DRAWS, random_entries
from promostack.signals.results import Costs
from promostack.signals.statistics import Statistics, equity, summarise
from strategies.base_strategy import BaseStrategy
from strategies.strategy_loader import FOLDER, load_strategies

NOTE = "Past bars, fills at the levels, costs as given. What a rule earned on them says little about what it will earn."


class Refused(Exception):
    """A message for the person at the terminal."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return _list(options.strategies) if options.list else _backtest(options)
    except (Refused, PromoError) as error:
        print(f"backtest: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"backtest: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/backtest", description="A strategy over candles on disk.", epilog=NOTE
    )
    parser.add_argument("strategy", nargs="?", metavar="STRATEGY", help="its key; --list names them")
    parser.add_argument("--list", action="store_true", help="print the strategies, and the files that cannot be used")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="the candles")
    parser.add_argument("--interval", choices=INTERVALS, help="the base interval; the file's own by default")
    parser.add_argument("--param", action="append", default=[], metavar="NAME=JSON", help="a parameter of the strategy")
    parser.add_argument("--spread", default="0.20", metavar="USD", help="taken from every signal, an ounce (0.20)")
    parser.add_argument("--commission", default="0", metavar="USD", help="the same (0)")
    parser.add_argument("--strategies", type=Path, default=FOLDER, metavar="FOLDER", help="where the plug-ins are")
    parser.add_argument("--draws", type=int, default=DRAWS, help=f"random entries to compare with ({DRAWS})")
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="also write the record, for scripts/verify-ledger")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    return parser


def _list(folder: Path) -> int:
    strategies, problems = load_strategies(folder)
    for key, strategy in strategies.items():
        print(f"{key:26} {strategy.description}")
    for problem in problems:
        print(f"{problem.file}: {problem.kind}: {problem.message}", file=sys.stderr)
    return 0


def _backtest(options: argparse.Namespace) -> int:
    if not options.strategy or not options.csv:
        raise Refused("name a strategy and --csv FILE; scripts/backtest --help says more")
    costs = Costs(_money(options.spread, "--spread"), _money(options.commission, "--commission"))
    candles, finer, dropped = _candles(options.csv, options.interval)
    strategy = _strategy(options, candles.interval)
    history = History(candles)
    report = backtest.run(strategy, history, costs=costs, finer=finer)
    baseline = summarise(random_entries(strategy, history, report.trades, costs=costs, draws=options.draws))
    if options.ledger:
        options.ledger.write_text(ledger.export(record(report, strategy, costs=costs)), encoding="utf-8")
    answer = _answer(strategy, candles, report, baseline, costs)
    answer["dropped_bars"] = dropped
    if options.json:
        print(json.dumps(answer, indent=1, ensure_ascii=False))
    else:
        _print_table(answer)
    return 0


def _candles(path: Path, interval: str | None) -> tuple[Candles, Candles | None, dict[str, int]]:
    """Base bars, the shorter ones they were built of, and what was dropped for which reason."""
    cleaned = clean(read_candles(path))
    dropped = {"stray": cleaned.stray, "impossible": cleaned.impossible, "doubled": cleaned.doubled}
    own = cleaned.candles
    if interval is None or interval == own.interval:
        return own, None, dropped
    if SECONDS[interval] < SECONDS[own.interval]:
        raise Refused(f"{path.name} holds bars of {own.interval}; {interval} cannot be made of them")
    built = build_higher(own, interval)
    is_whole = len(built) and own.closed_at(len(own) - 1) >= built.closed_at(len(built) - 1)
    return (built if is_whole else built.cut(0, len(built) - 1)), own, dropped


def _strategy(options: argparse.Namespace, interval: Any) -> BaseStrategy:
    strategies, problems = load_strategies(options.strategies)
    if options.strategy not in strategies:
        reasons = "".join(f"\n  {each.file}: {each.kind}: {each.message}" for each in problems)
        raise Refused(f"there is no {options.strategy!r}; there are: {', '.join(strategies)}{reasons}")
    try:
        return strategies[options.strategy](dict(_param(text) for text in options.param), interval=interval)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise Refused(f"parameters: {faults}") from error


def _param(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(f"--param {text}: write NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _money(text: str, name: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise Refused(f"{name} {text}: not an amount in USD") from error
    if not amount.is_finite() or amount < 0:
        raise Refused(f"{name} {text}: not an amount in USD")
    return amount


def _answer(
    strategy: BaseStrategy, candles: Candles, report: backtest.Report, baseline: Statistics, costs: Costs
) -> dict[str, Any]:
    return {
        "strategy": strategy.key,
        "fingerprint": strategy.fingerprint,
        "parameters": strategy.p.model_dump(mode="json"),
        "interval": candles.interval,
        "bars": len(candles),
        "from": _plain(candles.opened_at(0)) if len(candles) else None,
        "to": _plain(candles.closed_at(len(candles) - 1)) if len(candles) else None,
        "costs": {"spread_usd": str(costs.spread), "commission_usd": str(costs.commission)},
        "evaluations": dict(report.fates),
        "blocked": dict(report.blocks),
        "statistics": _figures(summarise(report.samples())),
        "random_entries": _figures(baseline),
        "still_open": report.still_open is not None,
        "problems": sorted({each.reason for each in report.plans if each.fate == "failed"}),
        "equity_r": [[_plain(at), _plain(total)] for at, total in equity(report.samples())],
        "trades": [_trade(trade) for trade in report.trades],
        "note": NOTE,
    }


def _figures(figures: Statistics) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(figures).items()}


def _trade(trade: backtest.Trade) -> dict[str, Any]:
    position, result = trade.position, trade.result
    plan = position.plan
    return {
        "bar_closed_at": _plain(trade.bar_closed_at),
        "published_at": _plain(position.published_at),
        "closed_at": _plain(trade.closed_at),
        "side": plan.side,
        "entry": str(plan.entry),
        "stop": str(plan.stop),
        "targets": [str(price) for price in plan.targets],
        "split": list(plan.split),
        "outcome": position.outcome,
        "targets_hit": position.hit,
        "legs": [{"share": leg.share, "price": str(leg.price), "why": leg.why} for leg in position.legs],
        "gross_usd": _plain(result.gross_usd),
        "net_usd": _plain(result.net_usd),
        "net_pips": _plain(result.net_pips),
        "net_r": _plain(result.net_r),
        "ambiguous": position.ambiguous,
        "gap_fills": position.gap_fills,
    }


def _plain(value: Any) -> Any:
    """Numbers as text, exactly; times in ISO form."""
    if isinstance(value, Decimal):
        return ledger.plain(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _print_table(answer: dict[str, Any]) -> None:
    print(f"{answer['strategy']} on {answer['bars']} bars of {answer['interval']}, {answer['from']} to {answer['to']}")
    columns: Iterable[tuple[str, dict[str, Any]]] = (
        ("signals", answer["statistics"]),
        ("random entries", answer["random_entries"]),
    )
    columns = list(columns)
    print(f"{'':22}" + "".join(f"{name:>22}" for name, _ in columns))
    for name in columns[0][1]:
        if name != "outcomes":
            print(f"{name:22}" + "".join(f"{_cell(figures[name]):>22}" for _, figures in columns))
    print("outcomes: " + ", ".join(f"{name} {count}" for name, count in answer["statistics"]["outcomes"].items()))
    print(NOTE)


def _cell(value: Any) -> str:
    if value is None:
        return "not known"
    return " to ".join(value) if isinstance(value, list) else str(value)


if __name__ == "__main__":
    sys.exit(main())
