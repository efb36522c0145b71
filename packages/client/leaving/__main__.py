"""A tenant's export, its deletion, and the erasure of a person who wrote to its bots."""

from promostack.app.client.leaving import endpoint


def main(event, context):
    return endpoint.handle(event, context)
