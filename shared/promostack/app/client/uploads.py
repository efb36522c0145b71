"""client/uploads: leave to send a file, the check that makes a picture of it, and the library of pictures."""

from dataclasses import asdict
from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import cursors
from promostack.core.clock import SystemClock
from promostack.db.uow import Transaction
from promostack.publishing import fonts
from promostack.publishing.models import LibraryPicture
from promostack.publishing.upload_schemas import (
    BeginUpload,
    FontPage,
    PictureAnswer,
    PicturePage,
    TicketAnswer,
    UploadAnswer,
)
from promostack.tenants import audit, settings
from promostack.tenants.schemas import PageQuery

endpoint = Endpoint("client/uploads")

_clock = SystemClock()


@endpoint.post(access=member("uploads.write"), body=BeginUpload)
def begin(request: Request, body: BeginUpload) -> Reply:
    caller = request.caller_as(Member)
    ticket = services.uploads().begin(
        caller.tenant_id, purpose=body.purpose, media_type=body.media_type, size=body.bytes, actor=acting(request)
    )
    return Reply(TicketAnswer.model_validate(ticket).model_dump(mode="json"), 201)


@endpoint.post("{upload_id}/finish", access=member("uploads.write"))
def finish(request: Request, upload_id: str) -> dict[str, Any]:
    caller = request.caller_as(Member)
    actor = acting(request)

    def take(tx: Transaction, purpose: str, key: str) -> None:
        if purpose == "logo":
            settings.set_logo(tx, caller.tenant_id, key, actor=actor)
        else:
            audit.record(tx, caller.tenant_id, actor, f"{purpose}.added", target=upload_id)

    published = services.uploads().finish(caller.tenant_id, upload_id, actor=actor, effect=take)
    return UploadAnswer.model_validate(published).model_dump(mode="json")


@endpoint.get("pictures", access=member("templates.read"), query=PageQuery)
def list_pictures(request: Request, query: PageQuery) -> dict[str, Any]:
    before = cursors.decode(query.cursor, cursors.moment, cursors.uuid) if query.cursor else None
    found = services.uploads().list_pictures(
        request.caller_as(Member).tenant_id, most=query.limit + 1, before=before and (before[0], before[1])
    )
    page = found[: query.limit]
    following = cursors.encode(page[-1].finished_at, page[-1].id) if len(found) > len(page) else None
    return PicturePage(items=[_told(each) for each in page], next=following).model_dump(mode="json")


@endpoint.get("fonts", access=member("templates.read"))
def list_fonts(request: Request) -> dict[str, Any]:
    found = services.uploads().list_fonts(request.caller_as(Member).tenant_id)
    return FontPage(items=[_told(each) for each in found]).model_dump(mode="json")


@endpoint.delete("fonts/{font_id}", access=member("uploads.write"))
def remove_font(request: Request, font_id: str) -> Reply:
    fonts.remove(request.caller_as(Member).tenant_id, font_id, actor=acting(request), clock=_clock)
    return Reply(status=204)


def _told(kept: LibraryPicture) -> PictureAnswer:
    return PictureAnswer(id=kept.id, added_at=kept.finished_at, **asdict(kept.picture))
