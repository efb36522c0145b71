"""Input and output of client/coupons."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from promostack.core.text import is_keepable

Kind = Literal["funderpro", "stripe", "local"]
# What the columns hold.
_MOST_TIMES, _MOST_MINOR = 2**31 - 1, 10**15


def _keepable(text: str) -> str:
    if not is_keepable(text):
        raise ValueError("take the control characters out")
    return text.strip()


_Name = Annotated[str, AfterValidator(_keepable), Field(min_length=1, max_length=200)]
_Moment = Annotated[AwareDatetime, Field(strict=False)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TermsInput(_Input):
    """What a code allows; null is no limit. Money is in minor units of `currency`."""

    note: Annotated[str, AfterValidator(_keepable), Field(max_length=200)] = ""
    is_active: bool = True
    starts_at: _Moment | None = None
    ends_at: _Moment | None = None
    most_total: int | None = Field(None, ge=1, le=_MOST_TIMES)
    most_per_customer: int | None = Field(None, ge=1, le=_MOST_TIMES)
    budget_minor: int | None = Field(None, ge=1, le=_MOST_MINOR)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", examples=["EUR"])


class NewCode(TermsInput):
    """A code and its terms."""

    code: str = Field(max_length=1_000, description="as it is typed; it is kept as it is printed", examples=["GOLD-10"])


class RedeemCode(_Input):
    """One order that uses the code."""

    order: _Name = Field(description="your own name of the order: the same again is the same redemption")
    customer: _Name = Field(description="your own name of the customer, for limits per customer")
    amount_minor: int = Field(0, ge=0, le=_MOST_MINOR, description="what the order costs the code's budget")


class ReleaseCode(_Input):
    """The order that is given back."""

    order: _Name


class ChosenProviders(_Input):
    """Where codes are checked, the first one first; those left out are not asked."""

    providers: list[Kind] = Field(min_length=1, max_length=3, examples=[["local", "funderpro"]])


class OwnCodeAnswer(BaseModel):
    """One of the tenant's own codes. `refusal` says why it cannot be redeemed now, null when it can."""

    code: str
    note: str
    is_active: bool
    starts_at: datetime | None
    ends_at: datetime | None
    most_total: int | None
    most_per_customer: int | None
    budget_minor: int | None
    currency: str | None
    redeemed: int
    spent_minor: int
    created_at: datetime
    refusal: str | None = Field(description="switched_off, not_started, expired, used_up or budget_spent")


class OwnCodePage(BaseModel):
    """The tenant's own codes, in the order of their text."""

    items: list[OwnCodeAnswer]
    next: str | None


class RedemptionAnswer(BaseModel):
    """The order's redemption."""

    code: str
    order: str
    customer: str
    amount_minor: int
    redeemed_at: datetime


class ReleaseAnswer(BaseModel):
    """Whether a redemption stood that was given back."""

    released: bool


class ProviderAnswer(BaseModel):
    """One place where codes can be checked."""

    model_config = ConfigDict(from_attributes=True)

    kind: Kind
    is_on: bool
    is_ready: bool = Field(description="false while it could not answer: Stripe without its key")


class ProvidersAnswer(BaseModel):
    """Every place, those that are asked first and in their order."""

    providers: list[ProviderAnswer]
