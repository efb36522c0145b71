"""client/editor: the drafts of templates, and publishing them."""

from typing import Any

from promostack.app import services
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.app.signed_in import acting, member
from promostack.auth.models import Member
from promostack.core import config
from promostack.core.clock import SystemClock
from promostack.onboarding import brand_draft
from promostack.onboarding.first_template import Colours
from promostack.publishing import drafts, imports
from promostack.publishing.draft_schemas import (
    BrandTemplate,
    DraftAnswer,
    NewTemplate,
    OfRevision,
    PublishedAnswer,
    SavedAnswer,
    SaveDraft,
    VersionDocument,
)

endpoint = Endpoint("client/editor")

_clock = SystemClock()
_MOST_NUMBER = 2**31 - 1


@endpoint.post(access=member("templates.write"), body=NewTemplate)
def create_template(request: Request, body: NewTemplate) -> Reply:
    document = body.document
    if imports.is_version_1(document):
        document = imports.from_version_1(document, asset_base=config.require("PUBLIC_ASSET_BASE"))
    tenant_id = request.caller_as(Member).tenant_id
    return Reply(_told(drafts.create(tenant_id, document, actor=acting(request), clock=_clock)), 201)


@endpoint.post("brand", access=member("templates.write"), body=BrandTemplate)
def create_brand_template(request: Request, body: BrandTemplate) -> Reply:
    draft = brand_draft.create(
        request.caller_as(Member).tenant_id,
        slug=body.slug,
        name=body.name,
        colours=Colours(body.background.upper(), body.accent.upper()),
        actor=acting(request),
        clock=_clock,
    )
    return Reply(_told(draft), 201)


@endpoint.get("{slug}", access=member("templates.read"))
def read_draft(request: Request, slug: str) -> dict[str, Any]:
    return _told(drafts.read(request.caller_as(Member).tenant_id, slug))


@endpoint.put("{slug}", access=member("templates.write"), body=SaveDraft)
def save_draft(request: Request, body: SaveDraft, slug: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    revision = drafts.save(tenant_id, slug, body.document, revision=body.revision, actor=acting(request), clock=_clock)
    return SavedAnswer(revision=revision, saved_at=_clock.now()).model_dump(mode="json")


@endpoint.post("{slug}/drop", access=member("templates.write"), body=OfRevision)
def drop_draft(request: Request, body: OfRevision, slug: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    return _told(drafts.drop(tenant_id, slug, revision=body.revision, actor=acting(request), clock=_clock))


@endpoint.post("{slug}/publish", access=member("templates.write"), body=OfRevision)
def publish_draft(request: Request, body: OfRevision, slug: str) -> dict[str, Any]:
    tenant_id = request.caller_as(Member).tenant_id
    gallery = services.gallery()
    published = drafts.publish(
        tenant_id, slug, revision=body.revision, gallery=gallery, actor=acting(request), clock=_clock
    )
    revision = drafts.read(tenant_id, slug).revision
    return PublishedAnswer(number=published.number, revision=revision).model_dump()


@endpoint.get("{slug}/versions/{number}", access=member("templates.read"))
def read_version(request: Request, slug: str, number: str) -> dict[str, Any]:
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) <= 10 else 0
    wanted = wanted if wanted <= _MOST_NUMBER else 0
    document = drafts.read_version(request.caller_as(Member).tenant_id, slug, wanted)
    return VersionDocument(number=wanted, document=document).model_dump()


def _told(draft: drafts.Draft) -> dict[str, Any]:
    return DraftAnswer.model_validate(draft).model_dump(mode="json")
