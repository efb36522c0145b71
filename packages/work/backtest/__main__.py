"""work/backtest: makes the backtests that tenants asked for."""

from promostack.app import backtests, worker
from promostack.signals.catalogue import Catalogue
from strategies.strategy_loader import load_strategies

catalogue = Catalogue(load_strategies)


def main(event, context):
    return worker.run("backtest", context, lambda seconds: backtests.run(catalogue.make, seconds))
