"""What the domain asks of the market's feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from promostack.signals.intervals import Interval

if TYPE_CHECKING:
    from promostack.signals.candles import Candles


@dataclass(frozen=True)
class FeedAnswer:
    """`candles`: closed bars, oldest first, as sent: not cleaned. `told_at`: the server's time.

    `forming`: bars left out because they had not closed by then. Credits as the vendor counts them, None when it does
    not say.
    """

    candles: Candles
    told_at: datetime
    forming: int
    credits_used: int | None = None
    credits_left: int | None = None


class MarketFeed(Protocol):
    """Gives closed bars. Raises FeedUnavailable, FeedBusy, FeedRefused, FeedExhausted."""

    def closed_bars(self, symbol: str, interval: Interval, *, most: int) -> FeedAnswer:
        """The newest `most` bars at the most, the forming one among them not given."""
