"""Batches as their owners see them: asked for with a list of codes, watched, downloaded for a week, or cancelled.

work/batch makes them (batch_making.py).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from promostack.core import ids
from promostack.db.errors import AlreadyThere
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.publishing import batch_files
from promostack.publishing.batch_files import LeftOut
from promostack.publishing.errors import (
    BatchNotFound,
    BatchNotReady,
    BatchOpen,
    BatchOver,
    BatchRefused,
    FieldsRefused,
)
from promostack.publishing.fields import check_fields
from promostack.publishing.models import Output
from promostack.publishing.ports import BatchStore
from promostack.templates.errors import TemplateNotFound
from promostack.templates.models import Published
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

FOLDER = "batches/"
KEPT = timedelta(days=7)
LINK_S = 10 * 60
LATEST = 20
MOST_CODES = 2_000
MOST_PICTURES = 6_000

_sql = load(__package__)


@dataclass(frozen=True)
class Wanted:
    """What the pictures of a batch have in common."""

    formats: tuple[str, ...]
    output: Output = "jpeg"
    scale: int = 1
    with_logo: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One archive: an object of the private bucket."""

    key: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Batch:
    """`codes_done` grows with each segment, `pictures` while one is drawn; `left_out`: rows without a picture."""

    id: str
    state: Literal["waiting", "running", "done", "failed", "cancelled", "expired"]
    template: str
    wanted: Wanted
    codes_total: int
    codes_done: int
    pictures: int
    left_out: tuple[LeftOut, ...]
    created_at: datetime
    parts: tuple[Part, ...]
    finished_at: datetime | None
    expires_at: datetime | None


def ask(tenant_id: str, slug: str, wanted: Wanted, listed: str, *, actor: Actor, now: datetime) -> Batch:
    """Asks for pictures of all codes in the list (CSV text), which work/batch makes within minutes.

    Raises TemplateNotFound, FieldsRefused, BatchRefused, BatchOpen.
    """
    codes, left_out = batch_files.read_codes(listed.splitlines())
    _refuse_size(len(codes), len(wanted.formats))
    batch_id = ids.new_id()
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        template = _usable(tx, tenant_id, slug)
        _refuse_unknown_formats(template, wanted)
        check_fields(template.document.get("fields", {}), wanted.fields)
        if tx.value(_sql.has_open_batch, tenant_id=tenant_id):
            raise BatchOpen("A batch is being made already; wait until it is there, or cancel it.")
        values = {
            "version_id": template.version_id,
            "template": template.slug,
            "wanted": json.dumps(asdict(wanted)),
            "codes": json.dumps(list(codes.items())),
            "codes_total": len(codes),
            "left_out": json.dumps([asdict(each) for each in left_out]),
        }
        try:
            tx.run(_sql.add_batch, tenant_id=tenant_id, id=batch_id, asked_by=actor.id, now=now, **values)
        except AlreadyThere as error:
            raise BatchOpen("A batch is being made already; wait until it is there, or cancel it.") from error
        data = {"batch": batch_id, "codes": len(codes), "formats": list(wanted.formats)}
        audit.record(tx, tenant_id, actor, "batch.asked", target=slug, data=data)
        return _find(tx, tenant_id, batch_id)


def latest(tenant_id: str) -> list[Batch]:
    """The newest first."""
    with unit_of_work(tenant_id) as tx:
        return [_batch(row) for row in tx.rows(_sql.list_batches, tenant_id=tenant_id, most=LATEST)]


def cancel(tenant_id: str, batch_id: str, *, actor: Actor, now: datetime) -> Batch:
    """Stops it; what was drawn is cleared away. Raises BatchNotFound, BatchOver."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        _find(tx, tenant_id, batch_id)
        if not tx.run(_sql.cancel_batch, tenant_id=tenant_id, id=batch_id, now=now):
            raise BatchOver("This batch is over already; there is nothing to cancel.")
        batch = _find(tx, tenant_id, batch_id)
        audit.record(tx, tenant_id, actor, "batch.cancelled", target=batch.template, data={"batch": batch_id})
        return batch


def links(tenant_id: str, batch_id: str, *, private: BatchStore, actor: Actor) -> tuple[Batch, list[str]]:
    """The batch, and an address for each archive, good for ten minutes. Raises BatchNotFound, BatchNotReady."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor)
        batch = _find(tx, tenant_id, batch_id)
    if batch.state != "done":
        raise BatchNotReady("This batch cannot be downloaded: it is not there yet, or not any more. Ask for a new one.")
    stem = f"{batch.template}-{batch.created_at:%Y-%m-%d}"
    names = [f"{stem}-part-{number}.zip" for number in range(1, len(batch.parts) + 1)]
    pairs = zip(batch.parts, names if len(names) > 1 else [f"{stem}.zip"], strict=True)
    return batch, [private.presign_file(part.key, expires_s=LINK_S, name=name) for part, name in pairs]


def clear(tenant_id: str, now: datetime, *, private: BatchStore) -> int:
    """Removes the files of batches whose time is over, or that came to nothing; returns of how many."""
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(_sql.batches_to_clear, tenant_id=tenant_id, now=now)
    for row in rows:
        folder = f"{FOLDER}{tenant_id}/{row['id']}/"
        for key in [key for key in private.keys_of(tenant_id) if key.startswith(folder)]:
            private.delete(key)
        with unit_of_work(tenant_id) as tx:
            tx.run(_sql.forget_batch, tenant_id=tenant_id, id=row["id"])
    return len(rows)


def _refuse_size(codes: int, formats: int) -> None:
    if not codes:
        message = "there is no usable code in the list's first column"
    elif codes > MOST_CODES:
        message = f"at most {MOST_CODES:_} codes; these are {codes:_}".replace("_", " ")
    elif codes * formats > MOST_PICTURES:
        message = f"at most {MOST_PICTURES:_} pictures; these are {codes * formats:_}".replace("_", " ")
    else:
        return
    raise BatchRefused(f"Check the codes: {message}.", fields={"codes": message})


def _usable(tx: Transaction, tenant_id: str, slug: str) -> Published:
    row = tx.row(_sql.find_usable, tenant_id=tenant_id, slug=slug)
    if row is None:
        raise TemplateNotFound("There is no such template; choose another one.", fields={"template": "not found"})
    return Published(**row)


def _refuse_unknown_formats(template: Published, wanted: Wanted) -> None:
    known = template.document["formats"]
    if unknown := [name for name in wanted.formats if name not in known]:
        message = f"this template has {', '.join(known)}, not {', '.join(unknown)}"
        raise FieldsRefused(f"Check the formats: {message}.", fields={"formats": message})


def _find(tx: Transaction, tenant_id: str, batch_id: str) -> Batch:
    row = tx.row(_sql.find_batch, tenant_id=tenant_id, id=batch_id) if ids.is_id(batch_id) else None
    if row is None:
        raise BatchNotFound("There is no such batch.")
    return _batch(row)


def _batch(row: dict[str, Any]) -> Batch:
    return Batch(
        **{
            **row,
            "wanted": wanted_of(row["wanted"]),
            "left_out": tuple(LeftOut(**each) for each in row["left_out"]),
            "parts": tuple(Part(**part) for part in row["parts"]),
        }
    )


def wanted_of(stored: dict[str, Any]) -> Wanted:
    """As it was stored with the batch."""
    return Wanted(**{**stored, "formats": tuple(stored["formats"])})
