"""A tenant's templates: where each is shown, in which order, and which version counts."""

from promostack.app.client.templates import endpoint


def main(event, context):
    return endpoint.handle(event, context)
