"""Files from a tenant's people: leave to send one, and what becomes of it."""

from promostack.app.client.uploads import endpoint


def main(event, context):
    return endpoint.handle(event, context)
