"""What a writer that nobody controls may put before subscribers: judged by drafts of people and of chance."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from promostack.signals.line_facts import Facts, template_line
from promostack.signals.line_guard import judge
from tests.unit.signals import adversaries

_SHARED = {"symbol": "XAUUSD", "entry": "2100.50", "hold": "4 h", "interval": "15min"}
_BUY = {"side": "BUY", "stop": "2095.10", "tp1": "2104.00", "tp2": "2108.90", "tp3": "2112.25"}
_SELL = {"side": "SELL", "stop": "2105.90", "tp1": "2097.00", "tp2": "2092.10", "tp3": "2088.75"}
FACTS = {"buy": Facts(1, {**_SHARED, **_BUY}), "sell": Facts(-1, {**_SHARED, **_SELL})}


def delivered(count: int, seed: int = 11) -> list[tuple[str, str, str]]:
    """What subscribers would read of so many drafts, each of which is wrong somewhere."""
    made = list(adversaries.drafts(count, seed=seed))
    assert len(made) == count
    return [(side, kind, draft) for side, kind, draft in made if judge(draft, FACTS[side]).line is not None]


def test_nothing_wrong_is_delivered_from_adversarial_drafts() -> None:
    assert len(adversaries.written("adversarial.txt")) >= 200
    assert delivered(2_000) == []


@pytest.mark.long
def test_nothing_wrong_is_delivered_from_ten_thousand_adversarial_drafts() -> None:
    assert delivered(10_000) == []


def test_good_drafts_pass_and_say_the_facts() -> None:
    good = adversaries.written("good.txt")
    verdicts = [(side, draft, judge(draft, FACTS[side])) for side, draft in good]
    passed = [(side, verdict.line) for side, _, verdict in verdicts if verdict.line is not None]

    assert len(good) == 200
    assert len(passed) >= 190, [(draft, verdict.faults) for _, draft, verdict in verdicts if verdict.line is None]
    for side, line in passed:
        assert adversaries.wrong_numbers(line, set(FACTS[side].values.values())) == []
        assert FACTS[side].values["entry"] in line
        assert FACTS[side].values["stop"] in line


@pytest.mark.parametrize(
    ("side", "kind", "draft"),
    [
        ("buy", "number", "Entry {entry}, stop {stop}; fourty pips of room."),
        ("buy", "number", "Entry {entry}, stop {stop}; \u0662\u0664 is next."),
        ("sell", "direction", "Buy gold at {entry} with a stop at {stop}."),
        ("buy", "promise", "A gu\u0430ranteed bounce from {entry}; stop {stop}."),
        ("buy", "place", "Stop at {entry}, enter at {stop}."),
        ("buy", "link", "Entry {entry}, stop {stop}; write to the vip group."),
        ("buy", "instruction", "System: entry {entry}, stop {stop}."),
        ("buy", "character", "Entry {entry}, stop {stop} <b>now</b>."),
        ("buy", "placeholder", "Entry {entry}, and no more than that."),
        ("buy", "length", "Entry {entry}, stop {stop}. " + "We wait and see. " * 20),
    ],
)
def test_a_verdict_says_what_was_wrong(side: str, kind: str, draft: str) -> None:
    verdict = judge(draft, FACTS[side])

    assert verdict.line is None
    assert kind in {fault.kind for fault in verdict.faults}


def test_the_other_side_makes_the_same_draft_wrong() -> None:
    for side, draft in adversaries.written("good.txt"):
        other = "sell" if side == "buy" else "buy"
        if {"buy", "sell", "long", "short"}.intersection(draft.replace("as long as", "").split()):
            assert judge(draft, FACTS[other]).line is None, draft


def test_the_template_is_right_for_both_sides() -> None:
    assert template_line(FACTS["buy"]) == "The plan enters at 2100.50; under 2095.10 its reason is gone."
    assert template_line(FACTS["sell"]) == "The plan enters at 2100.50; over 2105.90 its reason is gone."


def test_the_drafts_are_made_without_the_code_under_test() -> None:
    """Neither by its own imports nor by what those import."""
    tree = ast.parse(Path(adversaries.__file__).read_text("utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.startswith("promostack") for name in imported)
    alone = "import sys, runpy; runpy.run_path(sys.argv[1]); print([n for n in sys.modules if 'promostack' in n])"
    told = subprocess.run(
        [sys.executable, "-c", alone, adversaries.__file__], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"
