"""admin/tenants: the platform's list of tenants, one of them and how it is, suspending and resuming."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from promostack.analytics import tenant_usage
from promostack.analytics.schemas import BotStateAnswer, TenantUsageAnswer
from promostack.app.admins import ADMIN
from promostack.app.audit_lines import told_to_platform
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.auth.models import Admin
from promostack.core import config, cursors
from promostack.leaving import closing
from promostack.publishing import library, sharing
from promostack.publishing.library_schemas import ShareableEntry, ShareableList, SharedAnswer
from promostack.telegram import bot_health, held
from promostack.tenants import oversight, visits
from promostack.tenants.audit import PLATFORM, Actor
from promostack.tenants.schemas import (
    CloseTenant,
    StartVisit,
    Suspend,
    TenantCard,
    TenantCardPage,
    TenantDetail,
    TenantsQuery,
    VisitStarted,
)

endpoint = Endpoint("admin/tenants")

_MOST_TEMPLATES = 200
_A_PAGE = 200


@endpoint.get(access=ADMIN, query=TenantsQuery)
def list_tenants(request: Request, query: TenantsQuery) -> dict[str, Any]:
    after_id = cursors.decode(query.cursor, cursors.uuid)[0] if query.cursor else None
    found = oversight.list_tenants(limit=query.limit + 1, after_id=after_id, search=query.q)
    page = found[: query.limit]
    following = cursors.encode(page[-1].tenant_id) if len(found) > len(page) else None
    items = [TenantCard.model_validate(card) for card in page]
    return TenantCardPage(items=items, next=following).model_dump(mode="json")


@endpoint.get("{tenant_id}", access=ADMIN)
def get_tenant(request: Request, tenant_id: str) -> dict[str, Any]:
    return _told(oversight.get_tenant(tenant_id))


@endpoint.get("{tenant_id}/usage", access=ADMIN)
def read_usage(request: Request, tenant_id: str) -> dict[str, Any]:
    card = oversight.get_tenant(tenant_id).card
    used = tenant_usage.read(card.tenant_id, datetime.now(UTC))
    bots = [_bot(care) for care in bot_health.list_bots(card.tenant_id)]
    told = {"days": tenant_usage.DAYS, "update_hours": tenant_usage.UPDATES_HOURS, "bots": bots, **vars(used)}
    return TenantUsageAnswer.model_validate(told).model_dump(mode="json")


@endpoint.post("{tenant_id}/suspend", access=ADMIN, body=Suspend)
def suspend(request: Request, body: Suspend, tenant_id: str) -> dict[str, Any]:
    return _told(oversight.suspend(tenant_id, reason=body.reason, actor=_actor(request)))


@endpoint.post("{tenant_id}/resume", access=ADMIN)
def resume(request: Request, tenant_id: str) -> dict[str, Any]:
    resumed = oversight.resume(tenant_id, actor=_actor(request))
    held.release(tenant_id)
    return _told(resumed)


@endpoint.post("{tenant_id}/closing", access=ADMIN, body=CloseTenant)
def close(request: Request, body: CloseTenant, tenant_id: str) -> dict[str, Any]:
    reason, now = oversight.checked_reason(body.reason), datetime.now(UTC)
    closing.close(oversight.known(tenant_id), name=None, actor=_actor(request), now=now, reason=reason)
    return _told(oversight.get_tenant(tenant_id))


@endpoint.delete("{tenant_id}/closing", access=ADMIN)
def keep(request: Request, tenant_id: str) -> dict[str, Any]:
    closing.keep(oversight.known(tenant_id), actor=_actor(request), now=datetime.now(UTC))
    held.release(tenant_id)
    return _told(oversight.get_tenant(tenant_id))


@endpoint.post("{tenant_id}/visits", access=ADMIN, body=StartVisit)
def start_visit(request: Request, body: StartVisit, tenant_id: str) -> Reply:
    token, expires_at = visits.start(
        oversight.known(tenant_id),
        admin=request.caller_as(Admin).email,
        reason=oversight.checked_reason(body.reason),
        actor=_actor(request),
        now=datetime.now(UTC),
    )
    # In the fragment, which no server and no log ever sees.
    url = f"{config.require('DASH_ORIGIN')}/#/visit/{token}"
    return Reply(VisitStarted(url=url, expires_at=expires_at).model_dump(mode="json"), 201)


@endpoint.get("{tenant_id}/templates", access=ADMIN)
def list_templates(request: Request, tenant_id: str) -> dict[str, Any]:
    found = library.list_all(oversight.known(tenant_id), now=datetime.now(UTC), most=_MOST_TEMPLATES)
    shown = [ShareableEntry(slug=each.slug, name=each.name, version=each.number) for each in found if each.number]
    return ShareableList(items=shown).model_dump()


@endpoint.post("{tenant_id}/templates/{slug}/share", access=ADMIN)
def share_template(request: Request, tenant_id: str, slug: str) -> dict[str, Any]:
    """Cut short, it is called again: what a workspace has already changes nothing."""
    source = oversight.known(tenant_id)
    done = sharing.share(source, slug, _others(source), actor=_actor(request))
    return SharedAnswer(given=done.given, kept=done.kept).model_dump()


def _others(tenant_id: str) -> Iterator[str]:
    """Ids of all workspaces but that one, and but those that are to be deleted."""
    last: str | None = None
    while page := oversight.list_tenants(limit=_A_PAGE, after_id=last):
        yield from (card.tenant_id for card in page if card.tenant_id != tenant_id and card.state != "closing")
        last = page[-1].tenant_id


def _actor(request: Request) -> Actor:
    return Actor(f"{PLATFORM}{request.caller_as(Admin).email}", request.request_id)


def _bot(care: bot_health.Care) -> BotStateAnswer:
    health = bot_health.health_of(care)
    return BotStateAnswer(
        username=care.username,
        state=care.state,
        status=health.status,
        problem=health.problem,
        checked_at=care.checked_at,
    )


def _told(detail: oversight.Detail) -> dict[str, Any]:
    card = TenantCard.model_validate(detail.card).model_dump()
    erase_at = closing.read(detail.card.tenant_id).erase_at
    lines = [told_to_platform(entry) for entry in detail.audit]
    return TenantDetail(**card, state_reason=detail.card.state_reason, erase_at=erase_at, audit=lines).model_dump(
        mode="json"
    )
