"""What a tenant's subscribers are told beside the signals themselves: recaps, the briefing, cards, a signal for all."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from promostack.core import log
from promostack.core.errors import PromoError
from promostack.db.uow import unit_of_work
from promostack.signals import recapping, repository
from promostack.signals.telling import briefing, promoting

if TYPE_CHECKING:
    from datetime import date, datetime

    from promostack.delivery.models import Attachment, Leased
    from promostack.signals.candles import Candles
    from promostack.signals.recaps import Period, Recap
    from promostack.signals.telling.drawing import Pictures

_log = log.get("forex")


class News:
    """Without `pictures` everything is told in words."""

    def __init__(self, pictures: Pictures | None = None) -> None:
        self._pictures = pictures

    def tell(self, tenant_id: str, candles: Candles, *, now: datetime, lease: str) -> list[Leased]:
        """Whatever is due, each once; rows are leased."""
        rows: list[Leased] = []
        for period, day in recapping.due(now):
            drawn = self._chart(tenant_id, period, day)
            with unit_of_work(tenant_id) as tx:
                settings = repository.find_settings(tx, tenant_id)
                if settings is not None:
                    rows += recapping.post(tx, tenant_id, settings, period, day, now=now, lease=lease, drawn=drawn)
        with unit_of_work(tenant_id) as tx:
            settings = repository.find_settings(tx, tenant_id)
            if settings is not None and briefing.is_due(now):
                rows += briefing.post(tx, tenant_id, settings, candles, now=now, lease=lease)
            rows += promoting.promote(tx, tenant_id, now=now, lease=lease)
        return rows + self._cards(tenant_id, now, lease)

    def _chart(self, tenant_id: str, period: Period, day: date) -> tuple[Recap, Attachment] | None:
        """Drawn before the recap is made, because that takes a transaction; None where words must do."""
        if self._pictures is None:
            return None
        from promostack.signals.telling import pictures

        with unit_of_work(tenant_id) as tx:
            found = recapping.find_unmade(tx, tenant_id, period, day)
        if found is None or not found.figures.n:
            return None
        try:
            return found, self._pictures.make(tenant_id, partial(pictures.chart, found), filename="recap.png")
        except PromoError as error:
            _log.warning("chart_left_out", tenant_id=tenant_id, code=error.code)
            return None

    def _cards(self, tenant_id: str, now: datetime, lease: str) -> list[Leased]:
        if self._pictures is None:
            return []
        from promostack.signals.telling import cards

        try:
            return cards.send(tenant_id, self._pictures, now=now, lease=lease)
        except PromoError as error:
            _log.warning("card_waits", tenant_id=tenant_id, code=error.code)
            return []


@cache
def with_pictures() -> News:
    """Draws, and puts pictures into the public bucket."""
    from promostack.integrations import spaces
    from promostack.signals.telling.drawing import Pictures

    return News(Pictures(spaces.public_bucket()))
