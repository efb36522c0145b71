"""Files from a tenant's people: a signed address, the file, a check, and a picture of our own making in its place.

Each step leaves what the next needs, so that a call that is killed anywhere can be made again, and what is never
finished is found by the sweep (`expiry.sweep_uploads`): the row comes first, the published name stands in it before the
object does, the original goes last. An upload publishes under a name of its own, and takes one file only, so that what
is dropped with it shows nobody else's picture; whoever drops an object has first ended its upload for every other call.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from promostack.core import ids, log
from promostack.core.clock import Clock
from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.publishing.checking import Checked, checked, named_anew
from promostack.publishing.errors import ObjectMissing, UploadIncomplete, UploadNotFound, UploadRefused
from promostack.publishing.models import LibraryPicture, PublishedUpload, Ticket
from promostack.publishing.ports import PrivateStore, PublicStore
from promostack.tenants import limits, settings, standing
from promostack.tenants.audit import Actor

# Enough for a slow line; afterwards nothing can be put under the upload's name any more.
TICKET_S = 15 * 60
# Of a tenant's people together: each file is kept for a while, and costs seconds of work.
MOST_AN_HOUR = 30
# Of a tenant; a choice of more helps nobody.
MOST_FONTS = 100
_EXTENSION = {"image/jpeg": "jpg", "image/png": "png", "font/ttf": "ttf", "font/otf": "otf"}

_sql = load(__package__)
_log = log.get("uploads")

# What a finished upload changes, in the transaction that finishes it: (transaction, purpose, published object's key).
Effect = Callable[[Transaction, str, str], None]


def original_key(tenant_id: str, upload_id: str) -> str:
    """Where the file arrives in the private bucket."""
    return f"uploads/{tenant_id}/{upload_id}"


class Uploads:
    """Takes files in and publishes pictures."""

    def __init__(self, *, private: PrivateStore, public: PublicStore, clock: Clock) -> None:
        self._private = private
        self._public = public
        self._clock = clock

    def begin(self, tenant_id: str, *, purpose: str, media_type: str, size: int, actor: Actor) -> Ticket:
        """Leave to put one file of exactly that type and size (bytes) within a quarter of an hour.

        Raises TooManyRequests.
        """
        upload_id, now = ids.new_id(), self._clock.now()
        values = {"purpose": purpose, "media_type": media_type, "bytes": size, "created_by": actor.id, "now": now}
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            limits.count(
                tx,
                tenant_id,
                action="upload",
                actor="tenant",
                limit=MOST_AN_HOUR,
                window_s=3600,
                now=now,
                message="Too many files in an hour. Wait a while, then send it again.",
            )
            tx.run(_sql.add_upload, tenant_id=tenant_id, id=upload_id, **values)
        key = original_key(tenant_id, upload_id)
        url = self._private.presign_put(key, expires_s=TICKET_S, media_type=media_type, size=size)
        return Ticket(upload_id, url, {"Content-Type": media_type}, now + timedelta(seconds=TICKET_S))

    def finish(self, tenant_id: str, upload_id: str, *, actor: Actor, effect: Effect) -> PublishedUpload:
        """Checks the file, publishes its picture and has `effect`, once however often and from wherever it is called.

        Raises UploadNotFound, UploadIncomplete (the file is not there yet), UploadRefused with the reason,
        StoreUnavailable, after which it can be called again, and what `standing.check` raises.
        """
        row = self._row(tenant_id, upload_id)
        if row["state"] == "waiting":
            try:
                row = self._take(tenant_id, upload_id, row, actor, effect)
            except UploadIncomplete:  # or a parallel call was faster, and has cleared the file away
                row = self._row(tenant_id, upload_id)
                if row["state"] == "waiting":
                    raise
        if row["state"] == "refused":
            self._private.delete(original_key(tenant_id, upload_id))  # a call that ended after its refusal left it
            raise UploadRefused(f"The file was refused: {row['reason']}.", fields={"file": row["reason"]})
        return self._published(row)

    def list_pictures(
        self, tenant_id: str, *, most: int, before: tuple[datetime, str] | None = None
    ) -> list[LibraryPicture]:
        """The tenant's library, the newest first; `before` is the last one's (finished_at, id)."""
        at, upload_id = before or (None, None)
        with unit_of_work(tenant_id) as tx:
            rows = tx.rows(_sql.list_pictures, tenant_id=tenant_id, before_at=at, before_id=upload_id, most=most)
        return [LibraryPicture(row["id"], row["finished_at"], self._published(row)) for row in rows]

    def list_fonts(self, tenant_id: str) -> list[LibraryPicture]:
        """The tenant's fonts, the oldest first."""
        with unit_of_work(tenant_id) as tx:
            rows = tx.rows(_sql.list_fonts, tenant_id=tenant_id, most=MOST_FONTS)
        return [LibraryPicture(row["id"], row["finished_at"], self._published(row)) for row in rows]

    def _published(self, row: dict[str, Any]) -> PublishedUpload:
        key = row["published_key"]
        return PublishedUpload(**{**row["picture"], "url": self._public.url(key), "key": key})

    def _take(
        self, tenant_id: str, upload_id: str, row: dict[str, Any], actor: Actor, effect: Effect
    ) -> dict[str, Any]:
        """The row after this call, or another one at the same time, has finished or refused the file."""
        from promostack.rendering.errors import PictureRefused

        original = original_key(tenant_id, upload_id)
        try:
            self._publish(tenant_id, upload_id, row, self._checked(tenant_id, original, row), actor, effect)
        except PictureRefused as refused:
            self._refuse(tenant_id, upload_id, refused.why, actor)
        self._private.delete(original)
        return self._row(tenant_id, upload_id)

    def _checked(self, tenant_id: str, original: str, row: dict[str, Any]) -> Checked:
        """What is made of the file; raises PictureRefused, UploadIncomplete."""
        from promostack.rendering.errors import PictureRefused

        found = self._private.head(original)
        if found is None:
            raise UploadIncomplete("The file has not arrived yet; send it first.")
        # The signature holds both; a store that does not check it gets no further either.
        if found["bytes"] != row["bytes"]:
            raise PictureRefused(f"it has {found['bytes']} bytes, and {row['bytes']} were announced")
        try:
            data = self._private.get(original)
        except ObjectMissing as error:
            raise UploadIncomplete("The file is being looked at; ask again in a moment.") from error
        made = checked(data, purpose=row["purpose"], media_type=row["media_type"])
        if row["purpose"] != "font":
            return made
        return named_anew(made, taken=[each.picture.family for each in self.list_fonts(tenant_id)])

    def _publish(
        self,
        tenant_id: str,
        upload_id: str,
        row: dict[str, Any],
        made: Checked,
        actor: Actor,
        effect: Effect,
    ) -> None:
        """Name, object, row; raises PictureRefused when a call before this one met another file."""
        from promostack.rendering.errors import PictureRefused

        digest = hashlib.sha256(made.data).hexdigest()
        name = f"{row['purpose']}.{digest[:40]}.{_EXTENSION[made.media_type]}"
        key = f"uploads/{tenant_id}/{upload_id}/{name}"
        if row["published_key"] not in (None, key):
            raise PictureRefused("another file was sent in its place; begin again with that one")
        at = {"tenant_id": tenant_id, "id": upload_id, "key": key}
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            if not tx.run(_sql.intend_upload, **at, before=row["published_key"]):
                latest = self._load(tx, tenant_id, upload_id)
                if latest["state"] != "waiting":
                    return
                if latest["published_key"] != key:
                    raise UploadIncomplete("Another file was sent in the meantime; finish again.")
        self._public.put(key, made.data, media_type=made.media_type)
        stored = json.dumps({**made.facts, "media_type": made.media_type, "sha256": digest})
        with unit_of_work(tenant_id) as tx:
            # The effect may change the tenant's row: it is locked for that before any other, as all changes do.
            settings.lock_settings(tx, tenant_id)
            standing.check(tx, tenant_id, actor)
            if is_finished := tx.run(_sql.finish_upload, **at, picture=stored, now=self._clock.now()):
                effect(tx, row["purpose"], key)
            left = tx.row(_sql.find_upload, tenant_id=tenant_id, id=upload_id)
        if is_finished:
            _log.info("published", upload_id=upload_id, key=key)
        elif left is None or left["state"] == "refused":  # ended in between, perhaps before the object was there
            self._public.delete(key)

    def _refuse(self, tenant_id: str, upload_id: str, why: str, actor: Actor) -> None:
        """Ends the upload unless another call has, and drops what an interrupted call has published for it."""
        at = {"tenant_id": tenant_id, "id": upload_id}
        with unit_of_work(tenant_id) as tx:
            standing.check(tx, tenant_id, actor)
            tx.run(_sql.refuse_upload, **at, reason=why, now=self._clock.now())
            latest = self._load(tx, tenant_id, upload_id)
        if latest["state"] == "refused":
            _log.info("refused", upload_id=upload_id, reason=latest["reason"])
            if latest["published_key"] is not None:
                self._public.delete(latest["published_key"])

    def _row(self, tenant_id: str, upload_id: str) -> dict[str, Any]:
        with unit_of_work(tenant_id) as tx:
            return self._load(tx, tenant_id, upload_id)

    def _load(self, tx: Transaction, tenant_id: str, upload_id: str) -> dict[str, Any]:
        row = tx.row(_sql.find_upload, tenant_id=tenant_id, id=upload_id) if ids.is_id(upload_id) else None
        if row is None:
            raise UploadNotFound("There is no such upload.")
        return row
