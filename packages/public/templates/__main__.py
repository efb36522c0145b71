"""A tenant's gallery and its template documents."""

from promostack.app.public.templates import endpoint


def main(event, context):
    return endpoint.handle(event, context)
