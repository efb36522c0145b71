"""Where a tenant's codes are checked, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from promostack.coupons.errors import ProvidersRefused
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.tenants import settings
from promostack.tenants.audit import Actor
from promostack.tenants.models import (
    CouponProviderSettings,
    FunderProSettings,
    LocalCodesSettings,
    StripeCodesSettings,
)

_sql = load(__package__)
# The purpose under which promostack.tenants.secrets keeps Stripe's restricted key.
STRIPE_KEY = "stripe.key"
_NEW: dict[str, CouponProviderSettings] = {
    "funderpro": FunderProSettings(),
    "stripe": StripeCodesSettings(),
    "local": LocalCodesSettings(),
}


@dataclass(frozen=True)
class Place:
    """A provider as its tenant chooses it. `is_ready` is False while it lacks what it needs to answer."""

    kind: str
    is_on: bool
    is_ready: bool


def read(tenant_id: str) -> list[Place]:
    """Every provider, those that are asked first and in their order; raises TenantNotFound."""
    chosen = settings.read_settings(tenant_id).settings
    asked = list(dict.fromkeys(each.kind for each in chosen.coupon_providers if each.is_on))
    with unit_of_work(tenant_id) as tx:
        has_key = bool(tx.value(_sql.has_secret, tenant_id=tenant_id, purpose=STRIPE_KEY))
    ordered = [*asked, *(kind for kind in _NEW if kind not in asked)]
    return [Place(kind, kind in asked, kind != "stripe" or has_key) for kind in ordered]


def choose(tenant_id: str, kinds: Sequence[str], *, actor: Actor) -> list[Place]:
    """Asks these from now on, in this order; raises ProvidersRefused.

    One that is left out keeps its settings. What was known of any code is forgotten: the change is seen at once.
    """
    if len(set(kinds)) < len(kinds):
        message = "name each place once"
        raise ProvidersRefused(f"Check the order: {message}.", fields={"providers": message})
    with unit_of_work(tenant_id) as tx:
        before = settings.lock_settings(tx, tenant_id).coupon_providers
        wanted = [each for kind in kinds for each in _of_kind(before, kind)]
        left_out = [each for each in before if each.kind not in kinds]
        providers = [_switched(each, is_on=True) for each in wanted] + [
            _switched(each, is_on=False) for each in left_out
        ]
        settings.set_coupon_providers(tx, tenant_id, providers, actor=actor)
        forget_checks(tx, tenant_id)
    return read(tenant_id)


def forget_checks(tx: Transaction, tenant_id: str) -> None:
    """What was known of any code: after a change of where codes are checked."""
    tx.run(_sql.forget_checks, tenant_id=tenant_id)


def _of_kind(providers: Sequence[CouponProviderSettings], kind: str) -> list[CouponProviderSettings]:
    return [each for each in providers if each.kind == kind] or [_NEW[kind]]


def _switched(provider: CouponProviderSettings, *, is_on: bool) -> CouponProviderSettings:
    return provider.model_copy(update={"is_on": is_on})
