"""Knows whether a transaction is open, so that no network call can happen inside one, and whether it may write.

A call inside a transaction holds row locks and a pooled connection for as long as a vendor likes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[int] = ContextVar("open_transactions", default=0)


_reading: ContextVar[bool] = ContextVar("reading_only", default=False)


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


@contextmanager
def reading_only(is_reading: bool) -> Iterator[None]:
    """Whether the database refuses every write of the transactions that begin in the block."""
    token = _reading.set(is_reading)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading_only() -> bool:
    """True inside a call whose caller may look and not touch."""
    return _reading.get()


def refuse_network(target: str) -> None:
    """Raises NetworkInTransaction when a transaction is open; every vendor wrapper calls it first."""
    if is_open():
        raise NetworkInTransaction(
            f"{target} must not be called inside an open transaction; finish the unit of work first"
        )
