"""What is asked of Unicode libraries, and the breaks that decision 0004 takes away."""

import itertools

import pytest

from promostack.rendering.unicode import graphemes, levels, opportunities, scripts, wants_emoji


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Get 30% off", ["Get ", "30% ", "off"]),
        ("WELCOME-HOME", ["WELCOME-", "HOME"]),
        ("a -b -5", ["a ", "-b ", "-5"]),
        ("see « now » ok", ["see ", "« now » ", "ok"]),
        ("He said \u201chello you\u201d then", ["He ", "said ", "\u201chello ", "you\u201d ", "then"]),
        ("only .50 now", ["only .50 ", "now"]),
        ("夏セール", ["夏", "セー", "ル"]),
        ("ลดราคา ฤดูร้อน", ["ลดราคา ", "ฤดูร้อน"]),
        ("👨\u200d👩\u200d👧 x", ["👨\u200d👩\u200d👧 ", "x"]),
        ("one\u00a0two", ["one\u00a0two"]),
        ("one\u200btwo", ["one\u200b", "two"]),
    ],
)
def test_lines_may_end_here(text, lines):
    places = [0, *opportunities(text), len(text)]
    assert [text[a:b] for a, b in itertools.pairwise(places)] == lines


def test_graphemes_are_not_cut():
    assert graphemes("é🇩🇪क्षि") == (1, 3, 7)
    assert graphemes("e\u0301x") == (2, 3)


def test_levels_follow_the_paragraph():
    assert levels("abc") == (0, 0, 0)
    assert levels("אב 12") == (1, 1, 1, 2, 2)
    assert levels("x 👍 אב") == (0, 0, 0, 0, 1, 1)


def test_characters_without_a_script_take_their_neighbours():
    assert scripts("12 ab") == ("Latn",) * 5
    assert scripts("خصم 5") == ("Arab",) * 5
    assert scripts("!?") == ("Latn",) * 2


def test_colour_is_asked_for_by_presentation():
    assert [wants_emoji(text) for text in ("1", "❤", "❤\ufe0f", "😀", "😀\ufe0e", "é")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
