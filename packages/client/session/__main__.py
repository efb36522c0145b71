"""Who is signed in, his tenants, and the one he works in."""

from promostack.app.client.session import endpoint


def main(event, context):
    return endpoint.handle(event, context)
