"""Making a batch: code by code into segments, segments into the archive that its owner downloads.

A segment in the store and its row in one statement are what is done; whoever takes over begins behind them. Objects
carry their maker's lease in their names, so that a slow maker that lost its batch overwrites nothing.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from promostack.core import ids, log
from promostack.core.clock import Clock
from promostack.core.errors import PromoError, TooManyRequests
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.publishing import batch_files
from promostack.publishing.batch_files import LeftOut, Made
from promostack.publishing.batches import FOLDER, KEPT, Part, Wanted, wanted_of
from promostack.publishing.drawing import draw
from promostack.publishing.models import RenderOrder
from promostack.publishing.ports import BatchStore, Checked, Reader
from promostack.templates.models import Published
from promostack.tenants import service as tenants
from promostack.tenants.models import Tenant

# Longer than the longest silence: a segment on its way to the store.
LEASE_S = 300
# A provider that does not answer is asked again after so long.
PAUSE_S = 60
MOST_ATTEMPTS = 5
MOST_SEGMENT_BYTES = 48_000_000
# Half of what the platform's /tmp can be relied on to hold.
MOST_ARCHIVE_BYTES = 192_000_000
MEDIA_TYPE = "application/zip"
_NOTE_EVERY = 20
_UNKNOWN = "The code could not be checked, however often it was tried."
_WRONG = "Not checked: too many codes of this list are not valid."

_sql = load(__package__)
_log = log.get("batches")

CheckCode = Callable[[Tenant, str, str], Checked]
"""(tenant, code, who asks): whether the code may be printed. Raises TooManyRequests after too many wrong ones."""


class _Lost(Exception):
    """It was cancelled, or the lease ran out and another maker has it."""


class _Unanswered(Exception):
    """A code's provider gave no answer just now."""


@dataclass(frozen=True)
class BatchMaker:
    """Makes batches."""

    private: BatchStore
    assets: Reader
    check_code: CheckCode
    clock: Clock

    def run(self, tenant_id: str, is_time_left: Callable[[], bool]) -> int:
        """Makes the batch that is asked for, or whose maker died; returns how many it finished, 0 or 1.

        What fails is tried again, five times without a further segment at most.
        """
        token = ids.opaque_id()
        with unit_of_work(tenant_id) as tx:
            row = tx.row(_sql.take_batch, tenant_id=tenant_id, lease_token=token, lease_s=LEASE_S)
            if row is None:
                return 0
            tenant = tenants.load_tenant(tx, tenant_id)
            version = tx.row(_sql.find_version_by_id, tenant_id=tenant_id, version_id=row["version_id"])
        making = _Making(self, tenant, Published(**version or {}), token, row)
        try:
            return making.make(is_time_left)
        except _Unanswered:
            making.hand_back(PAUSE_S)
        except _Lost:
            _log.info("batch_lost", batch_id=row["id"])
        except PromoError as error:
            _log.warning("batch_interrupted", batch_id=row["id"], code=error.code, reason=error.message)
            if row["attempts"] >= MOST_ATTEMPTS:
                making.give_up()
            else:
                making.hand_back(PAUSE_S)
        return 0


