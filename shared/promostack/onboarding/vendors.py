"""Services that the workspace is connected with by a key: looked at first, then kept; looked at again; let go.

A service is asked between two transactions, never inside one. A look changes nothing but what is known of it.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from promostack.core.crypto import SecretUnreadable
from promostack.core.errors import NotFound, Unavailable, Unprocessable
from promostack.coupons import providers
from promostack.db.uow import Transaction, unit_of_work
from promostack.onboarding import vendor_checks, vendor_words
from promostack.onboarding.vendor_checks import KINDS, Finding, Kind, Noted
from promostack.tenants import audit, secrets, settings, standing
from promostack.tenants.audit import Actor
from promostack.tenants.models import FunderProSettings
from promostack.tenants.secrets import Described, Purpose

KEYS: Mapping[Kind, Purpose] = {
    "stripe": secrets.STRIPE_KEY,
    "twelve_data": secrets.TWELVE_DATA_KEY,
    "openai": secrets.OPENAI_KEY,
}

# What a look with this key finds; never raises.
CheckKey = Callable[[str], Finding]


class VendorMissing(NotFound):
    """Nothing of that name, or it is not connected."""

    code = "vendor_not_connected"


class VendorKeyRefused(Unprocessable):
    """The service does not know the key, or lets it do too little."""

    code = "vendor_key_refused"


class VendorAway(Unavailable):
    """The service did not answer, or not now."""

    code = "vendor_unavailable"


@dataclass(frozen=True)
class Vendor:
    """A service as it stands; `last4` of its key, `product_ids` of FunderPro's."""

    kind: Kind
    is_connected: bool
    last4: str = ""
    connected_at: datetime | None = None
    noted: Noted | None = None
    product_ids: tuple[str, ...] = ()


class Vendors:
    """`keys` look at a service with a key; `discounts` asks FunderPro with these settings."""

    def __init__(self, keys: Mapping[str, CheckKey], *, discounts: Callable[[FunderProSettings], Finding]) -> None:
        self._keys = keys
        self._discounts = discounts

    def keep_key(self, tenant_id: str, kind: Kind, key: str, *, actor: Actor) -> Vendor:
        """The key from now on, in the place of one that was there.

        Raises VendorKeyRefused and VendorAway; then all is as it was.
        """
        found = self._keys[kind](key)
        _refuse(kind, found)
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            secrets.put(tx, tenant_id, KEYS[kind], "", key)
            vendor_checks.note(tx, tenant_id, kind, found)
            audit.record(tx, tenant_id, actor, f"{kind}.connected")
        return find(tenant_id, kind)

    def use_discounts(self, tenant_id: str, product_ids: tuple[str, ...], *, actor: Actor) -> Vendor:
        """Has codes checked at FunderPro too, for these products; none: the platform's. Raises as `keep_key`."""
        kept = _discounts_of(tenant_id) or FunderProSettings()
        wanted = kept.model_copy(update={"product_ids": product_ids, "is_on": True})
        found = self._discounts(wanted)
        _refuse("funderpro", found)
        with unit_of_work(tenant_id) as tx:
            before = settings.lock_settings(tx, tenant_id).coupon_providers
            standing.check(tx, tenant_id, actor)
            others = [each for each in before if each.kind != "funderpro"]
            at = next((place for place, each in enumerate(before) if each.kind == "funderpro"), len(others))
            settings.set_coupon_providers(tx, tenant_id, [*others[:at], wanted, *others[at:]], actor=actor)
            providers.forget_checks(tx, tenant_id)
            vendor_checks.note(tx, tenant_id, "funderpro", found)
        return find(tenant_id, "funderpro")

    def check(self, tenant_id: str, kind: str, *, actor: Actor) -> Vendor:
        """Looks at the service with what is kept and keeps what was found; raises VendorMissing.

        Within FRESH_S of the last look nothing is asked.
        """
        vendor = find(tenant_id, kind)
        if not vendor.is_connected:
            raise _missing()
        if vendor.noted is not None and vendor.noted.is_fresh:
            return vendor
        key = _key_of(tenant_id, vendor.kind)
        found = self._look(tenant_id, vendor.kind, key)
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            # A key that was given meanwhile has been tried by whoever gave it; a service let go stays so.
            if _is_same(_load(tx, tenant_id, vendor.kind), key) and _one(tx, tenant_id, vendor.kind).is_connected:
                vendor_checks.note(tx, tenant_id, vendor.kind, found)
        return find(tenant_id, kind)

    def _look(self, tenant_id: str, kind: Kind, key: str | None) -> Finding:
        if kind == "funderpro":
            return self._discounts(_discounts_of(tenant_id) or FunderProSettings())
        return self._keys[kind](key) if key else Finding("unreadable")


