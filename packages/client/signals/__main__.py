"""A tenant's signals: how they stand, each one's life, and what is chosen for them."""

from promostack.app.client import signals
from strategies.strategy_loader import load_strategies

endpoint = signals.endpoint
signals.plug_in(load_strategies)


def main(event, context):
    return endpoint.handle(event, context)
