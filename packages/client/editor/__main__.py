"""A tenant's drafts of templates, and publishing them."""

from promostack.app.client.editor import endpoint


def main(event, context):
    return endpoint.handle(event, context)
