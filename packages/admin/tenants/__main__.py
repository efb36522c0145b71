"""The platform's list of tenants; suspending and resuming."""

from promostack.app.admin.tenants import endpoint


def main(event, context):
    return endpoint.handle(event, context)
