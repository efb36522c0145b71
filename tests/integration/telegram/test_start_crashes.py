"""The functions of set-up and connections are stopped at every statement and outside call in turn; the end is the same.

The person tries again as the page says; in between no bot is half kept and no webhook has a secret that is not ours.
A picture whose call was in the air when its process was stopped is the one thing of which nobody knows: he looks into
the channel and posts once more.
"""

import os
import random
from collections.abc import Iterable

import pytest

from tests.integration.telegram.start_house import BOTS, CHANNELS, VENDORS, Newcomer

SAMPLE, SEED = 2, 20261123
# Every point of every step in the full proof; else each third, from another one each time that the seed is changed.
APART = 1 if os.environ.get("PROOFS") == "full" else 3
# How a deed is refused that is done already.
GONE = ("bot_not_found", "channel_not_found", "vendor_not_connected")
WAYS = pytest.mark.parametrize("with_taps", [True, False], ids=["taps and own codes", "token and Stripe"])


@WAYS
def test_a_set_up_that_is_stopped_at_some_points_ends_alike(come, with_taps: bool) -> None:
    expected, points = _undisturbed(come, with_taps)
    rng = random.Random(SEED)
    stops = [{step: rng.randrange(count) for step, count in points.items()} for _ in range(SAMPLE)]
    assert _differences(come, with_taps, expected, stops) == []


@pytest.mark.long
@WAYS
def test_a_set_up_that_is_stopped_at_any_point_ends_alike(come, with_taps: bool) -> None:
    expected, points = _undisturbed(come, with_taps)
    assert _differences(come, with_taps, expected, _at_each(points)) == []


def _at_each(points: dict[str, int]) -> Iterable[dict[str, int]]:
    """One stop in every step that is so long, point after point."""
    for at in range(SEED % APART, max(points.values()), APART):
        yield {step: at for step, count in points.items() if at < count}


def _undisturbed(come, with_taps: bool) -> tuple[dict, dict[str, int]]:
    """The end without any stop, and how many points each step has. The first one warms what is kept."""
    for newcomer in (come(with_taps), come(with_taps)):
        points = newcomer.set_up({})
    assert newcomer.half_done == []
    expected = newcomer.end_state()
    assert expected["steps"] == (["done"] * 4 if with_taps else ["done", "done", "next", "later"])
    assert expected["in the channel"] == with_taps
    assert min(points.values()) > 5
    return expected, points


def _differences(come, with_taps: bool, expected: dict, stops: Iterable[dict[str, int]]) -> list[str]:
    """One newcomer for each of `stops`."""
    found = []
    for planned in stops:
        newcomer = come(with_taps)
        newcomer.set_up(dict(planned))
        assert newcomer.stops == len(planned)
        seen = newcomer.end_state()
        found += newcomer.half_done
        found += [
            f"{planned}: {name} is {seen[name]} instead of {each}"
            for name, each in expected.items()
            if seen[name] != each
        ]
    return found


class Owner:
    """Somebody with a bot, a channel and Stripe, and what he does with them, in this order."""

    def __init__(self, newcomer: Newcomer) -> None:
        self.newcomer, self.call = newcomer, newcomer.call
        newcomer.set_up({})
        # Twelve Data counts eight calls a minute, whoever makes them.
        newcomer.control("twelve_data", "POST", "reset")
        [(self.bot,)] = newcomer.rows("SELECT id::text FROM bots WHERE tenant_id = %s")
        [(self.channel,)] = newcomer.rows("SELECT id::text FROM channels WHERE tenant_id = %s")
        made = newcomer.simulator.ask("POST", "/bots/token", bot=newcomer.bot["id"])
        self.token = made["token"]

    @property
    def deeds(self) -> dict[str, object]:
        bot, call = f"client/bots/{self.bot}", self.call
        return {
            "give a new token": lambda: call("PUT", f"{bot}/token", {"token": self.token}),
            "check the bot": lambda: call("POST", f"{bot}/check"),
            "set the webhook": lambda: call("POST", f"{bot}/webhook"),
            "connect OpenAI": lambda: call("PUT", f"{VENDORS}/openai", {"key": "sk-local-demo-key"}),
            "connect Twelve Data": lambda: call("PUT", f"{VENDORS}/twelve_data", {"key": "local-twelve-data-key"}),
            "ask FunderPro": lambda: call("PUT", f"{VENDORS}/funderpro", {"product_ids": ["gold-1"]}),
            "check Stripe": lambda: call("POST", f"{VENDORS}/stripe/check"),
            "drop OpenAI": lambda: call("DELETE", f"{VENDORS}/openai", but=GONE),
            "drop Stripe": lambda: call("DELETE", f"{VENDORS}/stripe", but=GONE),
            "drop the channel": lambda: call("DELETE", f"{CHANNELS}/{self.channel}", but=GONE),
            "drop the bot": lambda: call("DELETE", f"{BOTS}/{self.bot}", but=GONE),
        }

    def do_all(self, stops: dict[str, int]) -> dict[str, int]:
        """Each deed, once more where it was stopped; how many points each has."""
        points = {}
        for name, act in self.deeds.items():
            before = self.newcomer.stops
            self._grow_old()
            points[name] = self.newcomer.attempt(name, act, stops.get(name))
            if self.newcomer.stops > before:
                self._grow_old()
                self.newcomer.attempt(name, act, None)
        return points

    def _grow_old(self) -> None:
        """What was looked at lately is not looked at again."""
        for table in ("bots", "vendor_checks"):
            self.newcomer.rows(f"UPDATE {table} SET checked_at = now() - interval '1 minute' WHERE tenant_id = %s")


def test_deeds_that_are_stopped_at_some_points_end_alike(come) -> None:
    expected, points = _all_done(come)
    rng = random.Random(SEED)
    for _ in range(SAMPLE):
        assert (
            _differences_of_deeds(come, expected, {name: rng.randrange(count) for name, count in points.items()}) == []
        )


@pytest.mark.long
def test_deeds_that_are_stopped_at_any_point_end_alike(come) -> None:
    expected, points = _all_done(come)
    for stops in _at_each(points):
        assert _differences_of_deeds(come, expected, stops) == []


def _all_done(come) -> tuple[dict, dict[str, int]]:
    """The end without any stop, and how many points each deed has."""
    owner = Owner(come(with_taps=False))
    points = owner.do_all({})
    assert min(points.values()) > 5
    return owner.newcomer.end_state(), points


def _differences_of_deeds(come, expected: dict, stops: dict[str, int]) -> list[str]:
    owner = Owner(come(with_taps=False))
    owner.do_all(stops)
    assert owner.newcomer.stops == len(stops)
    seen = owner.newcomer.end_state()
    different = [
        f"{stops}: {name} is {seen[name]}, not {each}" for name, each in expected.items() if seen[name] != each
    ]
    return owner.newcomer.half_done + different
