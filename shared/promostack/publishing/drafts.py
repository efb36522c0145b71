"""Drafts: what people change of a template before they publish it.

Every save names the revision that it was made from. Of two people who edit at once the second is refused, looks at what
the first one saved, and chooses; nothing is lost silently. A revision never comes back: publishing and dropping a draft
are revisions too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promostack.core import ids
from promostack.core.clock import Clock
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.publishing import draft_assets
from promostack.publishing.errors import DraftChanged, TemplateExists, VersionNotFound
from promostack.publishing.gallery import Gallery
from promostack.templates.document import Document, InvalidDocument, parse_document
from promostack.templates.errors import TemplateNotFound
from promostack.templates.models import Published
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

_sql = load(__package__)


@dataclass(frozen=True)
class Draft:
    """What an editor starts from. `document` is plain JSON, the published one where nothing is changed.

    `revision` 0: nobody has edited it yet. `number` is the published version's, None before the first.
    """

    slug: str
    document: dict[str, Any]
    revision: int
    number: int | None
    is_changed: bool
    saved_at: datetime | None
    saved_by: str | None


def read(tenant_id: str, slug: str) -> Draft:
    """Raises TemplateNotFound."""
    with unit_of_work(tenant_id) as tx:
        return _read(tx, tenant_id, slug)


def read_version(tenant_id: str, slug: str, number: int) -> dict[str, Any]:
    """The document of one version; raises VersionNotFound."""
    with unit_of_work(tenant_id) as tx:
        document = tx.value(_sql.find_version_document, tenant_id=tenant_id, slug=slug, number=number)
    if document is None:
        raise VersionNotFound("There is no such version; choose another one.", fields={"number": "not found"})
    found: dict[str, Any] = document
    return found


def save(tenant_id: str, slug: str, document: Mapping[str, Any], *, revision: int, actor: Actor, clock: Clock) -> int:
    """Keeps the document as the template's draft; the new revision.

    Raises InvalidDocument with every fault and its path, DraftChanged when `revision` is not the latest,
    TemplateNotFound.
    """
    parsed = _checked(document, slug)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        held = _held(tx, tenant_id, slug, revision)
        draft_assets.check(tx, tenant_id, parsed, known=draft_assets.named_in(held.document))
        return _put(tx, tenant_id, slug, document, actor, clock)


def create(tenant_id: str, document: Mapping[str, Any], *, actor: Actor, clock: Clock) -> Draft:
    """A new template, as a draft that nobody but the tenant's people sees.

    Raises InvalidDocument with every fault and its path, TemplateExists.
    """
    parsed = parse_document(document)
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        draft_assets.check(tx, tenant_id, parsed, known=frozenset())
        new = {"template_id": ids.new_id(), "slug": parsed.slug, "name": parsed.name}
        if not tx.run(_sql.add_template, tenant_id=tenant_id, **new):
            reason = f"there is a template '{parsed.slug}' already"
            raise TemplateExists(f"Choose another slug: {reason}.", fields={"slug": reason})
        _put(tx, tenant_id, parsed.slug, document, actor, clock)
        audit.record(tx, tenant_id, actor, "template.created", target=parsed.slug)
        return _read(tx, tenant_id, parsed.slug)


def drop(tenant_id: str, slug: str, *, revision: int, actor: Actor, clock: Clock) -> Draft:
    """Goes back to the published version; raises DraftChanged, TemplateNotFound."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        held = _held(tx, tenant_id, slug, revision)
        if held.is_changed and held.number is not None:
            _put(tx, tenant_id, slug, None, actor, clock)
        return _read(tx, tenant_id, slug)


def publish(tenant_id: str, slug: str, *, revision: int, gallery: Gallery, actor: Actor, clock: Clock) -> Published:
    """Makes the draft of that revision the newest version, which galleries and bots show with their next call.

    The version, its being published and the draft's end are one transaction: killed anywhere, the old version stands.
    Raises DraftChanged, TemplateNotFound, and what `Gallery.publish` raises.
    """
    with unit_of_work(tenant_id) as tx:  # before seconds go into the thumbnail
        standing.check(tx, tenant_id, actor)
        draft = _read(tx, tenant_id, slug)
        _refuse_older(draft, revision)

    def only_once(tx: Transaction) -> None:
        standing.check(tx, tenant_id, actor)
        held = _held(tx, tenant_id, slug, revision)
        if held.is_changed:
            _put(tx, tenant_id, slug, None, actor, clock)
            audit.record(tx, tenant_id, actor, "template.published", target=slug)

    return gallery.publish(tenant_id, draft.document, first=only_once)


def _checked(document: Mapping[str, Any], slug: str) -> Document:
    parsed = parse_document(document)
    if parsed.slug != slug:
        raise InvalidDocument("A template keeps its slug.", fields={"slug": f"must stay '{slug}'"})
    return parsed


def _held(tx: Transaction, tenant_id: str, slug: str, revision: int) -> Draft:
    """The draft, locked with its template until the transaction ends, if it still is of that revision."""
    tx.rows(_sql.lock_templates, tenant_id=tenant_id, slugs=[slug])
    draft = _read(tx, tenant_id, slug)
    _refuse_older(draft, revision)
    return draft


def _refuse_older(draft: Draft, revision: int) -> None:
    if draft.revision != revision:
        who = draft.saved_by or "Somebody"
        raise DraftChanged(f"{who} has changed this template in the meantime; look at both and choose.")


def _read(tx: Transaction, tenant_id: str, slug: str) -> Draft:
    row = tx.row(_sql.find_draft, tenant_id=tenant_id, slug=slug)
    if row is None:
        raise TemplateNotFound("There is no such template; choose another one.", fields={"template": "not found"})
    return Draft(**row)


def _put(
    tx: Transaction, tenant_id: str, slug: str, document: Mapping[str, Any] | None, actor: Actor, clock: Clock
) -> int:
    revision: int = tx.value(
        _sql.put_draft,
        tenant_id=tenant_id,
        slug=slug,
        document=None if document is None else _text(document),
        saved_by=actor.id,
        now=clock.now(),
    )
    return revision


def _text(document: Mapping[str, Any]) -> str:
    """Raises InvalidDocument for what JSON cannot hold, which only the free part of a document can get to here."""
    try:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
    except ValueError as error:
        raise InvalidDocument("The document cannot be stored.", fields={"origin": "holds what is no JSON"}) from error
    return text
