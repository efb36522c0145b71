"""Every tenant, for work that goes through all of them."""

from promostack.db.sql import load
from promostack.db.uow import unit_of_work

_sql = load(__package__)


def list_ids(*, after: str | None, most: int) -> list[str]:
    """Up to `most` ids in their order, those that come after `after`."""
    with unit_of_work(None) as tx:
        return [row["tenant_id"] for row in tx.rows(_sql.tenant_ids, after_id=after, most=most)]
