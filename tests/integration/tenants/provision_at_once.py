"""A process that provisions in parallel: `provision_at_once.py THREADS SUBJECT NAME`. Waits for a line, then starts.

Prints one JSON list: for each call the tenant's id and whether this call made it, or the error's code.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from promostack.core.errors import PromoError
from promostack.db import connection
from promostack.tenants import provisioning
from promostack.tenants.members import Contact


def main(threads: int, subject: str, name: str) -> None:
    together = Barrier(threads)

    def call(_: int) -> list[object]:
        try:
            connection.current()
            together.wait(60)
            made = provisioning.provision(
                subject, name=name, find_contact=lambda: Contact(f"{subject}@example.com"), request_id=None
            )
            return [made.place.tenant_id, made.is_new]
        except PromoError as error:
            return [error.code, False]
        finally:
            connection.discard()

    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(threads) as callers:
        print(json.dumps(list(callers.map(call, range(threads)))), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
