"""Input and output of public/validate-coupon."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from promostack.coupons.models import Status


class ValidateCoupon(BaseModel):
    """A code as it was typed, for one tenant."""

    model_config = ConfigDict(extra="forbid", strict=True)

    tenant: str = Field(max_length=100, description="the tenant's slug", examples=["demo"])
    # Longer than any code, so that the code's own rule can say what is wrong.
    code: str = Field(max_length=1_000, description="the code as it was typed", examples=["SUMMER25"])


class CouponAnswer(BaseModel):
    """`unknown` means that nobody could say: offer to try again, and show it as neither valid nor invalid."""

    model_config = ConfigDict(from_attributes=True)

    status: Status
    code: str = Field(description="the code as it is printed", max_length=64)
    reason: str
    message: str
    valid_until: datetime | None = Field(description="the coupon's own end, where its provider tells it")
