"""Updates that came in while their tenant was suspended, on the day on which it is back."""

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

# Telegram itself drops what it could not deliver for a day (facts §2); nobody expects an answer any more.
FRESH_S = 24 * 3600
# The tick hands in twenty a minute for all tenants: who comes back with a day's questions leaves room for the rest.
A_MINUTE = 10

_sql = load(__package__)


def release(tenant_id: str) -> tuple[int, int]:
    """Closes what is too old to be answered and lets the rest come up ten a minute; returns how many of each.

    Without it nothing is lost either: everything comes up at once, and each old update costs an invocation.
    """
    with unit_of_work(tenant_id) as tx:
        old = tx.run(_sql.ignore_old_updates, tenant_id=tenant_id, fresh_s=FRESH_S)
        return old, tx.run(_sql.spread_updates, tenant_id=tenant_id, a_minute=A_MINUTE)
