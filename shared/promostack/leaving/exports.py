"""Everything of a tenant in one archive: each table's rows as JSON lines, its files, a manifest with hashes of all.

Which tables there are, and what of them may be shown, says the database's own catalogue (`tenant_tables`,
`tenant_page`), so that a table that is added later is in the export without anybody thinking of it. All rows are those
of one moment.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from promostack.core import ids, log
from promostack.core.clock import Clock
from promostack.core.errors import PromoError
from promostack.db.errors import AlreadyThere
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.leaving.archive import MEDIA_TYPE, Archive
from promostack.leaving.errors import ExportNotFound, ExportNotReady, ExportOpen
from promostack.leaving.models import Export, Part, export_of
from promostack.leaving.ports import Files, PrivateFiles
from promostack.publishing.errors import ObjectMissing
from promostack.tenants import audit, standing
from promostack.tenants.audit import Actor

KEPT = timedelta(days=7)
LINK_S = 10 * 60
# Longer than the longest silence: the rows, or fifty files.
LEASE_S = 300
MOST_ATTEMPTS = 5
LATEST = 10
_PAGE = 1_000
_FILES_A_NOTE = 50
_FOLDER = "exports/"

_sql = load(__package__)
_log = log.get("exports")


class _TakenOver(Exception):
    """The lease ran out and another maker has the export."""


def ask(tenant_id: str, *, actor: Actor, now: datetime) -> Export:
    """Asks for an export, which work/leaving makes within a minute or two. Raises ExportOpen."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor, while_closing=True)
        if tx.value(_sql.has_open_export, tenant_id=tenant_id):
            raise ExportOpen
        return add(tx, tenant_id, actor=actor, now=now)


def add(tx: Transaction, tenant_id: str, *, actor: Actor, now: datetime) -> Export:
    """Like `ask`, inside the caller's transaction, for whoever has looked that none is open."""
    export_id = ids.new_id()
    try:
        tx.run(_sql.add_export, tenant_id=tenant_id, id=export_id, asked_by=actor.id, now=now)
    except AlreadyThere as error:
        raise ExportOpen from error
    audit.record(tx, tenant_id, actor, "export.asked", target=export_id)
    return find(tx, tenant_id, export_id)


def find(tx: Transaction, tenant_id: str, export_id: str) -> Export:
    """One export; raises ExportNotFound."""
    row = tx.row(_sql.find_export, tenant_id=tenant_id, id=export_id) if ids.is_id(export_id) else None
    if row is None:
        raise ExportNotFound
    return export_of(row)


def links(tenant_id: str, export_id: str, *, private: PrivateFiles, actor: Actor) -> tuple[Export, list[str]]:
    """The export, and an address for each archive, good for ten minutes. Raises ExportNotFound, ExportNotReady."""
    with unit_of_work(tenant_id) as tx:
        standing.check(tx, tenant_id, actor, while_closing=True)
        export = find(tx, tenant_id, export_id)
        if export.state != "done":
            raise ExportNotReady
        audit.record(tx, tenant_id, actor, "export.downloaded", target=export_id)
    stem = f"promostack-{export.created_at:%Y-%m-%d}"
    names = [f"{stem}-part-{number}.zip" for number in range(1, len(export.parts) + 1)]
    pairs = zip(export.parts, names if len(names) > 1 else [f"{stem}.zip"], strict=True)
    return export, [private.presign_file(part.key, expires_s=LINK_S, name=name) for part, name in pairs]


def clear_expired(tenant_id: str, now: datetime, *, private: Files) -> int:
    """Removes the archives whose time is over; returns of how many exports."""
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(_sql.expired_exports, tenant_id=tenant_id, now=now)
    for row in rows:
        _delete_archives(tenant_id, row["id"], private)
        with unit_of_work(tenant_id) as tx:
            tx.run(_sql.forget_export, tenant_id=tenant_id, id=row["id"])
    return len(rows)


def withdraw(tenant_id: str, now: datetime, *, private: Files) -> bool:
    """Removes all archives before their time; False while one is being made, which nobody can stop."""
    with unit_of_work(tenant_id) as tx:
        if tx.value(_sql.is_export_running, tenant_id=tenant_id):
            return False
        tx.run(_sql.end_exports, tenant_id=tenant_id, now=now)
    clear_expired(tenant_id, now, private=private)
    return True


def _delete_archives(tenant_id: str, export_id: str, private: Files) -> None:
    """Also those of a maker that died, of which no row knows."""
    folder = f"{_FOLDER}{tenant_id}/{export_id}/"
    for key in [key for key in private.keys_of(tenant_id) if key.startswith(folder)]:
        private.delete(key)


