"""What the database can do to a caller."""

from promostack.core.errors import Conflict, Unavailable


class DatabaseUnavailable(Unavailable):
    """Postgres does not answer, refused the connection or went away."""

    code = "database_unavailable"


class SchemaOutdated(Unavailable):
    """The database is behind the code: `scripts/migrate` has not run."""

    code = "schema_outdated"


class AlreadyThere(Conflict):
    """A unique constraint refused the row; `constraint` names it, services turn it into their own error."""

    code = "already_there"

    def __init__(self, constraint: str) -> None:
        super().__init__("This exists already.")
        self.constraint = constraint
