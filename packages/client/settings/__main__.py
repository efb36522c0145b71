"""A tenant's settings, people and audit log."""

from promostack.app.client.settings import endpoint


def main(event, context):
    return endpoint.handle(event, context)
