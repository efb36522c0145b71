"""A circuit breaker per tenant and provider, in Postgres, so that all containers spare a provider that is down."""

from datetime import datetime, timedelta

from promostack.db.sql import load
from promostack.db.uow import Transaction

_sql = load(__package__)

# Product rule 2: opens after 5 failures in 60 s, half-open after 30 s.
FAILURES = 5
WINDOW = timedelta(seconds=60)
OPEN_FOR = timedelta(seconds=30)
# Longer than a check may take; a probe whose container died is given to the next caller.
PROBE_FOR = timedelta(seconds=5)


def may_call(tx: Transaction, tenant_id: str, *, provider: str, now: datetime) -> bool:
    """True while closed; while half-open, true for one caller at a time."""
    breaker = tx.row(_sql.find_breaker, tenant_id=tenant_id, provider=provider)
    if breaker is None or breaker["opened_at"] is None:
        return True
    probes = tx.run(
        _sql.take_probe,
        tenant_id=tenant_id,
        provider=provider,
        now=now,
        opened_before=now - OPEN_FOR,
        probe_until=now + PROBE_FOR,
    )
    return probes == 1


def record(tx: Transaction, tenant_id: str, *, provider: str, answered: bool, now: datetime) -> None:
    """Notes how a call ended."""
    if answered:
        tx.run(_sql.close_breaker, tenant_id=tenant_id, provider=provider)
    else:
        tx.run(_sql.record_failure, tenant_id=tenant_id, provider=provider, now=now, since=now - WINDOW, most=FAILURES)
