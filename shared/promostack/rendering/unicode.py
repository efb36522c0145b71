"""What Unicode says of a text: graphemes, bidi levels, scripts and line-break opportunities (decision 0004, §3 and §4).

Libraries are imported when a text needs them: plain Latin on one line needs none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TRIM = "\u0020\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000\u200b"
# Left to right, one grapheme a character: no marks, joiners, controls or right-to-left letters in these ranges.
_PLAIN = re.compile(r"[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e]*")
_LEVELS = re.compile(r"levels: \[(.*?)\],\n    paragraphs", re.DOTALL)
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_HYPHENS = "-\u2010"
_NO_SCRIPT = frozenset({"Zyyy", "Zinh", "Zzzz", "", None})


def is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def is_ignorable(char: str) -> bool:
    """Default_Ignorable_Code_Point: fonts need no glyph for it."""
    return _IGNORABLE.match(char) is not None


@lru_cache(maxsize=512)
def graphemes(text: str) -> tuple[int, ...]:
    """Ends of the extended grapheme clusters (UAX #29)."""
    if is_plain(text):
        return tuple(range(1, len(text) + 1))
    from uniseg.graphemecluster import grapheme_cluster_boundaries

    return tuple(end for end in grapheme_cluster_boundaries(text) if end)


@lru_cache(maxsize=512)
def levels(paragraph: str) -> tuple[int, ...]:
    """UAX #9 embedding level of each character, with the paragraph's own direction."""
    if is_plain(paragraph):
        return (0,) * len(paragraph)
    from bidi import get_display

    # The library's result is only the reordered text; its debug form lists the level of each UTF-8 byte.
    shown = _LEVELS.search(get_display(paragraph, debug=True))
    assert shown is not None
    of_bytes = [int(level) for level in re.findall(r"\d+", shown[1])]
    result, byte = [], 0
    for char in paragraph:
        result.append(of_bytes[byte])
        byte += len(char.encode())
    return tuple(result)


@lru_cache(maxsize=512)
def scripts(paragraph: str) -> tuple[str, ...]:
    """ISO 15924 script of each character; those without one take their neighbour's."""
    own = [_script(char) for char in paragraph]
    current = next((script for script in own if script not in _NO_SCRIPT), "Latn")
    result = []
    for script in own:
        if script not in _NO_SCRIPT:
            current = script
        result.append(current)
    return tuple(result)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if char.isascii():
        return "Latn" if char.isalpha() else "Zyyy"
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(char)
    buffer.guess_segment_properties()
    return buffer.script or "Zyyy"


def wants_emoji(grapheme: str) -> bool:
    """U+FE0F asks for colour, U+FE0E refuses it; else the first character's own presentation decides."""
    if grapheme < "\u203c" and "\ufe0f" not in grapheme:
        return False
    if "\ufe0f" in grapheme:
        return True
    from uniseg.emoji import emoji_presentation

    return bool(emoji_presentation(grapheme[0])) and "\ufe0e" not in grapheme


@lru_cache(maxsize=512)
def opportunities(paragraph: str) -> tuple[int, ...]:
    """Places strictly inside the paragraph where a line may end, by UAX #14 as tailored in decision 0004, §4."""
    from uniseg.linebreak import line_break_boundaries

    quotes_made_plain = "".join('"' if unicodedata.category(c) in ("Pi", "Pf") else c for c in paragraph)
    ends = frozenset(graphemes(paragraph))
    return tuple(
        place
        for place in line_break_boundaries(quotes_made_plain)
        if 0 < place < len(paragraph) and place in ends and _may_break(paragraph, place)
    )


def _may_break(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if before == " ":
        return _may_break_after_space(text, place)
    earlier = text[place - 2] if place > 1 else ""
    if before == "\u200d" or (before in ".,:;" and unicodedata.category(after) == "Nd"):
        return False
    if before in _HYPHENS and (not earlier or unicodedata.category(earlier)[0] == "Z"):
        return False
    return not (before in "-\u2010\u2013" and "\u05d0" <= earlier <= "\u05f2")


def _may_break_after_space(text: str, place: int) -> bool:
    last = text[:place].rstrip(" ")[-1:]
    category = unicodedata.category(last) if last else ""
    after = text[place]
    kind = unicodedata.category(after)
    if category == "Pi" or after in ".,:;":
        return False
    if kind == "Ps" and (category == "Pf" or (last and last in "\"'")):
        return False
    following = text[place + 1 : place + 2]
    return not (kind == "Pf" and (not following or unicodedata.category(following)[0] in "PZ"))
