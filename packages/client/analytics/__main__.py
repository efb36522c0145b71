"""The figures of a tenant's bots, their tables as files, one person's steps."""

from promostack.app.client.analytics import endpoint


def main(event, context):
    return endpoint.handle(event, context)
