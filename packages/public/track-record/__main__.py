"""A tenant's signals with honest figures, and the chain that proves them."""

from promostack.app.public.track_record import endpoint


def main(event, context):
    return endpoint.handle(event, context)
