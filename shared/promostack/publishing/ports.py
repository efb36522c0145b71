"""What publishing needs from outside; `app.services` connects the real ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

from promostack.db.uow import Transaction
from promostack.tenants.models import Tenant


class Reader(Protocol):
    """Reads objects, from a memory where it can."""

    def get(self, key: str) -> bytes:
        """The object's bytes; raises ObjectMissing, ObjectDamaged, StoreUnavailable."""


class ObjectStore(Reader, Protocol):
    """One bucket. Every method raises StoreUnavailable, and NetworkInTransaction inside a unit of work."""

    def put(self, key: str, data: bytes, *, media_type: str, immutable: bool = True) -> None:
        """Stores a whole object or nothing of it."""

    def url(self, key: str) -> str:
        """Where everyone fetches the object."""


class PublicStore(ObjectStore, Protocol):
    """The bucket that everyone may read."""

    def delete(self, key: str) -> None:
        """Removes the object; one that is not there is no error."""


class PrivateStore(Protocol):
    """The bucket that only we read, and into which a signed address lets somebody put one object."""

    def get(self, key: str) -> bytes:
        """The object's bytes; raises ObjectMissing, StoreUnavailable."""

    def head(self, key: str) -> dict[str, Any] | None:
        """`bytes` and `media_type` of the object, or None."""

    def delete(self, key: str) -> None:
        """Removes the object; one that is not there is no error."""

    def presign_put(self, key: str, *, expires_s: int, media_type: str, size: int) -> str:
        """An address that takes one object of exactly that type and size, until it expires."""


class BatchStore(Protocol):
    """The bucket that only we read, as far as batches go."""

    def get(self, key: str) -> bytes:
        """The object's bytes; raises ObjectMissing, StoreUnavailable."""

    def put_file(self, key: str, path: Path, *, media_type: str) -> None:
        """Stores a file of the disk."""

    def delete(self, key: str) -> None:
        """Removes the object; one that is not there is no error."""

    def keys_of(self, tenant_id: str) -> Iterator[str]:
        """All names of the tenant's files."""

    def presign_file(self, key: str, *, expires_s: int, name: str) -> str:
        """An address under which a browser saves the file, until it expires."""


class Checked(Protocol):
    """A coupon's check."""

    @property
    def status(self) -> Literal["valid", "invalid", "unknown"]: ...
    @property
    def message(self) -> str: ...


class CouponChecker(Protocol):
    """Whether a code may be printed."""

    def find_cached(self, tx: Transaction, tenant: Tenant, code: str, *, actor: str) -> Checked | None:
        """A recent answer, without any network call; None when the provider has to be asked."""

    def check(self, tenant: Tenant, raw_code: str, *, actor: str) -> Checked:
        """An answer within 4 s, from the provider where there is no recent one."""
