"""client/batches: pictures of many codes in one archive."""

from typing import Any

from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core.clock import SystemClock
from promostack.integrations import spaces
from promostack.publishing import batches
from promostack.publishing.batch_schemas import (
    LEFT_OUT_SHOWN,
    AskBatch,
    BatchAnswer,
    BatchesAnswer,
    BatchLink,
    BatchLinks,
    LeftOutAnswer,
)
from promostack.publishing.batches import Batch, Wanted

endpoint = Endpoint("client/batches")

_clock = SystemClock()


@endpoint.get(access=member("batches.read"))
def list_batches(request: Request) -> dict[str, Any]:
    found = batches.latest(request.caller_as(Member).tenant_id)
    return BatchesAnswer(items=[_told(each) for each in found]).model_dump(mode="json")


@endpoint.post(access=member("batches.write"), body=AskBatch)
def ask_for_batch(request: Request, body: AskBatch) -> Reply:
    formats = tuple(dict.fromkeys(body.formats))
    wanted = Wanted(formats, body.output, body.scale, with_logo=body.logo, fields=body.fields)
    tenant_id = request.caller_as(Member).tenant_id
    asked = batches.ask(tenant_id, body.template, wanted, body.codes, actor=acting(request), now=_clock.now())
    return Reply(_told(asked).model_dump(mode="json"), 201)


@endpoint.post("{batch_id}/cancel", access=member("batches.write"))
def cancel_batch(request: Request, batch_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    return _told(batches.cancel(tenant_id, batch_id, actor=acting(request), now=_clock.now())).model_dump(mode="json")


# Each call signs new addresses: that is why it is no GET.
@endpoint.post("{batch_id}/links", access=member("batches.write"))
def link_batch(request: Request, batch_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    batch, urls = batches.links(tenant_id, batch_id, private=spaces.private_bucket(), actor=acting(request))
    pairs = zip(batch.parts, urls, strict=True)
    links = [BatchLink(url=url, bytes=part.bytes, sha256=part.sha256) for part, url in pairs]
    return BatchLinks(batch=_told(batch), links=links).model_dump(mode="json")


def _told(batch: Batch) -> BatchAnswer:
    return BatchAnswer(
        id=batch.id,
        state=batch.state,
        template=batch.template,
        formats=list(batch.wanted.formats),
        output=batch.wanted.output,
        scale=batch.wanted.scale,
        codes_total=batch.codes_total,
        codes_done=batch.codes_done,
        pictures=batch.pictures,
        left_out=[LeftOutAnswer.model_validate(each) for each in batch.left_out[:LEFT_OUT_SHOWN]],
        left_out_total=len(batch.left_out),
        bytes=sum(part.bytes for part in batch.parts),
        created_at=batch.created_at,
        finished_at=batch.finished_at,
        expires_at=batch.expires_at,
    )