@dataclass
class _Making:
    """One try at one batch."""

    by: BatchMaker
    tenant: Tenant
    template: Published
    token: str
    row: dict[str, Any]
    segments: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    done: int = 0
    pending: list[Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.segments = list(self.row["segments"])
        self.left_out = [LeftOut(**each) for each in self.row["left_out"]]
        self.done = self.row["codes_done"]

    @property
    def wanted(self) -> Wanted:
        return wanted_of(self.row["wanted"])

    @property
    def pictures(self) -> int:
        return sum(int(segment["pictures"]) for segment in self.segments) + len(self.pending)

    def make(self, is_time_left: Callable[[], bool]) -> int:
        for code, row in self.row["codes"][self.done :]:
            if not is_time_left():
                self._keep_segment()
                self.hand_back(0)
                return 0
            self._add(code, row)
            self.done += 1
            if self._is_segment_full():
                self._keep_segment()
        if self.pending or self.done > self.row["codes_done"]:
            self._keep_segment()
        return self._finish()

    def _add(self, code: str, row: int) -> None:
        """The code's picture in each format, or its line among those left out."""
        if reason := self._refusal(code):
            self.left_out.append(LeftOut(row, code, reason))
            return
        formats = self.wanted.formats
        for name in formats:
            file = batch_files.file_name(code, name, self.wanted.output, is_only_format=len(formats) == 1)
            self.pending.append(batch_files.made(file, self._draw(code, name), code=code, format=name))
            if len(self.pending) % _NOTE_EVERY == 0:
                self._write(_sql.note_batch, pictures=self.pictures, lease_s=LEASE_S)

    def _refusal(self, code: str) -> str | None:
        try:
            check = self.by.check_code(self.tenant, code, f"batch:{self.row['asked_by']}")
        except TooManyRequests:
            return _WRONG
        if check.status == "unknown":
            if self.row["attempts"] < MOST_ATTEMPTS:
                if self.pending:
                    self._keep_segment()
                raise _Unanswered
            return _UNKNOWN
        return None if check.status == "valid" else check.message

    def _draw(self, code: str, name: str) -> Any:
        wanted = self.wanted
        order = RenderOrder(
            self.template.slug, name, code, wanted.fields, wanted.output, wanted.scale, with_logo=wanted.with_logo
        )
        return draw(
            self.template,
            order,
            code=code,
            assets=self.by.assets,
            logo_key=self.tenant.settings.logo_key if wanted.with_logo else None,
            referral_link=self.tenant.referral_link(code),
        )

    def _is_segment_full(self) -> bool:
        size = sum(len(each.data) for each in self.pending)
        return len(self.pending) >= batch_files.SEGMENT_PICTURES or size >= MOST_SEGMENT_BYTES

    def _keep_segment(self) -> None:
        """The object first, then the row: what the row names is there."""
        if self.pending:
            key = self._key(f"segment-{len(self.segments) + 1:05d}-{self.token}.zip")
            with TemporaryDirectory(prefix="batch-") as folder:
                path = Path(folder) / "segment.zip"
                count = batch_files.write_segment(path, self.pending)
                self.by.private.put_file(key, path, media_type=MEDIA_TYPE)
            self.segments.append({"key": key, "pictures": count})
            self.pending.clear()
        self._write(
            _sql.keep_segment,
            segments=json.dumps(self.segments),
            codes_done=self.done,
            pictures=self.pictures,
            left_out=json.dumps([asdict(each) for each in self.left_out]),
            lease_s=LEASE_S,
        )

    def _finish(self) -> int:
        parts = []
        with TemporaryDirectory(prefix="batch-") as folder:
            for path in batch_files.join(self._read(), Path(folder), self._head(), most_bytes=MOST_ARCHIVE_BYTES):
                with path.open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                part = Part(self._key(f"{self.token}-{path.name}"), path.stat().st_size, sha256)
                self.by.private.put_file(part.key, path, media_type=MEDIA_TYPE)
                parts.append(part)
                path.unlink()
                self._write(_sql.note_batch, pictures=self.pictures, lease_s=LEASE_S)
        now = self.by.clock.now()
        stored = json.dumps([asdict(part) for part in parts])
        self._write(_sql.finish_batch, parts=stored, now=now, expires_at=now + KEPT)
        for segment in self.segments:
            self.by.private.delete(segment["key"])
        _log.info("batch_made", batch_id=self.row["id"], pictures=self.pictures, left_out=len(self.left_out))
        return 1

    def _read(self) -> Iterator[io.BytesIO]:
        for segment in self.segments:
            yield io.BytesIO(self.by.private.get(segment["key"]))

    def _head(self) -> dict[str, Any]:
        template, wanted = self.template, self.wanted
        return {
            "template": {"slug": template.slug, "name": template.name, "version": template.number},
            "formats": list(wanted.formats),
            "fields": dict(wanted.fields),
            "output": wanted.output,
            "scale": wanted.scale,
            "left_out": [asdict(each) for each in sorted(self.left_out, key=lambda each: each.row)],
        }

    def hand_back(self, pause_s: float) -> None:
        with unit_of_work(self.tenant.id) as tx:
            tx.run(_sql.hand_batch_back, **self._held(), pause_s=pause_s)

    def give_up(self) -> None:
        with unit_of_work(self.tenant.id) as tx:
            tx.run(_sql.fail_batch, **self._held(), now=self.by.clock.now())
        _log.error("batch_given_up", batch_id=self.row["id"])

    def _write(self, statement: str, **values: Any) -> None:
        with unit_of_work(self.tenant.id) as tx:
            if not tx.run(statement, **self._held(), **values):
                raise _Lost

    def _key(self, name: str) -> str:
        return f"{FOLDER}{self.tenant.id}/{self.row['id']}/{name}"

    def _held(self) -> dict[str, str]:
        return {"tenant_id": self.tenant.id, "id": self.row["id"], "lease_token": self.token}
