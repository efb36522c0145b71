"""Moments of the database's clock on ours, told by answers that take their time. Epochs here begin at 1 000."""

import pytest

from promostack.delivery.limiter import DatabaseClock


@pytest.fixture
def clock() -> DatabaseClock:
    """Has had an answer that took 2 ms: our 10.002 is not later than its 1010.000."""
    made = DatabaseClock()
    assert made.monotonic(1010.0, 10.0, 10.002) == pytest.approx(10.002)
    return made


def test_an_answer_that_is_read_late_moves_nothing(clock: DatabaseClock) -> None:
    assert clock.monotonic(1011.0, 11.0, 11.300) == pytest.approx(11.002, abs=0.001)


def test_a_question_that_had_to_wait_is_not_taken_for_earlier(clock: DatabaseClock) -> None:
    assert clock.monotonic(1011.5, 11.0, 11.503) == pytest.approx(11.502, abs=0.001)


def test_a_quicker_answer_tells_better(clock: DatabaseClock) -> None:
    assert clock.monotonic(1011.0, 11.0, 11.0005) == pytest.approx(11.0005)
    assert clock.monotonic(1012.0, 12.0, 12.200) == pytest.approx(12.0005, abs=0.001)


def test_clocks_may_drift(clock: DatabaseClock) -> None:
    """After an hour, 100 ppm slower than ours."""
    assert clock.monotonic(4610.0, 3610.36, 3610.365) == pytest.approx(3610.365)


@pytest.mark.parametrize("step_s", [-5.0, 5.0])
def test_a_clock_that_was_set_is_believed_anew(clock: DatabaseClock, step_s: float) -> None:
    assert clock.monotonic(1020.0 + step_s, 20.0, 20.002) == pytest.approx(20.002)
    assert clock.monotonic(1021.0 + step_s, 21.0, 21.100) == pytest.approx(21.002, abs=0.001)
