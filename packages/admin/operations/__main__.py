"""What support looks at."""

from promostack.app.admin.operations import endpoint


def main(event, context):
    return endpoint.handle(event, context)
