"""One lazy connection per process, as the platform's containers allow; a dead one is replaced once.

Works through a transaction-mode pooler: nothing is kept in the session, nothing is prepared by name.
"""

import threading
from typing import Any

from promostack.core import config
from promostack.db.errors import DatabaseUnavailable

# A function has to answer 503 within 5 s when the database is down.
CONNECT_TIMEOUT_S = 3

_local = threading.local()


def current() -> Any:
    """This thread's open psycopg2 connection, connecting when there is none; raises DatabaseUnavailable."""
    connection = getattr(_local, "connection", None)
    if connection is None or connection.closed:
        connection = connect(config.require("DATABASE_URL"))
        _local.connection = connection
    return connection


def discard() -> None:
    """Closes this thread's connection; the next use connects anew."""
    connection = getattr(_local, "connection", None)
    _local.connection = None
    if connection is not None and not connection.closed:
        connection.close()


def connect(dsn: str) -> Any:
    """A new connection to `dsn` with bounded waits; raises DatabaseUnavailable."""
    import psycopg2

    try:
        return psycopg2.connect(
            dsn,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="promostack",
            keepalives=1,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=2,
            tcp_user_timeout=4_000,
        )
    except psycopg2.OperationalError as error:
        raise DatabaseUnavailable("The database does not answer; try again in a moment.") from error
