"""What leaving needs from outside; `app.services` connects the real ones."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """A bucket as far as a tenant's files go. Every method raises StoreUnavailable, none works in a unit of work."""

    def keys_of(self, tenant_id: str) -> Iterator[str]:
        """All names of the tenant's files."""

    def get(self, key: str) -> bytes:
        """The file's bytes; raises ObjectMissing."""

    def delete(self, key: str) -> None:
        """Removes the file; one that is not there is no error."""


class PrivateFiles(Files, Protocol):
    """The bucket that only we read."""

    def put_file(self, key: str, path: Path, *, media_type: str) -> None:
        """Stores a file of the disk."""

    def presign_file(self, key: str, *, expires_s: int, name: str) -> str:
        """An address under which a browser saves the file, until it expires."""


Unhook = Callable[[str, str], None]
"""(tenant id, bot id): Telegram hands in nothing more for this bot. Raises Unavailable when it does not answer."""
