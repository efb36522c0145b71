"""A process that can be stopped at any point: before each statement, around each commit and around each outside call.

What it calls is the product's own: the database, Telegram, vendors over HTTP, the object store.
"""

import os
import signal
import threading
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from promostack.core import http
from promostack.db import connection, trip
from promostack.db.uow import Transaction
from promostack.integrations import spaces, telegram_bot

# Calls to Telegram run in another thread, and outlive the process that began them by a moment.
CALLER: ContextVar["Life"] = ContextVar("caller")


class Killed(BaseException):
    """SIGKILL: nothing of the process runs any more."""


class Life:
    """One process. It passes points until the one at which it is stopped; whatever it tries then fails, too."""

    def __init__(self, ends_at: int | None = None) -> None:
        self._ends_at, self.passed, self.is_over = ends_at, 0, False
        self._lock = threading.Lock()

    def pass_point(self) -> None:
        with self._lock:
            if self.is_over or self.passed == self._ends_at:
                self.is_over = True
                raise Killed
            self.passed += 1


class Lives:
    """Who lives now; every statement, commit and outside call asks here."""

    def __init__(self, monkeypatch) -> None:
        self.now = Life()
        for name in ("rows", "value", "run", "run_many"):
            monkeypatch.setattr(Transaction, name, self._watched(getattr(Transaction, name), is_outside=False))
        for owner, name in ((Transaction, "commit"), (trip, "_sent"), (http, "call"), (spaces.Bucket, "_call")):
            monkeypatch.setattr(owner, name, self._watched(getattr(owner, name), is_outside=True))
        monkeypatch.setattr(telegram_bot, "_performed", self._watched_call(telegram_bot._performed))

    def _watched(self, function, *, is_outside: bool):
        """What was done outside stays done when the process dies before it hears of it."""

        def call(*arguments, **options):
            life = self.now
            life.pass_point()
            answer = function(*arguments, **options)
            if is_outside:
                life.pass_point()
            return answer

        return call

    def _watched_call(self, performed):
        async def call(token: str, method: str, params: dict):
            life = CALLER.get(self.now)
            life.pass_point()
            answer = await performed(token, method, params)
            life.pass_point()
            return answer

        return call


class Doomed(Life):
    """A process that really gets the signal."""

    def pass_point(self) -> None:
        try:
            super().pass_point()
        except Killed:
            os.kill(os.getpid(), signal.SIGKILL)


def is_killed(work: Callable[[], object], *, at: int) -> bool:
    """Whether a process of its own that does the work is ended by SIGKILL at that point; else it has done all of it."""
    connection.discard()  # the other process opens one of its own
    child = os.fork()
    if child == 0:
        try:
            Lives(pytest.MonkeyPatch()).now = Doomed(at)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return False