@dataclass(frozen=True)
class Exporter:
    """Makes exports out of the database and both buckets."""

    private: PrivateFiles
    public: Files
    clock: Clock

    def run(self, tenant_id: str) -> int:
        """Makes the export that is asked for, or whose maker died; returns how many it made, 0 or 1.

        What fails is tried again when the lease is over, five times at most.
        """
        token = ids.opaque_id()
        with unit_of_work(tenant_id) as tx:
            taken = tx.row(_sql.take_export, tenant_id=tenant_id, lease_token=token, lease_s=LEASE_S)
            if taken is None:
                return 0
        if taken["attempts"] > MOST_ATTEMPTS:
            self._give_up(tenant_id, taken["id"], token)
            return 0
        try:
            with TemporaryDirectory(prefix="export-") as folder:
                return _Making(self, tenant_id, taken["id"], token).make(Path(folder))
        except (PromoError, _TakenOver) as error:
            _log.warning("export_interrupted", export_id=taken["id"], kind=type(error).__name__)
            return 0

    def _give_up(self, tenant_id: str, export_id: str, token: str) -> None:
        """Archives first: of an export that failed nothing looks for them any more."""
        _delete_archives(tenant_id, export_id, self.private)
        with unit_of_work(tenant_id) as tx:
            held = {"tenant_id": tenant_id, "id": export_id, "lease_token": token}
            tx.run(_sql.fail_export, **held, now=self.clock.now())
        _log.error("export_given_up", export_id=export_id)


@dataclass
class _Making:
    """One try at one export."""

    by: Exporter
    tenant_id: str
    export_id: str
    token: str
    rows: int = 0
    files: int = 0
    total: int | None = None

    def make(self, folder: Path) -> int:
        archive = Archive(folder, self._hand_over)
        tenant, tables = self._add_rows(archive)
        manifest = {
            "format": 1,
            "made_at": self.by.clock.now().isoformat(),
            "tenant": {"id": self.tenant_id, "slug": tenant["slug"], "name": tenant["name"]},
            "left_out": "Secrets such as tokens and keys, and hashes of tokens.",
            "tables": tables,
            "files": self._add_files(archive),
        }
        archive.finish(manifest)
        parts = [asdict(Part(self._key(part.key), part.bytes, part.sha256)) for part in archive.parts]
        now = self.by.clock.now()
        with unit_of_work(self.tenant_id) as tx:
            made = tx.run(_sql.finish_export, **self._held(), parts=json.dumps(parts), now=now, expires_at=now + KEPT)
        _log.info("export_made", export_id=self.export_id, rows=self.rows, files=self.files, is_ours=bool(made))
        return made

    def _add_rows(self, archive: Archive) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The tenant's row and an entry of the manifest for each table, all of one moment."""
        tables = []
        with unit_of_work(self.tenant_id, is_snapshot=True) as tx:
            tenant = tx.row(_sql.find_leaving, tenant_id=self.tenant_id)
            if tenant is None:
                raise _TakenOver
            for row in tx.rows(_sql.list_tables):
                entry = archive.add_lines(f"rows/{row['name']}.jsonl", _lines(tx, row["name"]))
                self.rows += entry["rows"]
                tables.append({"table": row["name"], **entry})
        return tenant, tables

    def _add_files(self, archive: Archive) -> list[dict[str, Any]]:
        """An entry of the manifest for each file. One that goes while this runs is not there any more, as is right."""
        buckets = (("public", self.by.public), ("private", self.by.private))
        keys = [
            (name, bucket, key)
            for name, bucket in buckets
            for key in bucket.keys_of(self.tenant_id)
            if not key.startswith(_FOLDER)
        ]
        self.total, entries = len(keys), []
        for number, (name, bucket, key) in enumerate(keys):
            if number % _FILES_A_NOTE == 0:
                self._note()
            try:
                data = bucket.get(key)
            except ObjectMissing:
                continue
            entries.append({"bucket": name, "key": key, **archive.add_file(f"files/{name}/{key}", data)})
            self.files += 1
        self._note()
        return entries

    def _note(self) -> None:
        progress = {"rows_done": self.rows, "files_done": self.files, "files_total": self.total, "lease_s": LEASE_S}
        with unit_of_work(self.tenant_id) as tx:
            if not tx.run(_sql.note_progress, **self._held(), **progress):
                raise _TakenOver

    def _hand_over(self, name: str, path: Path) -> None:
        self._note()
        self.by.private.put_file(self._key(name), path, media_type=MEDIA_TYPE)

    def _key(self, name: str) -> str:
        return f"{_FOLDER}{self.tenant_id}/{self.export_id}/{name}"

    def _held(self) -> dict[str, str]:
        return {"tenant_id": self.tenant_id, "id": self.export_id, "lease_token": self.token}


def _lines(tx: Transaction, table: str) -> Iterator[str]:
    """The tenant's rows of one table as JSON, a page in memory at a time."""
    after: str | None = None
    while page := tx.rows(_sql.read_page, name=table, after=after, most=_PAGE):
        for row in page:
            yield row["line"]
        after = page[-1]["line"]
        if len(page) < _PAGE:
            return
