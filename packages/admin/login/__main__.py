"""The password login of the platform's people, and who is signed in."""

from promostack.app.admin.login import endpoint


def main(event, context):
    return endpoint.handle(event, context)
