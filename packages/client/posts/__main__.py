"""Channels, and what is posted in them."""

from promostack.app.client.posts import endpoint


def main(event, context):
    return endpoint.handle(event, context)
