"""work/forex-recap: posts the recaps that are due, with the head of the record."""

from promostack.app import forex, worker


def main(event, context):
    return worker.run("forex-recap", context, lambda seconds: forex.without_feed().recap(seconds))
