"""client/leaving: everything of a tenant in a file, its deletion, and the erasure of a person who wrote to its bots."""

from datetime import UTC, datetime
from typing import Any

from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.integrations import spaces
from promostack.leaving import closing, erasure, exports
from promostack.leaving.models import Export, Leaving
from promostack.leaving.schemas import (
    Close,
    ErasePerson,
    ErasureAnswer,
    ExportAnswer,
    LeavingAnswer,
    LinkAnswer,
    LinksAnswer,
)

endpoint = Endpoint("client/leaving")


@endpoint.get(access=member("tenant.read", while_closing=True))
def read_leaving(request: Request) -> dict[str, Any]:
    return _told(closing.read(request.caller_as(Member).tenant_id))


@endpoint.post("exports", access=member("tenant.export", while_closing=True))
def ask_for_export(request: Request) -> Reply:
    tenant_id = request.caller_as(Member).tenant_id
    asked = exports.ask(tenant_id, actor=acting(request), now=datetime.now(UTC))
    return Reply(_export(asked).model_dump(mode="json"), 201)


# Written down, because what it opens is everything: that is why it is no GET.
@endpoint.post("exports/{export_id}/links", access=member("tenant.export", while_closing=True))
def link_export(request: Request, export_id: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    export, urls = exports.links(tenant_id, export_id, private=spaces.private_bucket(), actor=acting(request))
    pairs = zip(export.parts, urls, strict=True)
    links = [LinkAnswer(url=url, bytes=part.bytes, sha256=part.sha256) for part, url in pairs]
    return LinksAnswer(export=_export(export), links=links).model_dump(mode="json")


@endpoint.post("closing", access=member("tenant.close", while_closing=True), body=Close)
def close(request: Request, body: Close) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    closing.close(tenant_id, name=body.name, actor=acting(request), now=datetime.now(UTC))
    return _told(closing.read(tenant_id))


@endpoint.delete("closing", access=member("tenant.close", while_closing=True))
def keep(request: Request) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    closing.keep(tenant_id, actor=acting(request), now=datetime.now(UTC))
    return _told(closing.read(tenant_id))


@endpoint.post("erasures", access=member("people.erase"), body=ErasePerson)
def erase_person(request: Request, body: ErasePerson) -> Reply:
    asked = erasure.ask(request.caller_as(Member).tenant_id, body.person, actor=acting(request))
    return Reply(ErasureAnswer.model_validate(asked).model_dump(mode="json"), 202)


def _told(leaving: Leaving) -> dict[str, Any]:
    return LeavingAnswer(
        name=leaving.name,
        erase_at=leaving.erase_at,
        exports=[_export(each) for each in leaving.exports],
        erasures=[ErasureAnswer.model_validate(each) for each in leaving.erasures],
    ).model_dump(mode="json")


def _export(export: Export) -> ExportAnswer:
    return ExportAnswer.model_validate(
        {
            **{name: getattr(export, name) for name in ExportAnswer.model_fields if name != "bytes"},
            "bytes": _size(export),
        }
    )


def _size(export: Export) -> int:
    return sum(part.bytes for part in export.parts)
