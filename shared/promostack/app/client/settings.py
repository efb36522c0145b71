"""client/settings: the tenant's settings, its people and whom it invites, its audit log."""

from datetime import UTC, datetime
from typing import Any

from promostack.app.audit_lines import told_to_tenant
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.auth.permissions import allows
from promostack.core import config, cursors
from promostack.tenants import audit, invitations, settings, team
from promostack.tenants.models import Tenant
from promostack.tenants.schemas import (
    AuditPage,
    ChangeRole,
    ChangeSettings,
    InvitationAnswer,
    InvitationList,
    Invite,
    MemberAnswer,
    MemberPage,
    PageQuery,
    SettingsAnswer,
)

endpoint = Endpoint("client/settings")


@endpoint.get(access=member("tenant.read"))
def read_settings(request: Request) -> dict[str, Any]:
    return _told(settings.read_settings(request.caller_as(Member).tenant_id))


@endpoint.put(access=member("settings.write"), body=ChangeSettings)
def change_settings(request: Request, body: ChangeSettings) -> dict[str, Any]:
    changes = body.model_dump(exclude_unset=True)
    return _told(settings.change_settings(request.caller_as(Member).tenant_id, changes, actor=acting(request)))


@endpoint.delete("logo", access=member("settings.write"))
def remove_logo(request: Request) -> Reply:
    settings.remove_logo(request.caller_as(Member).tenant_id, actor=acting(request))
    return Reply(status=204)


@endpoint.get("members", access=member("members.read"), query=PageQuery)
def list_members(request: Request, query: PageQuery) -> dict[str, Any]:
    caller = request.caller_as(Member)
    after = cursors.decode(query.cursor, cursors.moment, cursors.uuid) if query.cursor else None
    found = team.list_members(caller.tenant_id, limit=query.limit + 1, after=after)
    page = found[: query.limit]
    following = cursors.encode(page[-1].joined_at, page[-1].user_id) if len(found) > len(page) else None
    items = [_member(each, caller) for each in page]
    return MemberPage(items=items, next=following).model_dump(mode="json")


@endpoint.put("members/{user_id}", access=member("members.write"), body=ChangeRole)
def change_role(request: Request, body: ChangeRole, user_id: str) -> dict[str, Any]:
    caller = request.caller_as(Member)
    changed = team.change_role(caller.tenant_id, user_id, body.role, actor=acting(request), allows=allows)
    return _member(changed, caller).model_dump(mode="json")


@endpoint.post("members/{user_id}/owner", access=member("tenant.handover"))
def hand_over(request: Request, user_id: str) -> dict[str, Any]:
    caller = request.caller_as(Member)
    owner = team.hand_over(caller.tenant_id, user_id, actor=acting(request), allows=allows)
    return _member(owner, caller).model_dump(mode="json")


# Anyone may leave. Removing somebody else takes members.write, an admin members.promote: the service's rule.
@endpoint.delete("members/{user_id}", access=member("members.leave"))
def remove_member(request: Request, user_id: str) -> Reply:
    caller = request.caller_as(Member)
    team.remove_member(caller.tenant_id, user_id, actor=acting(request), allows=allows)
    return Reply(status=204)


@endpoint.get("invitations", access=member("members.write"))
def list_invitations(request: Request) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    items = [InvitationAnswer.model_validate(each) for each in invitations.list_invitations(tenant_id)]
    return InvitationList(tenant_id=tenant_id, items=items).model_dump(mode="json")


@endpoint.post("invitations", access=member("members.write"), body=Invite)
def invite(request: Request, body: Invite) -> Reply:
    made = invitations.invite(
        request.caller_as(Member).tenant_id,
        email=body.email,
        role=body.role,
        actor=acting(request),
        allows=allows,
        now=datetime.now(UTC),
    )
    return Reply(InvitationAnswer.model_validate(made).model_dump(mode="json"), 201)


@endpoint.delete("invitations/{invitation_id}", access=member("members.write"))
def withdraw_invitation(request: Request, invitation_id: str) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    invitations.withdraw(tenant_id, invitation_id, actor=acting(request), allows=allows)
    return Reply(status=204)


@endpoint.get("audit", access=member("audit.read"), query=PageQuery)
def list_audit(request: Request, query: PageQuery) -> dict[str, Any]:
    before = cursors.decode(query.cursor, cursors.uuid)[0] if query.cursor else None
    found = audit.list_entries(request.caller_as(Member).tenant_id, limit=query.limit + 1, before=before)
    page = found[: query.limit]
    following = cursors.encode(page[-1].id) if len(found) > len(page) else None
    return AuditPage(items=[told_to_tenant(entry) for entry in page], next=following).model_dump(mode="json")


def _member(colleague: team.Colleague, caller: Member) -> MemberAnswer:
    answer = MemberAnswer.model_validate(colleague)
    return answer.model_copy(update={"is_you": colleague.user_id == caller.user_id})


def _told(tenant: Tenant) -> dict[str, Any]:
    chosen = tenant.settings
    base = config.require("PUBLIC_ASSET_BASE").rstrip("/")
    return SettingsAnswer(
        slug=tenant.slug,
        name=tenant.name,
        state=tenant.state,
        referral_link=chosen.referral_link,
        zone=chosen.zone,
        support_email=chosen.support_email,
        logo_url=f"{base}/{chosen.logo_key}" if chosen.logo_key else None,
    ).model_dump(mode="json")
