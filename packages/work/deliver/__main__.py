"""work/deliver: sends what is due in the outbox, for all bots, within its time budget."""

from promostack.app import services, worker


def main(event, context):
    return worker.run("deliver", context, lambda seconds: worker.deliver(services.sender(), seconds))
