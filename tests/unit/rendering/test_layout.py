"""Layouts of real fonts: nothing leaves the box, whatever the text, and the rules of decision 0004 hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promostack.rendering.fonts import bundled
from promostack.rendering.layout import lay_out, lay_out_alone, room_for_text
from promostack.rendering.layout_dump import dump, layout_dump
from tests.unit.rendering.builders import CODES, HEADLINES, text_data, text_layer

TEXTS = st.one_of(
    st.text(
        st.sampled_from("ABCxyz 0189-.,!?%€«»“”()\n٢٠خصמבצקשע夏セールกิ่ग्रीष्म👩‍👧❤️Ещё\u200b\u00a0\u202e\u0301\ufe0f"),
        max_size=60,
    ),
    st.sampled_from([*HEADLINES.values(), *CODES]),
)


def lay(text, **changes):
    return lay_out_alone(text_layer(**changes), {"headline": text}, bundled())


def overhang(layer, layout):
    """Pixels by which ink leaves the room for text, from the glyphs' own extents."""
    room = room_for_text(layer)
    worst = 0.0
    for line in layout.lines:
        for glyph in line.line.glyphs:
            ink = glyph.font.extents(glyph.id)
            if ink is None:
                continue
            left, right, top, bottom = (value / glyph.font.units * layout.size for value in ink)
            x, y = line.x + glyph.x * layout.size, line.baseline - glyph.y * layout.size
            worst = max(worst, room.x - x - left, x + right - room.x - room.width)
            worst = max(worst, room.y - (y - top), y - bottom - room.y - room.height)
    return worst


@settings(max_examples=150, deadline=None)
@given(
    text=TEXTS,
    width=st.floats(8, 1000),
    height=st.floats(8, 500),
    lines=st.integers(1, 4),
    line_height=st.sampled_from([0.8, 1.0, 1.15]),
    spacing=st.sampled_from([0, 0.08]),
    family=st.sampled_from(["Inter", "Anton", "Noto Serif Display"]),
    stroke=st.sampled_from([None, {"color": "#000", "width": 7}]),
    overflow=st.sampled_from(["shrink", "ellipsis"]),
    valign=st.sampled_from(["top", "middle", "bottom"]),
    align=st.sampled_from(["left", "center", "right"]),
)
def test_ink_never_leaves_the_box(text, family, spacing, **changes):
    changes |= {"font": {"family": family, "weight": 700}, "letter_spacing": spacing}
    layer = text_layer(**changes)
    layout = lay_out_alone(layer, {"headline": text}, bundled())
    assert len(layout.lines) <= layer.lines
    assert overhang(layer, layout) < 1e-4


@pytest.mark.parametrize("script", HEADLINES)
def test_every_script_fits_without_missing_glyphs(script):
    layout = lay(HEADLINES[script])
    assert layout.outcome == "fits"
    assert layout.missing == ()
    assert all(glyph.id for line in layout.lines for glyph in line.line.glyphs)


def test_the_same_text_gives_the_same_layout():
    assert dump(lay(HEADLINES["arabic"])) == dump(lay(HEADLINES["arabic"]))


def test_a_size_step_more_would_not_fit():
    layout = lay("WELCOME-30", lines=1, max_size=2000)
    widest = max(line.line.width for line in layout.lines)
    assert widest * layout.size <= 900 + 1e-6
    assert widest * (layout.size + 0.25) > 900


def test_right_to_left_text_is_set_from_the_right():
    glyphs = lay("אב", lines=1).lines[0].line.glyphs
    first_letter = glyphs[0].font.hb.get_nominal_glyph(ord("א"))
    assert [glyph.id for glyph in glyphs].index(first_letter) == len(glyphs) - 1


def test_numbers_inside_right_to_left_text_keep_their_order():
    line = lay("קוד 123 כאן", lines=1).lines[0].line
    font = next(glyph.font for glyph in line.glyphs if glyph.font.family == "Inter")
    digits = [font.hb.get_nominal_glyph(ord(digit)) for digit in "123"]
    assert [glyph.id for glyph in line.glyphs if glyph.id in digits and glyph.font is font] == digits


