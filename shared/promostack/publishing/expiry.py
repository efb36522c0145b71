"""What publishing no longer needs: uploads never finished, logos replaced, fonts removed, pictures unused for 90 days.

Rows and objects cannot go in one step. A row is taken out of use first, its object goes next, the row last: killed in
between, the next sweep finds the row and goes on.
"""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.publishing.ports import PrivateStore, PublicStore
from promostack.publishing.uploads import original_key

UNFINISHED_AFTER = timedelta(hours=24)
UNFINISHED = "it was not finished within a day"
# So long somebody may notice that the old one was the right one.
REPLACED_AFTER = timedelta(days=30)
REPLACED = "another one has taken its place, or it was removed"
UNUSED_AFTER = timedelta(days=90)

_sql = load(__package__)


def sweep_uploads(tenant_id: str, now: datetime, most: int, *, private: PrivateStore, public: PublicStore) -> int:
    """Removes what is left of up to `most` uploads that began a day ago; returns how many it looked at.

    Of a finished or refused one too the original's name is cleared once more: leave to put a file lasts longer than the
    call that finishes it.
    """
    with unit_of_work(tenant_id) as tx:
        before = now - UNFINISHED_AFTER
        tx.run(_sql.end_unfinished_uploads, tenant_id=tenant_id, before=before, reason=UNFINISHED, now=now)
        rows = tx.rows(_sql.uploads_to_sweep, tenant_id=tenant_id, before=before, most=most)
    for row in rows:
        private.delete(original_key(tenant_id, row["id"]))
        if row["state"] == "refused" and row["published_key"] is not None:
            public.delete(row["published_key"])
        with unit_of_work(tenant_id) as tx:
            if not tx.run(_sql.drop_unfinished_upload, tenant_id=tenant_id, id=row["id"], reason=UNFINISHED):
                tx.run(_sql.mark_upload_swept, tenant_id=tenant_id, id=row["id"], now=now)
    return len(rows)


def sweep_logos(tenant_id: str, now: datetime, most: int, *, public: PublicStore) -> int:
    """Removes up to `most` logos replaced, and fonts removed, a month ago, row and object; returns how many went.

    When a logo was replaced is noted by the sweep itself, within a day. Pictures made with it stay what they are. A
    font stays as long as any version is set in it, which may come back.
    """
    with unit_of_work(tenant_id) as tx:
        tx.run(_sql.note_replaced_logos, tenant_id=tenant_id, now=now)
        before = now - REPLACED_AFTER
        rows = tx.rows(_sql.end_replaced_files, tenant_id=tenant_id, before=before, reason=REPLACED, most=most)
    for row in rows:
        public.delete(row["published_key"])
        with unit_of_work(tenant_id) as tx:
            tx.run(_sql.drop_unfinished_upload, tenant_id=tenant_id, id=row["id"], reason=REPLACED)
    return len(rows)


def sweep_renders(tenant_id: str, now: datetime, most: int, *, public: PublicStore) -> int:
    """Removes up to `most` pictures unused for 90 days, row and object; returns how many rows went.

    An object that a picture in use shows stays. One that is drawn anew while its object goes loses its row again, so
    that the next call draws it.
    """
    with unit_of_work(tenant_id) as tx:
        rows = tx.rows(_sql.expire_renders, tenant_id=tenant_id, now=now, before=now - UNUSED_AFTER, most=most)
    for key in sorted({row["object_key"] for row in rows}):
        is_gone = not _is(_sql.is_shown, tenant_id, key)
        if is_gone:
            public.delete(key)
        with unit_of_work(tenant_id) as tx:
            tx.run(_sql.drop_expired_renders, tenant_id=tenant_id, key=key, is_gone=is_gone)
    return len(rows)


def _is(question: str, tenant_id: str, key: str) -> bool:
    with unit_of_work(tenant_id) as tx:
        return bool(tx.value(question, tenant_id=tenant_id, key=key))