def read(tenant_id: str) -> list[Vendor]:
    """Every service, connected or not; nobody is asked."""
    with unit_of_work(tenant_id) as tx:
        return [_one(tx, tenant_id, kind) for kind in KINDS]


def find(tenant_id: str, kind: str) -> Vendor:
    """One service; raises VendorMissing for what is none."""
    known = next((each for each in KINDS if each == kind), None)
    if known is None:
        raise _missing()
    with unit_of_work(tenant_id) as tx:
        return _one(tx, tenant_id, known)


def disconnect(tenant_id: str, kind: str, *, actor: Actor) -> Vendor:
    """Forgets the key and what was found; a place where codes are checked is asked no more. Raises VendorMissing."""
    vendor = find(tenant_id, kind)
    if not vendor.is_connected:
        raise _missing()
    with unit_of_work(tenant_id) as tx:
        asked = settings.lock_settings(tx, tenant_id).coupon_providers
        standing.check(tx, tenant_id, actor)
        without = [each.model_copy(update={"is_on": False}) if each.kind == kind else each for each in asked]
        settings.set_coupon_providers(tx, tenant_id, without, actor=actor)
        if vendor.kind in KEYS:
            secrets.forget(tx, tenant_id, KEYS[vendor.kind], "")
        vendor_checks.forget(tx, tenant_id, vendor.kind)
        providers.forget_checks(tx, tenant_id)
        audit.record(tx, tenant_id, actor, f"{kind}.disconnected")
    return find(tenant_id, kind)


def _one(tx: Transaction, tenant_id: str, kind: Kind) -> Vendor:
    noted = vendor_checks.read(tx, tenant_id).get(kind)
    if kind == "funderpro":
        chosen = _discounts_in(tx, tenant_id)
        is_on = chosen is not None and chosen.is_on
        products = chosen.product_ids if chosen is not None else ()
        return Vendor(kind, is_on, noted=noted if is_on else None, product_ids=products)
    kept = _described(tx, tenant_id, kind)
    if kept is None:
        return Vendor(kind, is_connected=False)
    return Vendor(kind, True, kept.last4, kept.added_at, noted)


def _described(tx: Transaction, tenant_id: str, kind: Kind) -> Described | None:
    try:
        return secrets.describe(tx, tenant_id, KEYS[kind], "")
    except secrets.SecretMissing:
        return None


def _load(tx: Transaction, tenant_id: str, kind: Kind) -> str | None:
    """The key, or None when there is none that can be read."""
    if kind not in KEYS:
        return None
    try:
        return secrets.load(tx, tenant_id, KEYS[kind], "")
    except (secrets.SecretMissing, SecretUnreadable):
        return None


def _key_of(tenant_id: str, kind: Kind) -> str | None:
    with unit_of_work(tenant_id) as tx:
        return _load(tx, tenant_id, kind)


def _is_same(one: str | None, other: str | None) -> bool:
    return hmac.compare_digest(one or "", other or "")


def _discounts_of(tenant_id: str) -> FunderProSettings | None:
    with unit_of_work(tenant_id) as tx:
        return _discounts_in(tx, tenant_id)


def _discounts_in(tx: Transaction, tenant_id: str) -> FunderProSettings | None:
    asked = settings.load_settings(tx, tenant_id).coupon_providers
    return next((each for each in asked if isinstance(each, FunderProSettings)), None)


def _refuse(kind: Kind, found: Finding) -> None:
    """Nothing that does not work is kept: raises what the owner is told."""
    if found.problem is None:
        return
    problem, following = vendor_words.of(kind, found)
    if found.problem in ("unreachable", "exhausted"):
        raise VendorAway(f"{problem} {following}", retry_after_s=30)
    field = "product_ids" if kind == "funderpro" else "key"
    raise VendorKeyRefused(f"{problem} {following}", fields={field: problem})


def _missing() -> VendorMissing:
    return VendorMissing("This is not connected.")
