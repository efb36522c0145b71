"""Recaps in their channel: of the trading day before, of the week on Sunday, of the month on its first day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from promostack.db.sql import load
from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Attachment, Kind, Leased, Message
from promostack.signals import ledger, messages, repository
from promostack.signals.models import Settings
from promostack.signals.recaps import SUNDAY, Period, Recap, day_before, recap

_telling = load("promostack.signals.telling")

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


def find_unmade(tx: Transaction, tenant_id: str, period: Period, day: date) -> Recap | None:
    """The recap as it would be made now, None when it has been."""
    empty = recap(period, day, [])
    if tx.value(_telling.is_recap_made, tenant_id=tenant_id, period=period, first_day=_first_day(empty)):
        return None
    return recap(period, day, repository.list_samples(tx, tenant_id, empty.start))


def post(
    tx: Transaction,
    tenant_id: str,
    settings: Settings,
    period: Period,
    day: date,
    *,
    now: datetime,
    lease: str,
    drawn: tuple[Recap, Attachment] | None = None,
) -> list[Leased]:
    """The recap into the record and, with the record's new head, into the channel; once. Rows are leased.

    `drawn`: its chart, which is left out when it shows another recap than is made.
    """
    repository.hold(tx, tenant_id)
    made = recap(period, day, [])
    if settings.bot_id is None or settings.chat_id is None:
        return []
    if not repository.claim_recap(tx, tenant_id, period, _first_day(made)):
        return []
    made = recap(period, day, repository.list_samples(tx, tenant_id, made.start))
    body = ledger.recap_body(period, made.start, made.end, made.figures)
    row = repository.append(tx, tenant_id, at=now, kind="recap", body=body)
    key = f"signals:recap:{period}:{made.start:%Y-%m-%d}"
    text, source = messages.recap_text(made, row.hash), "recap"
    message = Message(settings.chat_id, Kind.SIGNAL, "sendMessage", messages.message_params(text), key, source=source)
    if drawn is not None and drawn[0] == made:
        caption = {"caption": text, "parse_mode": "HTML"}
        message = Message(settings.chat_id, Kind.SIGNAL, "sendPhoto", caption, key, drawn[1], source=source)
    return outbox.enqueue(tx, [message], tenant_id=tenant_id, bot_id=settings.bot_id, lease_token=lease)


def _first_day(made: Recap) -> date:
    return (made.start + timedelta(hours=12)).date()
