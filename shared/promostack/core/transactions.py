"""Knows whether a database transaction is open, so that no network call can happen inside one.

A call inside a transaction holds row locks and a pooled connection for as long as a vendor likes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[int] = ContextVar("open_transactions", default=0)


class NetworkInTransaction(RuntimeError):
    """A bug in our code: a vendor was to be called while a transaction is open."""


@contextmanager
def marked_open() -> Iterator[None]:
    """Marks a transaction as open for the length of the block."""
    token = _open.set(_open.get() + 1)
    try:
        yield
    finally:
        _open.reset(token)


def is_open() -> bool:
    """True inside a unit of work of this thread or task."""
    return _open.get() > 0


def refuse_network(target: str) -> None:
    """Raises NetworkInTransaction when a transaction is open; every vendor wrapper calls it first."""
    if is_open():
        raise NetworkInTransaction(
            f"{target} must not be called inside an open transaction; finish the unit of work first"
        )
