"""Galleries, published documents and publishing."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from promostack.core import ids
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.templates.errors import TemplateNotFound
from promostack.templates.models import Channel, FormatSize, GalleryItem, Published

_sql = load(__package__)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

# A version never changes, so its document is kept in the process; about 20 kB each.
_documents: dict[str, dict[str, Any]] = {}
_MOST_DOCUMENTS = 100


def list_published(
    tenant_id: str, channel: Channel, *, limit: int = 200, after: tuple[int, str] | None = None
) -> list[GalleryItem]:
    """The templates that the channel shows, in the tenant's order; `after` is the last item's (position, slug)."""
    position, slug = after or (-(2**31), "")
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(
            _sql.list_published,
            tenant_id=tenant_id,
            channel=channel,
            after_position=position,
            after_slug=slug,
            most=limit,
        )
    return [_gallery_item(row) for row in rows]


def get_published(tenant_id: str, slug: str, channel: Channel) -> Published:
    """The published version of a template; raises TemplateNotFound when the channel does not show it."""
    with unit_of_work(tenant_id) as tx:
        return load_published(tx, tenant_id, slug, channel=channel)


def load_published(tx: Transaction, tenant_id: str, slug: str, *, channel: Channel) -> Published:
    """Like `get_published`, inside the caller's transaction."""
    row = None
    if _SLUG.fullmatch(slug):
        row = tx.row(_sql.find_published, tenant_id=tenant_id, slug=slug, channel=channel)
    if row is None:
        raise TemplateNotFound("There is no such template; choose another one.", fields={"template": "not found"})
    return Published(**row, document=_load_document(tx, tenant_id, row["version_id"]))


def publish(
    tenant_id: str,
    document: Mapping[str, Any],
    *,
    thumbnail_key: str | None = None,
    position: int = 0,
    web_visible: bool = True,
    bot_visible: bool = True,
    first: Callable[[Transaction], None] = lambda tx: None,
) -> Published:
    """Publishes a version 2 document (already validated) as the newest version of the template with its slug.

    A document equal to the published one makes no new version. Position and visibility count only for a template that
    is new: afterwards they belong to the tenant.
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    slug, name = str(document["slug"]), str(document["name"])
    with unit_of_work(tenant_id) as tx:
        first(tx)
        template = tx.row(
            _sql.put_template,
            tenant_id=tenant_id,
            template_id=ids.new_id(),
            slug=slug,
            name=name,
            position=position,
            web_visible=web_visible,
            bot_visible=bot_visible,
        )
        assert template is not None  # an upsert always returns its row
        keys = {"tenant_id": tenant_id, "template_id": template["template_id"]}
        version = tx.row(_sql.find_version, **keys, number=template["published_number"])
        if version is None or version["document_sha256"] != sha256:
            version = tx.row(
                _sql.insert_version,
                **keys,
                version_id=ids.new_id(),
                document=text,
                document_sha256=sha256,
                thumbnail_key=thumbnail_key,
            )
            assert version is not None  # an aggregate without GROUP BY always gives one row
            tx.run(_sql.set_published_number, **keys, number=version["number"])
        elif thumbnail_key is not None:
            tx.run(
                _sql.set_thumbnail, tenant_id=tenant_id, version_id=version["version_id"], thumbnail_key=thumbnail_key
            )
    return Published(template["template_id"], version["version_id"], version["number"], slug, name, dict(document))


def set_visibility(
    tenant_id: str, slug: str, *, web: bool | None = None, bot: bool | None = None, archived: bool | None = None
) -> None:
    """Turns the switches that are given; galleries and bot see it with their next call. Raises TemplateNotFound."""
    with unit_of_work(tenant_id) as tx:
        if not tx.run(_sql.set_visibility, tenant_id=tenant_id, slug=slug, web=web, bot=bot, archived=archived):
            raise TemplateNotFound("There is no such template; choose another one.", fields={"template": "not found"})


def _load_document(tx: Transaction, tenant_id: str, version_id: str) -> dict[str, Any]:
    if version_id not in _documents:
        if len(_documents) >= _MOST_DOCUMENTS:
            _documents.clear()
        _documents[version_id] = tx.value(_sql.find_document, tenant_id=tenant_id, version_id=version_id)
    return _documents[version_id]


def _gallery_item(row: dict[str, Any]) -> GalleryItem:
    return GalleryItem(**{**row, "formats": tuple(FormatSize(**size) for size in row["formats"] or ())})
