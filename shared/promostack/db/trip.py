"""A transaction in one round trip: its statements are known beforehand, sent together and committed with the last one.

For what is done many times a second; everything else is a unit of work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from promostack.core import transactions
from promostack.db import connection
from promostack.db.errors import DatabaseUnavailable, SchemaOutdated
from promostack.db.uow import STATEMENT_TIMEOUT_MS

_SETTINGS = (
    "SELECT set_config('app.tenant_id', %(tenant_id)s, true), set_config('app.user_id', '', true),"
    f" set_config('statement_timeout', '{STATEMENT_TIMEOUT_MS}', true)"
)


@dataclass(frozen=True)
class Statement:
    """A named query and its parameters."""

    query: str
    params: Mapping[str, object]


def in_one_trip(tenant_id: str, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Runs the statements for one tenant, all or none; returns the rows of the last one.

    Raises DatabaseUnavailable when no answer came, and then nobody knows whether they were committed: right for what
    may be written twice only.
    """
    import psycopg2

    if transactions.is_open():
        raise RuntimeError("A unit of work is already open; run the statements in it.")
    database = connection.current()
    database.answers_within_s = connection.ANSWER_WITHIN_S
    try:
        with transactions.marked_open():
            return _sent(database, [Statement(_SETTINGS, {"tenant_id": tenant_id}), *statements])
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        connection.discard()
        raise DatabaseUnavailable("The database went away; try again in a moment.") from error
    except (
        psycopg2.errors.UndefinedTable,
        psycopg2.errors.UndefinedColumn,
        psycopg2.errors.UndefinedFunction,
    ) as error:
        raise SchemaOutdated("The database is being updated; try again in a moment.") from error


def _sent(database: Any, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Several statements in one message are one transaction of the server's own making."""
    with database.cursor() as cursor:
        cursor.execute(b";\n".join(cursor.mogrify(each.query, each.params) for each in statements))
        connection.answered()
        if cursor.description is None:
            return []
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
