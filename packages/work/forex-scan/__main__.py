"""work/forex-scan: stores closed bars and evaluates each once, for every tenant whose signals are on."""

from promostack.app import forex, worker
from strategies.strategy_loader import load_strategies


def main(event, context):
    strategy_of = forex.strategies_by(load_strategies)
    return worker.run("forex-scan", context, lambda seconds: forex.with_lines().scan(strategy_of, seconds))
