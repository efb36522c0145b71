"""How far the workspace is, and the one next thing to do."""

from promostack.app.client.onboarding import endpoint


def main(event, context):
    return endpoint.handle(event, context)
