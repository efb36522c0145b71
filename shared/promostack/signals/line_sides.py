"""Whether a draft points the plan's way, and whether each value stands where its name says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promostack.signals import line_words as words
from promostack.signals.line_facts import PLACEHOLDER, Facts

_NOT_A_SIDE = re.compile(r"\b(?:as|so|no|how|too) long(?:er)?\b|\blong(?:er|est)\b|\bup to\b|\bset up\b|\bshort of\b")
_VALUES = ("entry", "stop", "tp1", "tp2", "tp3")
_TARGETS = frozenset({"target", "objective", "goal"})
_STOPS_OR_TARGETS = {"stop": -1, "sl": -1, "target": 1, "targets": 1}


def wrong_sides(text: str, tokens: Sequence[str], direction: int) -> Iterator[str]:
    """Words for the other side; its moves, unless they lie behind; the own side's taken back."""
    plain = re.findall("[a-z]+", _NOT_A_SIDE.sub(" ", " ".join(tokens)))
    yield from (word for word in plain if word in words.TURNS_ROUND or word in words.ACTS[-direction])
    for at, word in enumerate(plain):
        before, after = plain[max(0, at - 3) : at], plain[at + 1 : at + 4]
        is_a_move = word in words.MOVES[-direction] and not (
            word == "up" and words.NOT_UPWARDS.intersection(before[-1:])
        )
        if is_a_move and not _lies_behind(before, after):
            yield word
        if word in words.RETRACES[-direction] and _is_expected(before, after):
            yield word
        undone = words.UNDOES.intersection(before[-2:])
        if word in words.ACTS[direction] and undone:
            yield f"{min(undone)} {word}"
    if found := words.GETS_OUT.search(" ".join(plain)):
        yield found[0]


def _lies_behind(before: Sequence[str], after: Sequence[str]) -> bool:
    return bool(words.BEHIND_BEFORE.intersection(before) or words.BEHIND_AFTER.intersection(after[:2]))


def _is_expected(before: Sequence[str], after: Sequence[str]) -> bool:
    is_behind = words.BEHIND_BEFORE.intersection(before) or words.BEHIND_AFTER.intersection(after)
    return not is_behind and bool(
        words.EXPECTED_BEFORE.intersection(before) or words.EXPECTED_AFTER.intersection(after[:1])
    )


def wrong_places(draft: str, facts: Facts) -> Iterator[str]:
    """Values under another one's name, before it or after it, and stops and targets on the wrong side."""
    pieces, called = PLACEHOLDER.split(draft), ""
    for at in range(1, len(pieces), 2):
        name, before, after = pieces[at], _words(pieces[at - 1]), _words(pieces[at + 1])
        if name in _VALUES:
            yield from _named_before(name, before.removeprefix(called))
            yield from _named_after(name, after)
        found = words.CALLED_AFTER.match(after)
        called = found[0] if found else ""
    yield from _misplaced(_words(PLACEHOLDER.sub(r" \1 ", draft)).split(), facts.direction)


def _named_before(name: str, before: str) -> Iterator[str]:
    spoken = words.BEGINS_ANEW.sub("", before.replace("out at", "outat")).split()
    labels = [word for word in spoken if word in words.LABELS]
    if labels and name not in words.LABELS[labels[-1]]:
        yield f"{labels[-1]} {name}"
    acts = [word for word in spoken[-2:] if word in words.ACTS[1] | words.ACTS[-1]]
    if acts and not labels and name != "entry":
        yield f"{acts[-1]} {name}"
    ranks = [word for word in spoken if word in words.RANKS]
    if ranks and _TARGETS.intersection(spoken) and name.startswith("tp") and words.RANKS[ranks[-1]] != name:
        yield f"{ranks[-1]} {name}"


def _named_after(name: str, after: str) -> Iterator[str]:
    found = words.CALLED_AFTER.match(after)
    if found and name not in words.LABELS[found[1]]:
        yield f"{name} {found[0]}"


def _misplaced(spoken: list[str], direction: int) -> Iterator[str]:
    """`spoken`: with placeholders by their names. For a buy no stop is above the entry and no target below it."""
    for at, word in enumerate(spoken):
        side = _STOPS_OR_TARGETS.get(word) or (1 if word in ("tp1", "tp2", "tp3") else 0)
        near = spoken[at + 1 : at + 3]
        wrong = words.BELOW if side * direction > 0 else words.ABOVE
        if side and (found := wrong.intersection(near)):
            yield f"{word} {min(found)}"


def _words(text: str) -> str:
    """In lower case, one blank between two."""
    return " ".join(re.findall("[a-z]+[0-9]?", text.lower()))
