"""A tenant and its settings (stored as JSON in `tenants.settings`)."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, SerializerFunctionWrapHandler, Tag, model_serializer


class _Stored(BaseModel):
    # Older containers read settings that newer code wrote, so an unknown key is passed over.
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Provider(_Stored):
    """One that is off is not asked, and keeps its settings for when it is on again."""

    kind: str
    is_on: bool = True

    @model_serializer(mode="wrap")
    def _named(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """What equals its default is not stored, but a provider always says its kind."""
        return {"kind": self.kind, **serialize(self)}


class FunderProSettings(_Provider):
    """How FunderPro's discount check is asked and read for this tenant.

    `product_ids` empty: FUNDERPRO_PRODUCT_ID. `api_base` None: FUNDERPRO_API_BASE. `rule`: `listed` wants our code in
    the list that a 200 carries; `status` takes any 200 with a JSON body for valid.
    """

    kind: Literal["funderpro"] = "funderpro"
    product_ids: tuple[str, ...] = ()
    api_base: str | None = None
    rule: Literal["listed", "status"] = "listed"


class StripeCodesSettings(_Provider):
    """Promotion codes of the Stripe account whose restricted key is kept as the tenant's secret `stripe.key`."""

    kind: Literal["stripe"] = "stripe"


class LocalCodesSettings(_Provider):
    """Codes that the tenant keeps here, with limits of their own."""

    kind: Literal["local"] = "local"


def _kind_of(stored: Any) -> str:
    """FunderPro was the only provider when settings did not name one yet."""
    return str(stored.get("kind", "funderpro") if isinstance(stored, dict) else stored.kind)


CouponProviderSettings = Annotated[
    Annotated[FunderProSettings, Tag("funderpro")]
    | Annotated[StripeCodesSettings, Tag("stripe")]
    | Annotated[LocalCodesSettings, Tag("local")],
    Discriminator(_kind_of),
]


class Limits(_Stored):
    """What one actor (an IP address or a chat) may do; the product's defaults."""

    renders_per_minute: int = Field(30, ge=1)
    checks_per_minute: int = Field(10, ge=1)
    misses_per_hour: int = Field(60, ge=1)


class TenantSettings(_Stored):
    """`referral_link` holds `{code}`; `logo_key` is an object of the public bucket; providers are asked in order.

    `zone` is the IANA name of the zone in which the tenant's days begin.
    """

    referral_link: str | None = None
    logo_key: str | None = None
    zone: str = "UTC"
    support_email: str | None = None
    coupon_providers: tuple[CouponProviderSettings, ...] = ()
    # Public answers do not tell "expired" from "never existed" unless the tenant allows it.
    tells_expired: bool = False
    limits: Limits = Limits()
    # The bot's texts in the tenant's own words: by language, then by key of promostack.telegram.languages.en.
    bot_texts: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class Tenant:
    """A tenant as the services use it."""

    id: str
    slug: str
    name: str
    settings: TenantSettings
    state: Literal["active", "suspended", "closing"] = "active"

    def referral_link(self, code: str) -> str | None:
        """The tenant's link for that code, None when the tenant has no link."""
        link = self.settings.referral_link
        return link.replace("{code}", code) if link else None
