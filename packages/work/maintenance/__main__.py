"""work/maintenance: clears away what is over, and seals secrets anew that an older key seals."""

from promostack.app import maintenance, worker


def main(event, context):
    return worker.run("maintenance", context, maintenance.run)
