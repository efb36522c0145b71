"""The morning's facts of the market in the signals' channel, from Monday to Friday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from promostack.db.uow import Transaction
from promostack.delivery import outbox
from promostack.delivery.models import Kind, Leased, Message
from promostack.signals import repository
from promostack.signals.candles import Candles
from promostack.signals.messages import DISCLAIMER, message_params
from promostack.signals.models import Settings
from promostack.signals.recaps import FRIDAY, Briefing, brief
from promostack.signals.telling import chosen
from promostack.signals.telling.due import BRIEFING_AT

# Later it is no longer about the morning.
SENT_WITHIN = timedelta(hours=2)


def is_due(now: datetime) -> bool:
    today = now.astimezone(UTC)
    begins = datetime.combine(today.date(), BRIEFING_AT)
    return today.weekday() <= FRIDAY and begins <= now < begins + SENT_WITHIN


def post(
    tx: Transaction, tenant_id: str, settings: Settings, candles: Candles, *, now: datetime, lease: str
) -> list[Leased]:
    """Once a day; nothing when the night's bars are not stored. Rows are leased."""
    if settings.bot_id is None or settings.chat_id is None or not chosen.find(tx, tenant_id).briefs:
        return []
    found = brief(candles, now)
    if found is None or not repository.claim_recap(tx, tenant_id, "briefing", found.day):
        return []
    key = f"signals:briefing:{found.day:%Y-%m-%d}"
    message = Message(settings.chat_id, Kind.SIGNAL, "sendMessage", message_params(text(found)), key, source="briefing")
    return outbox.enqueue(tx, [message], tenant_id=tenant_id, bot_id=settings.bot_id, lease_token=lease)


def text(found: Briefing) -> str:
    """Telegram's HTML. Facts only: no direction is meant."""
    return "\n".join(
        [
            f"<b>Morning briefing, {found.day:%a %d %b %Y}</b>",
            f"Asian session: {found.asia_low} to {found.asia_high} ({found.asia_high - found.asia_low} USD)",
            f"Pivot {found.pivot}",
            f"Resistance {found.resistance}",
            f"Support {found.support}",
            f"Range of the day before: {found.last_range} USD, mean of ten days {found.mean_range} USD",
            "",
            f"<i>{DISCLAIMER}</i>",
        ]
    )
