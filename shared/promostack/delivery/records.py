"""How a row's story is written down; only the holder of its lease may."""

from promostack.core.errors import PromoError
from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery.models import Leased

_sql = load(__package__)


def finish(
    tx: Transaction,
    tenant_id: str,
    row_id: int,
    lease_token: str,
    *,
    state: str,
    message_id: int | None = None,
    error: PromoError | None = None,
) -> None:
    """Ends a row as sent, failed or ambiguous."""
    tx.run(
        _sql.finish,
        tenant_id=tenant_id,
        id=row_id,
        lease_token=lease_token,
        state=state,
        message_id=message_id,
        error_code=error.code if error else None,
        error_text=error.message if error else None,
    )


def put_back(
    tx: Transaction, row: Leased, lease_token: str, *, delay_s: float, error: PromoError | None, ambiguities: int = 0
) -> None:
    """Hands a row back, to be sent later."""
    tx.run(
        _sql.put_back,
        tenant_id=row.tenant_id,
        id=row.id,
        lease_token=lease_token,
        delay_s=delay_s,
        chat_id=row.chat_id,
        ambiguities=ambiguities,
        error_code=error.code if error else None,
        error_text=error.message if error else None,
    )


def backoff_s(attempts: int) -> float:
    """1, 2, 4 … 64 s; jitter is not needed where the limiter already spreads the calls of a bot."""
    return float(min(64, 2**attempts))


def file_kind(method: str) -> str:
    """A picture sent as a photo and as a file has two ids."""
    return "document" if method == "sendDocument" else "photo"
