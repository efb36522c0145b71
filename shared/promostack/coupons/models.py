"""A provider's verdict, and a check as everyone else sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["valid", "invalid", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """What one provider says of one code. `valid_until`: the coupon's own end, where the provider tells it."""

    status: Status
    reason: str
    valid_until: datetime | None = None


@dataclass(frozen=True)
class CouponCheck:
    """The answer to "is this code good?". `unknown` says nothing about the code: the provider gave no usable answer."""

    status: Status
    code: str
    reason: str
    message: str
    valid_until: datetime | None = None
