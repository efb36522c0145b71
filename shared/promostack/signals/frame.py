"""pandas for plug-ins that want it, and the faults of the package `ta` kept away from them.

`ta` 0.11 beside TA-Lib: RSI, MACD, ATR and ADX agree once warm, but the warm-up of ATR and ADX is 0.0, which makes a
stop distance of nothing; PSAR is wrong; KST and Ichimoku(visual) fill holes with the mean of the whole series, which
looks ahead. The first are repaired in place, the others refuse to be used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from promostack.signals.bars import Bars

_GUARDED = "promostack_guarded"


class UnfitIndicator(Exception):
    """An indicator of `ta` that gives wrong or future values."""


def frame_of(bars: Bars) -> pandas.DataFrame:
    """A copy of the bars: columns open, high, low, close, float64; index the opens, UTC."""
    import pandas

    if "ta" in sys.modules:
        guard_ta()
    index = pandas.DatetimeIndex(bars.time, tz="UTC", name="time")
    columns = {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close}
    return pandas.DataFrame({name: values.copy() for name, values in columns.items()}, index=index)


def guard_ta() -> None:
    """Makes the installed `ta` safe in this process; nothing happens a second time, or when it is not installed."""
    try:
        from ta import trend, volatility
    except ImportError:
        return
    if getattr(trend, _GUARDED, False):
        return
    _refuse(trend.PSARIndicator, "its parabolic SAR differs from Wilder's")
    _refuse(trend.KSTIndicator, "it fills its first values with the mean of the whole series, future included")
    _refuse_visual(trend.IchimokuIndicator)
    _blank_warmup(volatility.AverageTrueRange, "average_true_range")
    for name in ("adx", "adx_pos", "adx_neg"):
        _blank_warmup(trend.ADXIndicator, name)
    setattr(trend, _GUARDED, True)


def _refuse(indicator: Any, fault: str) -> None:
    def refuse(self: Any, *arguments: Any, **options: Any) -> None:
        raise UnfitIndicator(f"ta's {indicator.__name__} is not usable here: {fault}")

    indicator.__init__ = refuse


def _refuse_visual(indicator: Any) -> None:
    plain = indicator.__init__

    @wraps(plain)
    def refuse_visual(self: Any, *arguments: Any, **options: Any) -> None:
        plain(self, *arguments, **options)
        if self._visual:
            raise UnfitIndicator(
                "ta's IchimokuIndicator(visual=True) is not usable here: it fills the shifted values with the mean of "
                "the whole series, future included; visual=False is fine"
            )

    indicator.__init__ = refuse_visual


def _blank_warmup(indicator: Any, name: str) -> None:
    """NaN for the zeros before the first value."""
    plain: Callable[[Any], pandas.Series[float]] = getattr(indicator, name)

    @wraps(plain)
    def method(self: Any) -> pandas.Series[float]:
        values = plain(self)
        return values.where(values.ne(0.0).cummax())

    setattr(indicator, name, method)
