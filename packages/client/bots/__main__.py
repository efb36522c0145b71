"""How the tenant's bots are, what each needs next, and what was said in one chat."""

from promostack.app.client.bots import endpoint


def main(event, context):
    return endpoint.handle(event, context)
