"""A process that guesses codes: `guess_at_once.py THREADS`, a plan as JSON on standard input.

The plan: {"base": the provider, "tenants": {id: settings}, "guesses": [[tenant, actor, code, minute], …]}. Each thread
takes every n-th guess, in order, at that minute of a driven hour. Prints how many guesses ended how, as JSON.
"""

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from promostack.core.errors import PromoError
from promostack.coupons.service import Coupons
from promostack.db import connection
from promostack.integrations.funderpro import FunderPro
from promostack.tenants.models import Tenant, TenantSettings

STARTED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Hand:
    """A clock that shows what was set."""

    at: datetime = STARTED_AT

    def now(self) -> datetime:
        return self.at


def main(threads: int) -> None:
    print("ready", flush=True)
    plan = json.loads(sys.stdin.readline())
    tenants = {
        tenant_id: Tenant(tenant_id, "t", "T", TenantSettings.model_validate(settings))
        for tenant_id, settings in plan["tenants"].items()
    }

    def guess(first: int) -> Counter[str]:
        clock, ended = Hand(), Counter[str]()
        coupons = Coupons({"funderpro": lambda _, settings: FunderPro(settings)}, clock=clock)
        for tenant_id, actor, code, minute in plan["guesses"][first::threads]:
            clock.at = STARTED_AT + timedelta(minutes=minute)
            try:
                ended[coupons.check(tenants[tenant_id], code, actor=actor).status] += 1
            except PromoError as refused:
                ended[refused.code] += 1
        connection.discard()
        return ended

    with ThreadPoolExecutor(threads) as pool:
        print(json.dumps(sum(pool.map(guess, range(threads)), Counter())), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