def test_items_of_mixed_direction_are_ordered_as_they_are_read():
    line = lay("קוד 123 כאן", lines=1).lines[0].line
    letter = {char: font.get_nominal_glyph(ord(char)) for font in [line.glyphs[0].font.hb] for char in "קכ"}
    places = {glyph.id: glyph.x for glyph in line.glyphs if glyph.font is line.glyphs[0].font}
    digits = [glyph.x for glyph in line.glyphs if glyph.font.family == "Inter"]
    assert places[letter["כ"]] < min(digits)
    assert max(digits) < places[letter["ק"]]


def test_a_word_is_split_only_when_it_does_not_fit_at_min_size():
    word = "Donaudampfschifffahrtsgesellschaft"
    assert len(lay(word, width=500, min_size=12).lines) == 1
    split = lay(word, width=300, min_size=24)
    assert split.outcome == "emergency"
    assert "".join(line.text for line in split.lines) == word


def test_ellipsis_keeps_the_longest_beginning_that_fits():
    text = "Everything half price until the end of the summer and then some more"
    layout = lay(text, width=420, height=200, min_size=60, overflow="ellipsis")
    shown = " ".join(line.text for line in layout.lines)
    assert layout.outcome == "ellipsis"
    assert layout.size == 60
    assert shown.endswith("…")
    assert text.startswith(shown.rstrip("…"))
    longer = text[: len(shown) + 8].rstrip() + "…"
    assert lay(longer, width=420, height=200, min_size=60, overflow="ellipsis").outcome == "ellipsis"


def test_shrinking_goes_below_min_size_and_says_so():
    layout = lay("A rather long headline for so small a box", width=200, height=40, min_size=40, lines=1)
    assert layout.outcome == "shrunk"
    assert layout.size < 40


def test_a_character_without_a_glyph_is_reported_and_not_drawn():
    layout = lay("A\U0001342eB")
    assert layout.missing == ("\U0001342e",)
    assert [glyph.id for glyph in layout.lines[0].line.glyphs].count(0) == 1


def test_a_family_of_emoji_is_one_glyph():
    assert len(lay("👨‍👩‍👧‍👦", lines=1).lines[0].line.glyphs) == 1


def test_more_paragraphs_than_lines_are_joined():
    assert [line.text for line in lay("one\ntwo\nthree", lines=2).lines] == ["one two three"]


def test_paragraphs_are_kept_apart():
    assert [line.text for line in lay("one\ntwo three", lines=2).lines] == ["one", "two three"]


def test_nothing_but_blanks_is_nothing():
    assert lay(" \u200b\n ").outcome == "nothing"


def test_a_size_group_has_one_size():
    layers = [
        text_layer(id="a", text="Short", size_group="g"),
        text_layer(id="b", text="Something much longer than that", size_group="g"),
        text_layer(id="c", text="Short"),
    ]
    found = lay_out(layers, {}, bundled())
    assert found["a"].size == found["b"].size < found["c"].size


def test_letter_spacing_stands_between_letters_only():
    plain, spaced = lay("AB", lines=1).lines[0].line, lay("AB", lines=1, letter_spacing=0.5).lines[0].line
    assert spaced.advance == pytest.approx(plain.advance + 0.5)


def test_joined_letters_are_not_torn_apart():
    plain, spaced = lay("سلام", lines=1).lines[0].line, lay("سلام", lines=1, letter_spacing=0.5).lines[0].line
    assert spaced.advance == plain.advance


def test_spans_change_the_weight_inside_a_line():
    spans = [{"text": "Now "}, {"text": "{headline}", "font": {"family": "Inter", "weight": 300}}]
    data = {**text_data(), "spans": spans, "text": ""}
    weights = {
        glyph.font.weight
        for line in lay_out_alone(text_layer(**data), {"headline": "half"}, bundled()).lines
        for glyph in line.line.glyphs
    }
    assert weights == {800, 300}


def test_the_dump_holds_what_the_browser_must_match():
    shown = layout_dump(text_data(), {"headline": "Hello"})
    assert shown["outcome"] == "fits"
    assert shown["lines"][0]["text"] == "Hello"
    assert len(shown["lines"][0]["glyphs"]) == 5
