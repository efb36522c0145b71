"""What the database can do to a caller."""

from promostack.core.errors import Unavailable


class DatabaseUnavailable(Unavailable):
    """Postgres does not answer, refused the connection or went away."""

    code = "database_unavailable"


class SchemaOutdated(Unavailable):
    """The database is behind the code: `scripts/migrate` has not run."""

    code = "schema_outdated"
