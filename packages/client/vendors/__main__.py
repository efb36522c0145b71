"""The services that the workspace is connected with by a key."""

from promostack.app.client.vendors import endpoint


def main(event, context):
    return endpoint.handle(event, context)
