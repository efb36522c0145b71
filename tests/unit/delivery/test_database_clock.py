"""Moments of the database's clock on ours, told by answers that take their time. Epochs here begin at 1 000."""

import math

import pytest

from promostack.delivery.database_clock import DatabaseClock


@pytest.fixture
def clock() -> DatabaseClock:
    """Has had an answer that took 2 ms: our 10.002 is not later than its 1010.000."""
    made = DatabaseClock()
    assert made.error_s(10.0) == math.inf
    made.told(1010.0, 10.0, 10.002)
    assert made.monotonic(1010.0) == pytest.approx(10.002)
    return made


def test_an_answer_that_is_read_late_moves_nothing(clock: DatabaseClock) -> None:
    clock.told(1011.0, 11.0, 11.300)
    assert clock.monotonic(1011.0) == pytest.approx(11.002, abs=0.001)
    assert clock.error_s(11.3) == pytest.approx(0.002, abs=0.001)


def test_a_question_that_had_to_wait_moves_nothing_either(clock: DatabaseClock) -> None:
    clock.told(1011.5, 11.0, 11.503)
    assert clock.monotonic(1011.5) == pytest.approx(11.502, abs=0.001)
    assert clock.error_s(11.503) == pytest.approx(0.002, abs=0.001)


def test_a_quicker_answer_tells_better(clock: DatabaseClock) -> None:
    clock.told(1011.0, 11.0, 11.0005)
    assert clock.monotonic(1011.0) == pytest.approx(11.0005)
    assert clock.error_s(11.0005) == pytest.approx(0.0005)
    clock.told(1012.0, 12.0, 12.200)
    assert clock.monotonic(1012.0) == pytest.approx(12.0005, abs=0.001)


def test_two_slow_answers_tell_together_what_neither_does() -> None:
    """One was asked long before, the other read long after its moment."""
    clock = DatabaseClock()
    clock.told(1010.0, 9.8, 10.001)
    assert clock.error_s(10.001) == pytest.approx(0.201)
    clock.told(1010.5, 10.499, 10.8)
    assert clock.error_s(10.8) == pytest.approx(0.002, abs=0.001)


def test_clocks_may_drift(clock: DatabaseClock) -> None:
    """After an hour, 100 ppm slower than ours."""
    assert clock.error_s(3610.0) > 2 * 3600 * 100e-6
    clock.told(4610.0, 3610.36, 3610.365)
    assert clock.monotonic(4610.0) == pytest.approx(3610.365)
    assert clock.error_s(3610.365) == pytest.approx(0.005)


@pytest.mark.parametrize("step_s", [-5.0, 5.0])
def test_a_clock_that_was_set_is_believed_anew(clock: DatabaseClock, step_s: float) -> None:
    clock.told(1020.0 + step_s, 20.0, 20.002)
    assert clock.monotonic(1020.0 + step_s) == pytest.approx(20.002)
    clock.told(1021.0 + step_s, 21.0, 21.100)
    assert clock.monotonic(1021.0 + step_s) == pytest.approx(21.002, abs=0.001)


def test_a_far_database_is_known_by_its_twentieth_answer() -> None:
    """The way takes 50 ms, for all senders."""
    clock, errors_ms = DatabaseClock(), []
    for number in range(30):
        clock.told(1010.025 + number, 10.0 + number, 10.05 + number)
        errors_ms.append(round(1000 * clock.error_s(10.05 + number)))
    assert errors_ms == [50] * 19 + [0] * 11
