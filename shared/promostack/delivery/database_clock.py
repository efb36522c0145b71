"""The database's clock on ours, with how well it is known: slots are moments of the clock that all senders share."""

import math


class DatabaseClock:
    """By how much our monotonic clock differs from the database's (epoch), between two bounds.

    A moment that the database told lies between the question and the reading of the answer. An answer that comes late,
    or that a starved process reads late, widens nothing: the narrowest bounds of all answers count.
    """

    # Two clocks drift apart by no more (a cheap quartz has 100 ppm).
    _DRIFT = 2e-4
    # The quickest of so many answers took as long as the way is.
    _ENOUGH = 20

    def __init__(self) -> None:
        self._bounds = -math.inf, math.inf
        self._told_at, self._answers, self._way_s = 0.0, 0, math.inf

    def told(self, moment_s: float, asked_at: float, answered_at: float) -> None:
        """The database told its moment; we asked and had read the answer at these of ours."""
        low, high = asked_at - moment_s, answered_at - moment_s
        known_low, known_high = self._at(answered_at)
        if low > known_high or high < known_low:  # another clock, or one that was set
            self._answers, self._way_s = 0, math.inf
        else:
            low, high = max(low, known_low), min(high, known_high)
        self._bounds, self._told_at = (low, high), answered_at
        self._answers, self._way_s = self._answers + 1, min(self._way_s, answered_at - asked_at)

    def monotonic(self, moment_s: float) -> float:
        """Our monotonic moment of `moment_s`: never an earlier one, and later by the error at most."""
        return moment_s + self._bounds[1]

    def error_s(self, now: float) -> float:
        """How far at most the moments of two senders may be apart that are the same one; infinite before any answer.

        The way to a database makes all senders late alike, so it does not count once it is known.
        """
        low, high = self._at(now)
        return max(0.0, high - low - (self._way_s if self._answers >= self._ENOUGH else 0.0))

    def _at(self, now: float) -> tuple[float, float]:
        """The bounds, looser the longer ago they were told."""
        drift_s = max(0.0, now - self._told_at) * self._DRIFT
        return self._bounds[0] - drift_s, self._bounds[1] + drift_s
