"""Recaps in their channel: of the trading day before, of the week on Sunday, of the month on its first day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.signals import ledger, messages, repository
from promostack.signals.models import Settings
from promostack.signals.recaps import SUNDAY, Period, day_before, recap

DUE_AT = time(6, 30, tzinfo=UTC)
# A recap that could not be made so long is left out of the channel; the public page has the figures anyhow.
MADE_WITHIN = timedelta(hours=12)


def due(now: datetime) -> list[tuple[Period, date]]:
    """(period, one of its trading days) of the recaps that may be made now."""
    today = now.astimezone(UTC)
    begins = datetime.combine(today.date(), DUE_AT)
    if not begins <= now < begins + MADE_WITHIN:
        return []
    found: list[tuple[Period, date]] = []
    # On Sunday and Monday the trading day before is Friday; it is told on Saturday.
    if today.weekday() not in (SUNDAY, 0):
        found.append(("day", day_before(now)))
    if today.weekday() == SUNDAY:
        found.append(("week", day_before(now)))
    if today.day == 1:
        found.append(("month", today.date() - timedelta(days=1)))
    return found


def post(
    tx: Transaction, tenant_id: str, settings: Settings, period: Period, day: date, *, now: datetime, lease: str
) -> list[Leased]:
    """The recap into the record and, with the record's new head, into the channel; once. Rows are leased."""
    repository.hold(tx, tenant_id)
    made = recap(period, day, [])
    if settings.bot_id is None or settings.chat_id is None:
        return []
    if not repository.claim_recap(tx, tenant_id, period, (made.start + timedelta(hours=12)).date()):
        return []
    made = recap(period, day, repository.list_samples(tx, tenant_id, made.start))
    body = ledger.recap_body(period, made.start, made.end, made.figures)
    row = repository.append(tx, tenant_id, at=now, kind="recap", body=body)
    key = f"signals:recap:{period}:{made.start:%Y-%m-%d}"
    text = messages.recap_text(made, row.hash)
    message = Message(settings.chat_id, Kind.SIGNAL, "sendMessage", messages.message_params(text), key, source="recap")
    return outbox.enqueue(tx, [message], tenant_id=tenant_id, bot_id=settings.bot_id, lease_token=lease)
