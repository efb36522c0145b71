"""What the workspace is connected with."""

from promostack.app.client.connections import endpoint


def main(event, context):
    return endpoint.handle(event, context)
