"""A tenant's own settings: read, checked, changed with a line in the audit log, seen by its pages at once."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from promostack.core.text import is_email, is_keepable
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor
from promostack.tenants.errors import SettingsRefused, TenantNotFound
from promostack.tenants.models import CouponProviderSettings, Tenant, TenantSettings
from promostack.tenants.provisioning import checked_name

LONGEST_LINK = 500
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x20\x7f<>\"\\^`{|}]")
# A name for a host: labels of letters, digits and hyphens, the last of letters.
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})", re.I)

_sql = load(__package__)


def read_settings(tenant_id: str) -> Tenant:
    """The tenant with its settings, also while it is suspended; raises TenantNotFound."""
    with unit_of_work(tenant_id) as tx:
        return _load(tx.row(_sql.find_tenant, tenant_id=tenant_id))


def change_settings(tenant_id: str, changes: Mapping[str, Any], *, actor: Actor) -> Tenant:
    """Sets `name`, `referral_link`, `zone` and `support_email`, those that are given; None empties a link or address.

    Raises SettingsRefused naming every wrong field, and what `standing.check` raises, as all changes here do.
    """
    checked = _checked(changes)
    with unit_of_work(tenant_id) as tx:
        before = _lock(tx, tenant_id, actor)
        changed = {name: value for name, value in checked.items() if value != _value(before, name)}
        if changed:
            _store(tx, before, changed, actor)
        return _load(tx.row(_sql.find_tenant, tenant_id=tenant_id))


def set_logo(tx: Transaction, tenant_id: str, key: str | None, *, actor: Actor) -> None:
    """Makes an object of the public bucket the tenant's logo, inside the caller's transaction; None takes it away."""
    before = _lock(tx, tenant_id, actor)
    if before.settings.logo_key != key:
        _store(tx, before, {"logo_key": key}, actor)


def load_settings(tx: Transaction, tenant_id: str) -> TenantSettings:
    """The settings, read in the caller's transaction; raises TenantNotFound."""
    return _load(tx.row(_sql.find_tenant, tenant_id=tenant_id)).settings


def lock_settings(tx: Transaction, tenant_id: str) -> TenantSettings:
    """The settings, held until the caller's transaction ends; raises TenantNotFound."""
    return _load(tx.row(_sql.lock_tenant, tenant_id=tenant_id)).settings


def set_coupon_providers(
    tx: Transaction, tenant_id: str, providers: Sequence[CouponProviderSettings], *, actor: Actor
) -> None:
    """The providers in the order in which they are asked, inside the caller's transaction."""
    before = _lock(tx, tenant_id, actor)
    if before.settings.coupon_providers == tuple(providers):
        return
    stored = [each.model_dump(exclude_defaults=True) for each in providers]
    tx.run(
        _sql.merge_settings, tenant_id=tenant_id, name=before.name, settings=json.dumps({"coupon_providers": stored})
    )
    told = {"from": _asked(before.settings.coupon_providers), "to": _asked(providers)}
    audit.record(tx, tenant_id, actor, "settings.changed", data={"coupon_providers": told})


def remove_logo(tenant_id: str, *, actor: Actor) -> None:
    """Takes the logo away; pictures that were made with it stay what they are."""
    with unit_of_work(tenant_id) as tx:
        set_logo(tx, tenant_id, None, actor=actor)


def _lock(tx: Transaction, tenant_id: str, actor: Actor) -> Tenant:
    """The tenant, held until the transaction ends, when the actor may still change it."""
    before = _load(tx.row(_sql.lock_tenant, tenant_id=tenant_id))
    standing.check(tx, tenant_id, actor)
    return before


def _asked(providers: Sequence[CouponProviderSettings]) -> list[str]:
    return [each.kind for each in providers if each.is_on]


def _store(tx: Transaction, before: Tenant, changed: Mapping[str, Any], actor: Actor) -> None:
    """Writes these settings and no other, so that a key of newer code beside them stays."""
    settings = {name: value for name, value in changed.items() if name != "name"}
    name = changed.get("name", before.name)
    tx.run(_sql.merge_settings, tenant_id=before.id, name=name, settings=json.dumps(settings))
    data = {name: {"from": _value(before, name), "to": value} for name, value in changed.items()}
    audit.record(tx, before.id, actor, "settings.changed", data=data)


def _value(tenant: Tenant, name: str) -> Any:
    return tenant.name if name == "name" else getattr(tenant.settings, name)


def _load(row: dict[str, Any] | None) -> Tenant:
    if row is None:
        raise TenantNotFound("There is no such account.")
    settings = TenantSettings.model_validate(row["settings"])
    return Tenant(row["tenant_id"], row["slug"], row["name"], settings, row["state"])


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored; raises SettingsRefused with all that is wrong."""
    checked: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in changes.items():
        try:
            checked[name] = _CHECKS[name](value)
        except SettingsRefused as error:
            wrong |= error.fields or {}
    if wrong:
        raise SettingsRefused(f"Check these fields: {', '.join(wrong)}.", fields=wrong)
    return checked


def _referral_link(value: str | None) -> str | None:
    text = (value or "").strip()
    if not text:
        return None
    problem = _link_problem(text)
    if problem:
        raise SettingsRefused(problem, fields={"referral_link": problem})
    return text


def _link_problem(text: str) -> str | None:
    """What keeps a text from being a referral link, in words."""
    if len(text) > LONGEST_LINK:
        return f"at most {LONGEST_LINK} characters; this one has {len(text)}"
    if text.count("{code}") != 1:
        return "put {code} into the link once, where the coupon code belongs"
    if _NOT_IN_A_LINK.search(text.replace("{code}", "")) or not is_keepable(text):
        return "a link holds no blanks, quotes, braces or angle brackets; write them as %20 and the like"
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except ValueError:  # a wrong port, or a host that is none
        return "this is no address of a page"
    if parts.scheme != "https":
        return "the link starts with https://"
    if not _HOST.fullmatch(host):
        return "the link needs a host such as shop.example.com"
    if parts.username is not None or parts.password is not None or port == 0:
        return "the link holds no user name, password or port 0"
    return None


def _zone(value: str | None) -> str:
    zone = (value or "").strip()
    if zone not in _zones():
        message = "use a zone's name such as Europe/Berlin, America/New_York or UTC"
        raise SettingsRefused(message, fields={"zone": message})
    return zone


@cache
def _zones() -> frozenset[str]:
    """IANA's names from the package, so that all machines know the same ones."""
    from importlib.resources import files

    import tzdata

    return frozenset(files(tzdata).joinpath("zones").read_text("ascii").split())


def _support_email(value: str | None) -> str | None:
    text = (value or "").strip()
    if text and not is_email(text):
        message = "use an e-mail address such as help@example.com"
        raise SettingsRefused(message, fields={"support_email": message})
    return text or None


_CHECKS = {
    "name": checked_name,
    "referral_link": _referral_link,
    "zone": _zone,
    "support_email": _support_email,
}
