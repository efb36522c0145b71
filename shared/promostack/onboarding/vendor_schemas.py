"""Input and output of client/vendors."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from promostack.onboarding.vendor_checks import Kind, Mode
from promostack.onboarding.vendor_words import Status

ProductId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class _Input(BaseModel):
    # A refused key must not come back in the answer or stand in a log.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ConnectStripe(_Input):
    """A restricted key of the workspace's Stripe account."""

    key: str = Field(max_length=300, repr=False, examples=["rk_live_51Abc…"])
    test: bool = Field(False, description="true takes a key of test mode, whose codes are worth nothing")


class ConnectByKey(_Input):
    """A key of the workspace's own account with the service."""

    key: str = Field(min_length=1, max_length=300, pattern=r"^\s*[!-~]+\s*$", repr=False)


class ConnectFunderPro(_Input):
    """FunderPro wants no key; `product_ids` empty: the platform's."""

    product_ids: list[ProductId] = Field(default=[], max_length=20)


class VendorAnswer(BaseModel):
    """A service. `status`, `problem` and `next` (sentences for the owner) are null while it is not connected."""

    kind: Kind
    name: str
    is_connected: bool
    last4: str = Field(description="of its key; empty where it has none")
    connected_at: datetime | None
    checked_at: datetime | None = Field(description="when it was looked at last")
    status: Status | None
    problem: str | None
    next: str | None
    mode: Mode | None = Field(description="Stripe's: of which mode the key is")
    account: str | None = Field(description="Stripe's: whose account, when the key may read that")
    product_ids: list[str]


class VendorList(BaseModel):
    """Every service, connected or not."""

    items: list[VendorAnswer]
