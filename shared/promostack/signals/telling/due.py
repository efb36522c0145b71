"""What the tick asks each minute, without numpy and without a renderer: is anything beside the facts to be told now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from promostack.db.sql import load
from promostack.db.uow import Transaction, unit_of_work
from promostack.signals.telling import chosen
from promostack.signals.telling.chosen import Telling

_sql = load(__package__)
_signals = load("promostack.signals")

BRIEFING_AT = time(6, 20, tzinfo=UTC)
RECAPS_AT = time(6, 30, tzinfo=UTC)
# Around these times the function is started by the minute; what is missed then comes with its next turn.
MOMENT = timedelta(minutes=3)
# A card that could not be made so long is left out; the words were sent.
CARDS_WITHIN = timedelta(hours=2)
CHOSEN_WITHIN = timedelta(minutes=10)
ENDS_WITHIN = timedelta(days=3)


def has_news(now: datetime) -> bool:
    """The briefing or recaps, a card, a signal to be shown to everybody, or the end of one that was."""
    today = now.astimezone(UTC).date()
    begins = (datetime.combine(today, at) for at in (BRIEFING_AT, RECAPS_AT))
    if any(begin <= now < begin + MOMENT for begin in begins):
        return True
    with unit_of_work(None) as tx:
        tenants = [str(row["tenant_id"]) for row in tx.rows(_signals.tenants_with_signals)]
    for tenant_id in tenants:
        with unit_of_work(tenant_id) as tx:
            if has_card(tx, tenant_id, now) or has_promotion(tx, tenant_id, now):
                return True
    return False


def has_card(tx: Transaction, tenant_id: str, now: datetime) -> bool:
    return bool(tx.rows(_sql.list_uncarded, tenant_id=tenant_id, since=now - CARDS_WITHIN))


def has_promotion(tx: Transaction, tenant_id: str, now: datetime) -> bool:
    """Whether a signal is to be shown, or the end of one that was shown."""
    if tx.rows(_sql.list_unended, tenant_id=tenant_id, since=now - ENDS_WITHIN):
        return True
    if first_of_day(tx, tenant_id, chosen.find(tx, tenant_id), now) is None:
        return False
    return tx.value(_sql.find_promotion, tenant_id=tenant_id, today=now.astimezone(UTC).date()) is None


def first_of_day(tx: Transaction, tenant_id: str, telling: Telling, now: datetime) -> str | None:
    """The first signal published in the tenant's hours of this UTC day, while it is as fresh as the rule wants."""
    today = now.astimezone(UTC).date()
    if telling.free_channel_id is None or today.isoweekday() not in telling.promote_days:
        return None
    midnight = datetime.combine(today, time(), tzinfo=UTC)
    window = {
        "since": midnight + timedelta(hours=telling.promote_from),
        "until": midnight + timedelta(hours=telling.promote_to),
    }
    row = tx.row(_sql.first_published, tenant_id=tenant_id, **window)
    return row["id"] if row is not None and now - row["published_at"] <= CHOSEN_WITHIN else None
