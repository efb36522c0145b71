"""Judges a draft that somebody else wrote before subscribers read it: every number, direction and promise in it.

A draft names values by placeholders only, so that any number in it is a wrong one. What it may hold is a short list;
what is found beyond says why it was refused. Pure: the draft and the facts in, a verdict out.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from promostack.signals import line_words as words
from promostack.signals.line_facts import MOST_CHARACTERS, PLACEHOLDER, REQUIRED, Facts, fill
from promostack.signals.line_sides import wrong_places, wrong_sides

_PLAIN = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": " - ", "—": " - ", "…": ".", "\u00a0": " "}
_ALLOWED = re.compile(r"[A-Za-z .,;:'\"()?-]")
# Letters of other scripts that look like Latin ones, in pairs; what is not here is refused all the same.
_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕԁһӏмтквнгοειυανρτκχβηɑɡıƒß",
        "aeopcyxijsdhlmtkbhroeiuavptkxbnagifs",
        strict=True,
    )
)
_DIGIT_LIKE = re.compile(r"[lIoO]{2,}|[lIOSBZ]{3,}|[IVXLCDM]{2,}")
# Of letters that stand alone English knows two, and never side by side.
_ALONE = re.compile(r"\b(?![aAI]\b)[A-Za-z]\b|\b[A-Za-z]\b(?=[ ._-]+[A-Za-z]\b)")
_AROUND = re.compile(r"(?:^|[ (\"'])\{[a-z0-9]+\}(?=$|[ .,;:)?\"']|-[a-z])")


@dataclass(frozen=True)
class Fault:
    """`kind`: number, direction, promise, place, link, instruction, character, placeholder, length; `found`: what."""

    kind: str
    found: str


@dataclass(frozen=True)
class Verdict:
    """`line`: the draft with its values, None when it was refused."""

    line: str | None
    faults: tuple[Fault, ...] = ()


def judge(draft: str, facts: Facts) -> Verdict:
    """Whether subscribers may read it."""
    faults = tuple(dict.fromkeys(_faults(draft, facts)))
    if faults:
        return Verdict(None, faults)
    line = fill(draft, facts)
    # Once more after filling, whatever was overlooked above: each number that stands there is a value of the facts.
    bare = PLACEHOLDER.sub(" ", draft)
    strange = [char for char in bare if unicodedata.numeric(char, None) is not None]
    return Verdict(None, (Fault("number", "".join(strange)),)) if strange else Verdict(line)


def _faults(draft: str, facts: Facts) -> Iterator[Fault]:
    yield from _shape(draft, facts)
    text = _plain(PLACEHOLDER.sub(_marked, draft))
    tokens = _tokens(text)
    if apart := _ALONE.findall(text.replace("'", "")):
        yield Fault("character", f"letters apart: {' '.join(apart)}")
    yield from _numbers(draft, text, tokens)
    spoken = " ".join(tokens)
    yield from (Fault("promise", found) for found in _promises(tokens, spoken))
    for kind, known, phrases in (
        ("link", words.LINKS, None),
        ("instruction", words.LEAKS, words.LEAK_PHRASES),
    ):
        yield from (Fault(kind, word) for word in tokens if word in known)
        if phrases and (found := phrases.search(spoken)):
            yield Fault(kind, found[0])
    yield from (Fault("direction", found) for found in wrong_sides(text, tokens, facts.direction))
    yield from (Fault("place", found) for found in wrong_places(_plain(draft), facts))


def _shape(draft: str, facts: Facts) -> Iterator[Fault]:
    """Length, characters and placeholders."""
    if not 10 <= len(draft) <= MOST_CHARACTERS:
        yield Fault("length", str(len(draft)))
    named = PLACEHOLDER.findall(draft)
    yield from (Fault("placeholder", name) for name in named if name not in facts.values)
    yield from (Fault("placeholder", f"{name} is missing") for name in REQUIRED if name not in named)
    if len(_AROUND.findall(draft)) != len(named):
        yield Fault("placeholder", "a letter or sign beside it")
    bare = PLACEHOLDER.sub(" ", draft)
    for char in bare:
        if not _ALLOWED.match(_PLAIN.get(char, char)[:1] or " "):
            yield Fault("character", f"U+{ord(char):04X}")


def _plain(text: str) -> str:
    """Look-alikes as the letters that they look like, what cannot be seen taken out."""
    for char, plain in _PLAIN.items():
        text = text.replace(char, plain)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    seen = (char for char in folded if unicodedata.category(char) not in ("Cf", "Mn", "Cc"))
    return "".join(_LOOKALIKES.get(char, _LOOKALIKES.get(char.lower(), char)) for char in seen)


def _marked(found: re.Match[str]) -> str:
    """A placeholder as a word that no list holds: between two words it keeps them apart."""
    return f" zq{re.sub('[0-9]', '', found[1])}zq "


def _tokens(text: str) -> list[str]:
    """Words in lower case; letters that stand alone in a row make one."""
    text = re.sub(r"'ll\b", " will", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:[A-Za-z][ .'_-]+){2,}[A-Za-z]\b", lambda found: re.sub("[^A-Za-z]", "", found[0]), text)
    return re.findall(r"[a-z]+", text.replace("'", "").lower())


def _numbers(draft: str, text: str, tokens: list[str]) -> Iterator[Fault]:
    bare = PLACEHOLDER.sub(" ", draft)
    if digits := [char for char in bare if unicodedata.numeric(char, None) is not None]:
        yield Fault("number", "".join(digits))
    for shape in re.findall(r"[A-Za-z]+", text):
        is_roman = len(shape) > 1 and words.ROMAN.fullmatch(shape.lower()) and shape.lower() not in words.NOT_ROMAN
        if is_roman or _DIGIT_LIKE.fullmatch(shape):
            yield Fault("number", shape)
    pairs = [one + other for one, other in itertools.pairwise(tokens)]
    yield from (Fault("number", word) for word in tokens if _is_number(word))
    for word, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if word in ("second", "third") and following not in ("target", "objective", "goal"):
            yield Fault("number", word)
    yield from (Fault("number", word) for word in pairs if word in words.CARDINALS and len(word) > 3)


def _is_number(word: str) -> bool:
    if word in words.NUMBERS or word in words.FOREIGN_NUMBERS or words.FOREIGN_ROOTS.search(word):
        return True
    if words.COMPOUND.fullmatch(word) or words.STARTS_WITH_TENS.fullmatch(word):
        return True
    return word not in words.NEAR_BUT_OTHER and any(_is_near(word, number) for number in words.SPELT)


def _is_near(word: str, other: str) -> bool:
    """One letter too many, too few, wrong, or two swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    short, long = sorted((word, other), key=len)
    start = next((at for at, (one, two) in enumerate(zip(short, long, strict=False)) if one != two), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[:start] + short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long


def _promises(tokens: list[str], spoken: str) -> Iterator[str]:
    joined = [one + other for one, other in itertools.pairwise(tokens)]
    for word in tokens:
        if word in words.PROMISES or words.PROMISE_ROOTS.search(word):
            yield word
    yield from (word for word in joined if words.PROMISE_ROOTS.search(word))
    if found := words.PROMISE_PHRASES.search(spoken):
        yield found[0]
