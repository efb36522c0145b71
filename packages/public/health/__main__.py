"""Does everything that a picture needs answer?"""

from promostack.app.public.health import endpoint


def main(event, context):
    return endpoint.handle(event, context)
