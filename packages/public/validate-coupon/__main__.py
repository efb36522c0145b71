"""Is this code good?"""

from promostack.app.public.validate_coupon import endpoint


def main(event, context):
    return endpoint.handle(event, context)
