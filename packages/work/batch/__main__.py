"""work/batch: makes pictures of many codes, and clears away archives whose time is over."""

from promostack.app import batches, worker


def main(event, context):
    return worker.run("batch", context, batches.run)
