"""Runs a plug-in's code so that whatever it does, the others go on: a raise, two seconds without an end, nonsense."""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

LIMIT_S = 2.0
MESSAGE_LENGTH = 300


@dataclass(frozen=True)
class StrategyProblem:
    """`kind`: raised, hung. `message`: the exception's type and text, cut."""

    key: str
    kind: str
    message: str


class StrategyHung(BaseException):
    """Not an Exception, so that a plug-in's own `except Exception` does not swallow it."""


def run(key: str, work: Callable[[], Any], *, limit_s: float = LIMIT_S) -> tuple[Any, StrategyProblem | None]:
    """What `work` returns, or the problem. Never raises for what the plug-in does."""
    try:
        if threading.current_thread() is not threading.main_thread():
            return _in_thread(work, limit_s), None
        if _watch.is_on:
            return _watch.over(work, limit_s), None
        with watching(tick_s=limit_s / 4):
            return _watch.over(work, limit_s), None
    except StrategyHung:
        return None, StrategyProblem(key, "hung", f"did not answer within {limit_s:g} s")
    except (Exception, SystemExit) as error:
        return None, StrategyProblem(key, "raised", f"{type(error).__name__}: {error}"[:MESSAGE_LENGTH])


@contextlib.contextmanager
def watching(*, tick_s: float = LIMIT_S / 8) -> Iterator[None]:
    """One alarm clock for many runs of the main thread: setting it anew would be a tenth of a backtest's time. A single
    run does this by itself; in other threads it changes nothing."""
    if _watch.is_on or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _watch.look)
    _watch.is_on = True
    signal.setitimer(signal.ITIMER_REAL, tick_s, tick_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _watch.is_on = False
        signal.signal(signal.SIGALRM, before)


class _Watch:
    """Looks, at each tick of the alarm, whether the work under way is over its time."""

    def __init__(self) -> None:
        self.is_on = False
        self._ends_at = math.inf

    def over(self, work: Callable[[], Any], limit_s: float) -> Any:
        self._ends_at = time.monotonic() + limit_s
        try:
            return work()
        finally:
            self._ends_at = math.inf

    def look(self, number: int, frame: FrameType | None) -> None:
        if time.monotonic() >= self._ends_at:
            raise StrategyHung


_watch = _Watch()


def _in_thread(work: Callable[[], Any], limit_s: float) -> Any:
    """Elsewhere a thread of its own does it; one that hangs is left behind and cannot keep the process alive."""
    answer: list[Any] = []
    raised: list[BaseException] = []

    def go() -> None:
        try:
            answer.append(work())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=go, daemon=True, name="strategy")
    thread.start()
    thread.join(limit_s)
    if thread.is_alive():
        raise StrategyHung
    if raised:
        raise raised[0]
    return answer[0]
