"""Writing the usage log: one line for each step, in the transaction that makes the step."""

import json
from collections.abc import Mapping
from typing import Any

from promostack.db.sql import load
from promostack.db.uow import Transaction

_sql = load(__package__)


def record(
    tx: Transaction,
    tenant_id: str,
    kind: str,
    *,
    bot_id: str,
    chat_id: int,
    user_id: int | None,
    data: Mapping[str, Any],
) -> None:
    """One step: `data` holds template, format, code, error and ms where the step has them.

    `user_id` is None for what a member did at the dashboard: it is nobody's act in Telegram.
    """
    facts = json.dumps(dict(data))
    tx.run(
        _sql.record_event, tenant_id=tenant_id, kind=kind, bot_id=bot_id, chat_id=chat_id, user_id=user_id, data=facts
    )
