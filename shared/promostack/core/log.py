"""Structured logs: one JSON object a line on stdout, with the request's id, secrets removed.

The platform keeps what a function prints; it keeps no log of its own for web calls.
"""

import json
import re
import sys
import time
import traceback
from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

_SECRET_NAME = re.compile(r"token|secret|password|authorization|cookie|api_?key|access_?key|signature|dsn", re.I)
_SECRET_VALUE = re.compile(
    r"\d{6,12}:[A-Za-z0-9_-]{30,}"  # a Telegram bot token, also inside an URL
    r"|(?:sk|rk|whsec)_[A-Za-z0-9_]{8,}"  # Stripe keys
    r"|eyJ[\w-]+=*\.[\w-]+=*(?:\.[\w-]*)?"  # a JWT, or the value of our own session cookie
    r"|(?:\$argon2id|pbkdf2_sha256)\$[^\s\"']+"  # a password's hash
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password in an URL
)
REDACTED = "[redacted]"
_MAX_TEXT = 2_000


class Log:
    """Writes events of one part of the product."""

    def __init__(self, source: str) -> None:
        self._source = source

    def info(self, event: str, **facts: object) -> None:
        """Something worth counting happened."""
        self._write("info", event, facts)

    def warning(self, event: str, **facts: object) -> None:
        """Something went wrong that the product handled."""
        self._write("warning", event, facts)

    def error(self, event: str, **facts: object) -> None:
        """Something went wrong that a person has to look at."""
        self._write("error", event, facts)

    def _write(self, level: str, event: str, facts: dict[str, object]) -> None:
        line = {"at": round(time.time(), 3), "level": level, "source": self._source, "event": event}
        if request_id.get():
            line["request_id"] = request_id.get()
        line.update({name: redact(name, value) for name, value in facts.items()})
        print(json.dumps(line, ensure_ascii=False, default=str), file=sys.stdout, flush=True)


def redact(name: str, value: object) -> object:
    """The value as it may be logged: nothing under a secret's name, no secret-looking text anywhere, not too long."""
    if _SECRET_NAME.search(name) and value is not None:
        return REDACTED
    if isinstance(value, dict):
        return {key: redact(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact("", inner) for inner in value]
    if isinstance(value, (int, float, bool)) or value is None:
        return value
    return _SECRET_VALUE.sub(REDACTED, str(value))[:_MAX_TEXT]


def get(source: str) -> Log:
    """The log of one part, e.g. `log.get("coupons")`."""
    return Log(source)


def trace(error: BaseException) -> str:
    """The end of an exception's traceback, where its cause stands; redacted whole: half a secret looks like none."""
    return _SECRET_VALUE.sub(REDACTED, "".join(traceback.format_exception(error)))[-_MAX_TEXT:]
