"""Twelve Data's time series: `GET /time_series?symbol=XAU/USD&interval=15min&outputsize=N&timezone=UTC&order=ASC`.

The key goes into a header, because an address lands in logs. Numbers come as texts, `datetime` is the bar's open, and
the bar that is still forming is among them: only the server's own time tells which bars have closed. Errors come with
their HTTP status or as a 200 whose body says `"status":"error"`. Each call costs one credit for each symbol.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from promostack.core import http, log
from promostack.signals.candles import candles_from
from promostack.signals.errors import FeedBusy, FeedExhausted, FeedRefused, FeedUnavailable
from promostack.signals.intervals import Interval
from promostack.signals.ports import FeedAnswer

TIMEOUT_S = 5.0
MOST_BARS = 5000
# The vendor's names of symbols and intervals where they differ from ours.
SYMBOLS = {"XAUUSD": "XAU/USD"}
_log = log.get("twelve_data")

Row = tuple[int, float, float, float, float]


class TwelveData:
    """The vendor at one address, with one key."""

    def __init__(self, base: str, key: str) -> None:
        self._url = f"{base.rstrip('/')}/time_series"
        self._headers = {"Authorization": f"apikey {key}"}

    def closed_bars(self, symbol: str, interval: Interval, *, most: int) -> FeedAnswer:
        """One call, one credit; see MarketFeed. A row that is no bar is left out, told in the log."""
        params: dict[str, str | list[str]] = {
            "symbol": SYMBOLS.get(symbol, symbol),
            "interval": interval,
            "outputsize": str(min(most, MOST_BARS)),
            "timezone": "UTC",
            "order": "ASC",
        }
        try:
            answer = http.get(self._url, params=params, timeout_s=TIMEOUT_S, headers=self._headers)
        except http.VendorUnreachable as error:
            raise FeedUnavailable(f"Twelve Data: {error.message}") from error
        return _read(answer, interval)


def _read(answer: http.Answer, interval: Interval) -> FeedAnswer:
    body = _body(answer)
    _raise_told(answer.status, body)
    values = body.get("values")
    if not isinstance(values, list):
        raise FeedUnavailable("Twelve Data: the answer holds no values")
    told_at = _server_time(answer.headers)
    rows = [row for row in map(_row, values) if row is not None]
    if len(rows) < len(values):
        _log.warning("unreadable_bars", count=len(values) - len(rows))
    candles = candles_from(interval, sorted(rows, key=lambda row: row[0]))
    closed = candles.stamps + candles.seconds <= told_at.timestamp()
    return FeedAnswer(
        candles=candles.take(closed),
        told_at=told_at,
        forming=int((~closed).sum()),
        credits_used=_count(answer.headers.get("api-credits-used")),
        credits_left=_count(answer.headers.get("api-credits-left")),
    )


def _body(answer: http.Answer) -> Mapping[str, Any]:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise FeedUnavailable(f"Twelve Data answered {answer.status} without JSON") from error
    if not isinstance(body, dict):
        raise FeedUnavailable(f"Twelve Data answered {answer.status} with something unknown")
    return body


def _raise_told(status: int, body: Mapping[str, Any]) -> None:
    """Both styles of errors: the body's code counts when the status is 200."""
    is_error = status != 200 or body.get("status") == "error"
    if not is_error:
        return
    code = body.get("code") if isinstance(body.get("code"), int) else status
    text = str(body.get("message", ""))[:200]
    if code in (401, 403):
        raise FeedRefused(f"Twelve Data refuses the key ({code}): {text}")
    if code == 429:
        # One status for two limits; only the words tell them apart.
        if "day" in text.lower():
            raise FeedExhausted(f"Twelve Data: the day's credits are used up: {text}")
        raise FeedBusy(f"Twelve Data: too many calls in this minute: {text}", retry_after_s=60)
    if code in (400, 404, 414):
        raise FeedRefused(f"Twelve Data does not take the question ({code}): {text}")
    raise FeedUnavailable(f"Twelve Data answered {code}: {text}")


def _server_time(headers: Mapping[str, str]) -> datetime:
    """Without it nobody knows which bars have closed, so an answer without it is none."""
    try:
        told_at = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError) as error:
        raise FeedUnavailable("Twelve Data: the answer does not tell the server's time") from error
    return told_at.replace(tzinfo=UTC) if told_at.tzinfo is None else told_at.astimezone(UTC)


def _row(value: Any) -> Row | None:
    """Daily bars carry a date only and have no place here."""
    try:
        opened_at = datetime.strptime(value["datetime"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        prices = [float(value[name]) for name in ("open", "high", "low", "close")]
    except (KeyError, TypeError, ValueError):
        return None
    return int(opened_at.timestamp()), prices[0], prices[1], prices[2], prices[3]


def _count(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() else None
