"""work/leaving: makes exports, forgets people, deletes tenants whose time has come."""

from promostack.app import leaving, worker


def main(event, context):
    return worker.run("leaving", context, leaving.run)
