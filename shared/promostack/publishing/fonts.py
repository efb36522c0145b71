"""Fonts taken out of a tenant's library."""

from promostack.core import ids
from promostack.core.clock import Clock
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.publishing.errors import FontInUse, FontNotFound
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)
_MOST_NAMED = 5


def remove(tenant_id: str, font_id: str, *, actor: Actor, clock: Clock) -> None:
    """No text is set in it from now on; versions that were stay what they are, and its file while there are any.

    Raises FontNotFound, and FontInUse with the names of the templates whose draft, or version in use, is set in it.
    """
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        font = tx.row(_sql.find_font, tenant_id=tenant_id, id=font_id) if ids.is_id(font_id) else None
        if font is None:
            raise FontNotFound("There is no such font in this workspace.")
        used = [
            row["name"] for row in tx.rows(_sql.templates_with_file, tenant_id=tenant_id, key=font["published_key"])
        ]
        if used:
            raise FontInUse(f"{font['family']} is used by {_listed(used)}. Choose another font there first.")
        tx.run(_sql.remove_font, tenant_id=tenant_id, id=font_id, now=clock.now())
        audit.record(tx, tenant_id, actor, "font.removed", target=font_id, data={"family": font["family"]})


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"
