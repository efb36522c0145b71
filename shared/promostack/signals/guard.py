"""Runs a plug-in's code so that whatever it does, the others go on: a raise, two seconds without an end, nonsense."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

LIMIT_S = 2.0
MESSAGE_LENGTH = 300

_is_watching = False


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
        with contextlib.nullcontext() if _is_watching else watching():
            return _until_alarm(work, limit_s), None
    except StrategyHung:
        return None, StrategyProblem(key, "hung", f"did not answer within {limit_s:g} s")
    except (Exception, SystemExit) as error:
        return None, StrategyProblem(key, "raised", f"{type(error).__name__}: {error}"[:MESSAGE_LENGTH])


@contextlib.contextmanager
def watching() -> Iterator[None]:
    """Installs the alarm for many runs of the main thread at once; one alone does it by itself."""
    global _is_watching
    if _is_watching or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    _is_watching = True
    try:
        yield
    finally:
        _is_watching = False
        signal.signal(signal.SIGALRM, before)


def _until_alarm(work: Callable[[], Any], limit_s: float) -> Any:
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(number: int, frame: FrameType | None) -> None:
    raise StrategyHung


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
