"""What bots have to send and could not send, and what they could not answer."""

from promostack.app.client.outbox import endpoint


def main(event, context):
    return endpoint.handle(event, context)
