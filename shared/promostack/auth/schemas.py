"""Input and output of admin/login and admin/operations."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LogIn(BaseModel):
    """The password login of the platform's people."""

    model_config = ConfigDict(extra="forbid", strict=True)

    email: str = Field(min_length=3, max_length=254, examples=["ada@example.com"])
    password: str = Field(min_length=1, max_length=1_000)


class LoggedIn(BaseModel):
    """Whom the cookie beside this answer signs in."""

    email: str


class AdminSession(BaseModel):
    """Who is signed in on the admin host; `via`: the identity provider's session or the password login."""

    email: str
    via: Literal["session", "password"]


class RefusalQuery(BaseModel):
    """Which page of the refused calls, newest first."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=1_000, description="what the page before said under `next`")
    reason: str | None = Field(None, max_length=60, description="only refusals of this reason", examples=["expired"])


class Refusal(BaseModel):
    """Calls refused in one minute for one reason: `at` is the minute, `request_id` the last of them."""

    at: datetime
    reason: str
    function: str
    host: str
    actor: str
    times: int
    request_id: str | None


class RefusalPage(BaseModel):
    """Refused calls, newest first."""

    items: list[Refusal]
    next: str | None
