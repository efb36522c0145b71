"""public/health: does everything that a picture needs answer?"""

from concurrent.futures import Future
from threading import Thread
from typing import Any

from promostack.app.access import PUBLIC
from promostack.app.endpoint import Endpoint
from promostack.app.request import Reply, Request
from promostack.core import config, log
from promostack.db.errors import DatabaseUnavailable
from promostack.db.migrate import schema_version
from promostack.db.sql import load
from promostack.db.uow import unit_of_work
from promostack.integrations import spaces

STORAGE_TIMEOUT_S = 2.5

_sql = load(__package__)
_log = log.get("health")

endpoint = Endpoint("public/health")


@endpoint.get(access=PUBLIC)
def health(request: Request) -> Reply:
    storage = _start_storage_check()
    database, version = _check_database()
    checks = {"database": database, "storage": storage.result()}
    status = "down" if database != "ok" else "ok" if checks["storage"] == "ok" else "degraded"
    if status != "ok":
        _log.error("unhealthy", schema_version=version, **checks)
    body: dict[str, Any] = {"status": status, "schema_version": version, "checks": checks}
    return Reply(body, 503 if status == "down" else 200)


def _check_database() -> tuple[str, int | None]:
    """`ok`, `down` or `outdated` (scripts/migrate has not run), and the schema's version where it can be told."""
    try:
        with unit_of_work(None) as tx:
            version = tx.value(_sql.schema_version)
    except (DatabaseUnavailable, config.ConfigMissing):
        return "down", None
    return "ok" if version >= schema_version() else "outdated", version


def _start_storage_check() -> "Future[str]":
    """Runs beside the database's check, so that the answer comes within 5 s also when both are down."""
    result: Future[str] = Future()

    def check() -> None:
        try:
            result.set_result("ok" if spaces.is_reachable(STORAGE_TIMEOUT_S) else "down")
        except config.ConfigMissing as error:
            _log.error("not_configured", message=error.message)
            result.set_result("not_configured")
        finally:
            if not result.done():
                result.set_result("down")

    Thread(target=check, daemon=True).start()
    return result
