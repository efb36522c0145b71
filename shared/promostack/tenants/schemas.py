"""Input and output of client/session, client/settings and admin/tenants."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from promostack.tenants.roles import Role

State = Literal["active", "suspended", "closing"]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Told(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)


class NewTenant(_Input):
    """The first step of somebody who has no tenant."""

    name: str = Field(min_length=1, max_length=1_000, examples=["Golden Hour Trading"])


class ChosenTenant(_Input):
    """The tenant to work in from now on."""

    tenant: str = Field(min_length=1, max_length=100, description="its slug or its id", examples=["demo"])


class ChangeSettings(_Input):
    """Settings to change; what is left out stays, null empties a link or an address."""

    name: str = Field("", min_length=1, max_length=1_000, examples=["Golden Hour Trading"])
    referral_link: str | None = Field(
        None,
        max_length=2_000,
        description="https, with `{code}` once where the coupon code belongs",
        examples=["https://shop.example.com/?promo={code}"],
    )
    zone: str = Field("UTC", max_length=100, description="IANA's name of the zone", examples=["Europe/Berlin"])
    support_email: str | None = Field(None, max_length=1_000, examples=["help@example.com"])


class ChangeRole(_Input):
    """A member's new role."""

    role: Literal["admin", "member"]


class Invite(_Input):
    """A place for somebody who signs in with that address."""

    email: str = Field(min_length=1, max_length=1_000, examples=["ada@example.com"])
    role: Literal["admin", "member"] = "member"


class Suspend(_Input):
    """Why the tenant is stopped; the platform's people read it, the tenant's people do not."""

    reason: str = Field(min_length=1, max_length=2_000, examples=["Chargebacks; ticket 4711"])


class CloseTenant(_Input):
    """Why the tenant is deleted; the platform's people read it, the tenant's people do not."""

    reason: str = Field(min_length=1, max_length=2_000, examples=["Asked for by letter; ticket 4712"])


class StartVisit(_Input):
    """Why somebody of the platform looks into a tenant; its own people read that it was done."""

    reason: str = Field(min_length=1, max_length=2_000, examples=["Codes are refused; ticket 4713"])


class VisitStarted(BaseModel):
    """Where the visit begins; the address works for half an hour and for whoever has it."""

    url: str
    expires_at: datetime


class PageQuery(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=400, description="what the page before said under `next`")


class TenantsQuery(PageQuery):
    """Which page of which tenants."""

    q: str = Field("", max_length=200, description="a part of the name, the slug or the owner's e-mail")


class UserAnswer(_Told):
    """A signed-in person; without an id before the first step."""

    id: str | None
    email: str | None
    name: str


class PlaceAnswer(_Told):
    """A tenant of the person's."""

    id: str = Field(validation_alias="tenant_id")
    slug: str
    name: str
    role: Role
    state: State


class CurrentAnswer(PlaceAnswer):
    """The tenant that the person works in, and what his role lets him do there."""

    permissions: list[str]


class OfferAnswer(_Told):
    """A place that a tenant offers to the person's address."""

    id: str
    tenant_id: str
    tenant: str = Field(description="its name")
    role: Role
    invited_by: str | None = Field(description="an e-mail; null once that person has left")
    expires_at: datetime


class VisitAnswer(_Told):
    """Somebody of the platform looks into the tenant."""

    admin: str
    reason: str
    expires_at: datetime


class SessionAnswer(BaseModel):
    """Who is signed in, and where; `current` is null for somebody who has no tenant."""

    visit: VisitAnswer | None = Field(None, description="set for somebody of the platform who may only look")

    user: UserAnswer
    tenants: list[PlaceAnswer]
    current: CurrentAnswer | None
    invitations: list[OfferAnswer]


class TenantMade(BaseModel):
    """The person's own tenant."""

    tenant: PlaceAnswer


class SettingsAnswer(BaseModel):
    """A tenant's settings."""

    slug: str
    name: str
    state: State
    referral_link: str | None
    zone: str
    support_email: str | None
    logo_url: str | None


class MemberAnswer(_Told):
    """One of the tenant's people."""

    user_id: str
    email: str | None
    name: str
    role: Role
    joined_at: datetime
    is_you: bool = False


class MemberPage(BaseModel):
    """The tenant's people, the longest there first."""

    items: list[MemberAnswer]
    next: str | None


class InvitationAnswer(_Told):
    """An offered place. Its link leads to the dashboard's `#/join/{tenant_id}/{id}`."""

    id: str
    email: str
    role: Role
    invited_by: str | None = Field(description="an e-mail; null once that person has left")
    created_at: datetime
    expires_at: datetime


class InvitationList(BaseModel):
    """The newest first; ended ones stay until they are renewed or withdrawn."""

    tenant_id: str
    items: list[InvitationAnswer]


class AuditAnswer(_Told):
    """One line of the audit log. `actor` and `target` are as a person reads them, the ids stand beside them."""

    id: str
    at: datetime
    actor: str = Field(description="an e-mail, `former member`, `platform` or `system`")
    actor_id: str | None = Field(description="the user's id, when a user acted")
    action: str = Field(examples=["member.role_changed"])
    target: str = Field(description="an e-mail where it is one of the tenant's people, else an id or empty")
    data: dict[str, Any]
    request_id: str | None


class AuditPage(BaseModel):
    """The newest lines first."""

    items: list[AuditAnswer]
    next: str | None


class TenantCard(_Told):
    """A tenant in the platform's list."""

    id: str = Field(validation_alias="tenant_id")
    slug: str
    name: str
    state: State
    owner_email: str | None
    members: int
    bots: int = Field(validation_alias="bot_count", description="the connected ones")
    bots_in_trouble: int = Field(description="of these, paused or found not to work by the latest look")
    used_at: datetime | None = Field(description="when a customer last used one of its bots")
    created_at: datetime


class TenantCardPage(BaseModel):
    """The newest tenants first."""

    items: list[TenantCard]
    next: str | None


class TenantDetail(TenantCard):
    """One tenant, with the newest lines of its audit log."""

    state_reason: str | None
    erase_at: datetime | None = Field(description="when it is deleted, if it is to be")
    audit: list[AuditAnswer]
