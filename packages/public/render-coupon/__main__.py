"""A code on a template, as a finished picture."""

from promostack.app.public.render_coupon import endpoint


def main(event, context):
    return endpoint.handle(event, context)
