"""One lazy connection per process, as the platform's containers allow; a dead one is replaced once.

Works through a transaction-mode pooler: nothing is kept in the session, nothing is prepared by name.
"""

import select
import threading
import time
from functools import cache
from typing import Any

from promostack.core import config
from promostack.db.errors import DatabaseUnavailable

# A function has to answer 503 within 5 s when the database is down: a kept connection is given up after the first time,
# a new one after the second. Later statements end by the server's statement time-out while the server lives.
BEGIN_WITHIN_S = 1.8
CONNECT_WITHIN_S = 2.5
ANSWER_WITHIN_S = 4.3
# A connection that answered so lately need not be asked whether it lives before it is given something long to do.
FRESH_FOR_S = 1.0

_local = threading.local()


def current() -> Any:
    """This thread's open psycopg2 connection, connecting when there is none; raises DatabaseUnavailable."""
    connection = getattr(_local, "connection", None)
    if connection is None or connection.closed:
        connection = connect(config.require("DATABASE_URL"))
        connection.autocommit = True  # who needs a transaction says BEGIN, in one message with what comes first
        _local.connection = connection
        _local.answered_at = 0.0
    return connection


def answered() -> None:
    """Notes that this thread's connection has just answered."""
    _local.answered_at = time.time()


def is_fresh() -> bool:
    """True when it answered lately, by the clock that goes on while a container sleeps."""
    is_there = getattr(_local, "connection", None) is not None
    return is_there and 0 <= time.time() - _local.answered_at < FRESH_FOR_S


def discard() -> None:
    """Closes this thread's connection; the next use connects anew."""
    connection = getattr(_local, "connection", None)
    _local.connection = None
    if connection is not None and not connection.closed:
        connection.close()


def connect(dsn: str) -> Any:
    """A new connection to `dsn`, which may answer as late as it likes once it stands; raises DatabaseUnavailable."""
    import psycopg2

    try:
        connection = psycopg2.connect(
            dsn,
            connection_factory=_bounded_connection(),
            application_name="promostack",
            keepalives=1,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=2,
            tcp_user_timeout=4_000,
        )
    except psycopg2.OperationalError as error:
        raise DatabaseUnavailable("The database does not answer; try again in a moment.") from error
    connection.answers_within_s = None
    return connection


@cache
def _bounded_connection() -> Any:
    """A connection class whose every wait ends after `answers_within_s`.

    libpq waits for an answer without end as long as the other side's kernel acknowledges packets, as that of a stopped
    server or a full pooler does. The callback costs about 4 µs a statement.
    """
    from psycopg2 import OperationalError, extensions

    def wait(connection: Any) -> None:
        limit_s = getattr(connection, "answers_within_s", None)
        deadline = None if limit_s is None else time.monotonic() + limit_s
        while (state := connection.poll()) != extensions.POLL_OK:
            events = select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
            left_s = None if deadline is None else deadline - time.monotonic()
            waiting = select.poll()
            waiting.register(connection.fileno(), events)
            if left_s is not None and (left_s <= 0 or not waiting.poll(left_s * 1000)):
                connection.is_silent = True
                raise OperationalError(f"no answer within {limit_s:g} s")
            if left_s is None:
                waiting.poll()

    extensions.set_wait_callback(wait)
    attributes = {"answers_within_s": CONNECT_WITHIN_S, "is_silent": False}
    return type("BoundedConnection", (extensions.connection,), attributes)
