"""client/uploads: leave to send a file, and the check that makes a picture of it."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.db.uow import Transaction
from promostack.publishing.upload_schemas import BeginUpload, TicketAnswer, UploadAnswer
from promostack.tenants import settings

endpoint = Endpoint("client/uploads")


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

    def make_logo(tx: Transaction, key: str) -> None:
        settings.set_logo(tx, caller.tenant_id, key, actor=actor)

    published = services.uploads().finish(caller.tenant_id, upload_id, effect=make_logo)
    return UploadAnswer.model_validate(published).model_dump(mode="json")
