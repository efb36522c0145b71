"""Templates that the platform gives to all tenants: made in one workspace by its editor, then published in the others.

A tenant keeps what is his: a template of his own under the same slug, and one that he was given and has changed since.
Given again, the same document changes nothing, so that a call that was cut short is made again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from promostack.core import ids
from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.publishing.errors import TemplateUnpublished
from promostack.templates import service as templates
from promostack.tenants import audit
from promostack.tenants.audit import Actor

_sql = load(__package__)


@dataclass(frozen=True)
class Shared:
    """How many tenants have it now, and how many keep something of their own."""

    given: int
    kept: int


class _Keeps(PromoError):
    """The tenant has something of his own there."""

    code = "keeps_own"


def share(source_id: str, slug: str, to: Iterable[str], *, actor: Actor) -> Shared:
    """Publishes the template's version in use for each of the tenants; raises TemplateUnpublished."""
    with unit_of_work(source_id) as tx:
        row = tx.row(_sql.find_shareable, tenant_id=source_id, slug=slug)
    if row is None:
        raise TemplateUnpublished("There is no such template with a published version; publish it first.")
    given = kept = 0
    for tenant_id in to:
        try:
            _give(tenant_id, row["document"], row["thumbnail_key"], actor)
            given += 1
        except _Keeps:
            kept += 1
    return Shared(given, kept)


def _give(tenant_id: str, document: Mapping[str, Any], thumbnail_key: str | None, actor: Actor) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    slug, name = str(document["slug"]), str(document["name"])

    def only_what_is_the_platforms(tx: Transaction) -> None:
        held = tx.row(_sql.find_given, tenant_id=tenant_id, slug=slug)
        if held is not None and (held["is_changed"] or held["given_sha256"] != held["document_sha256"]):
            raise _Keeps("The tenant keeps its own.")
        new = {"template_id": ids.new_id(), "slug": slug, "name": name, "sha256": sha256}
        tx.run(_sql.note_given, tenant_id=tenant_id, **new)
        if held is None or held["given_sha256"] != sha256:
            audit.record(tx, tenant_id, actor, "template.given", target=slug)

    templates.publish(tenant_id, document, thumbnail_key=thumbnail_key, first=only_what_is_the_platforms)
