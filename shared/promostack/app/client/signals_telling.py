"""client/signals/telling: what subscribers read beside the facts, and every line with its verdict."""

from typing import Any

from promostack.app import services
from promostack.app.client.signals_endpoint import endpoint
from promostack.app.request import Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import cursors, ids
from promostack.core.clock import SystemClock
from promostack.db.uow import Transaction, unit_of_work
from promostack.signals.telling import choosing, chosen, line_writing, promoting
from promostack.signals.telling.chosen import Telling
from promostack.signals.telling.schemas import (
    ChooseTelling,
    FaultAnswer,
    LineAnswer,
    LinePage,
    LinesQuery,
    PromotionAnswer,
    ShownAnswer,
    TellingAnswer,
)
from promostack.tenants import standing

_clock = SystemClock()


@endpoint.get("telling/choices", access=member("signals.read"))
def read_telling(request: Request) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    with unit_of_work(tenant_id) as tx:
        return _told(tx, tenant_id)


@endpoint.put("telling/choices", access=member("signals.write"), body=ChooseTelling)
def choose_telling(request: Request, body: ChooseTelling) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    wanted = body.model_dump(exclude={"free_channel"}) | {"promote_days": tuple(sorted(set(body.promote_days)))}
    free = str(body.free_channel) if body.free_channel else None
    with unit_of_work(tenant_id) as tx:
        choosing.choose(tx, tenant_id, Telling(**wanted, free_channel_id=free), actor=acting(request))
        return _told(tx, tenant_id)


@endpoint.get("telling/lines", access=member("signals.read"), query=LinesQuery)
def list_lines(request: Request, query: LinesQuery) -> dict[str, Any]:
    before = cursors.decode(query.cursor, cursors.moment, cursors.text) if query.cursor else None
    tenant_id = request.caller_as(Member).tenant_id
    with unit_of_work(tenant_id) as tx:
        place = (before[0], before[1]) if before else None
        found = line_writing.list_lines(tx, tenant_id, before=place, most=query.limit + 1)
    page = found[: query.limit]
    following = cursors.encode(page[-1].asked_at, page[-1].signal_id) if len(found) > len(page) else None
    return LinePage(items=[_line(each) for each in page], next=following).model_dump(mode="json")


@endpoint.post("telling/preview", access=member("signals.write"))
def preview_promotion(request: Request) -> dict[str, Any]:
    """What everybody would see of the newest signal, sent to whoever connected the free channel."""
    tenant_id, lease = request.caller_as(Member).tenant_id, ids.opaque_id()
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, acting(request))
        text, rows = promoting.preview(tx, tenant_id, key=f"signals:preview:{ids.opaque_id()}", lease=lease)
    sent = services.text_sender().send_own(rows, lease).sent
    return ShownAnswer(sent=bool(sent), text=text).model_dump(mode="json")


def _told(tx: Transaction, tenant_id: str) -> dict[str, Any]:
    telling = chosen.find(tx, tenant_id)
    shown = [
        PromotionAnswer(
            day=each.day,
            signal=each.signal_id,
            chosen_at=each.chosen_at,
            ended_at=each.ended_at,
            sending=each.sending,
        )
        for each in promoting.list_promotions(tx, tenant_id)
    ]
    kept = {name: value for name, value in vars(telling).items() if name not in ("free_channel_id", "promote_days")}
    return TellingAnswer(
        **kept,
        free_channel=telling.free_channel_id,
        promote_days=list(telling.promote_days),
        has_key=line_writing.has_key(tx, tenant_id),
        asked_today=line_writing.asked_on(tx, tenant_id, _clock.now()),
        promotions=shown,
    ).model_dump(mode="json")


def _line(each: line_writing.Written) -> LineAnswer:
    faults = [FaultAnswer(kind=fault.kind, found=fault.found) for fault in each.faults]
    told = {name: value for name, value in vars(each).items() if name not in ("signal_id", "faults")}
    return LineAnswer(**told, signal=each.signal_id, faults=faults)
