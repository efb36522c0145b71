"""Pictures of many codes in one archive: asked for, watched, downloaded, cancelled."""

from promostack.app.client.batches import endpoint


def main(event, context):
    return endpoint.handle(event, context)
