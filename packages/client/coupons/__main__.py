"""A tenant's own codes, and the order in which its coupon providers are asked."""

from promostack.app.client.coupons import endpoint


def main(event, context):
    return endpoint.handle(event, context)
