"""work/forex-track: publishes what is out, follows what is open bar by bar, tells subscribers."""

from promostack.app import forex, worker


def main(event, context):
    return worker.run("forex-track", context, lambda seconds: forex.with_feed().track(seconds))
