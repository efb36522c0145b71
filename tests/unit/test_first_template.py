"""The first template and its colours: readable whatever the logo is, a valid document, drawn without a warning."""

import io
import random

import pytest
from PIL import Image

from promostack.onboarding import contrast, first_template
from promostack.onboarding.first_template import Colours, ColoursRefused
from promostack.rendering.palette import main_colours
from promostack.templates.document import parse_document


def png(*colours: tuple[int, int, int, int]) -> bytes:
    """A logo of equal stripes."""
    image = Image.new("RGBA", (60 * len(colours), 60))
    for number, colour in enumerate(colours):
        image.paste(colour, (60 * number, 0, 60 * number + 60, 60))
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def test_contrast_is_what_wcag_says() -> None:
    assert contrast.ratio("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast.ratio("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)
    assert contrast.ratio("#123456", "#123456") == 1


def test_the_colours_of_a_logo_come_by_how_much_of_it_they_are() -> None:
    red, blue, clear = (200, 16, 32, 255), (16, 32, 200, 255), (0, 255, 0, 0)
    assert main_colours(png(red, red, blue, clear))[:2] == ["#C81020", "#1020C8"]
    assert main_colours(png(clear)) == []


@pytest.mark.parametrize("seed", range(40))
def test_every_palette_can_be_read(seed: int) -> None:
    """Also those of logos in one colour, in greys, and in colours next to each other."""
    chance = random.Random(seed)
    base = chance.randrange(256)
    found = [
        "#{:02X}{:02X}{:02X}".format(*(min(255, base + chance.randrange(1 + 6 * seed)) for _ in range(3)))
        for _ in range(chance.randrange(9))
    ]
    made = first_template.palettes(found)
    assert 3 <= len(made) <= 4
    for colours in made:
        assert contrast.ratio(colours.accent, colours.background) >= contrast.LEAST
        first_template.check(colours)


def test_unreadable_colours_are_refused_with_the_ratio() -> None:
    with pytest.raises(ColoursRefused, match=r"reaches 1\.1:1") as refused:
        first_template.document("Ada", Colours("#FFFFFF", "#F5F5F5"))
    assert set(refused.value.fields or {}) == {"accent"}


@pytest.mark.parametrize("name", ["A", "Golden Hour", "متجر الذهب", "A name that is longer than most " * 3])
def test_the_document_is_valid_and_every_text_on_it_can_be_read(name: str) -> None:
    made = first_template.document(name, Colours("#0B1739", "#8B7BFF"))
    parsed = parse_document(made)
    assert set(parsed.formats) == {"square", "story", "feed"}
    for shape in made["formats"].values():
        inks = {layer["id"]: layer["fill"] for layer in shape["layers"] if layer["type"] == "text"}
        assert contrast.ratio(inks["headline"], "#0B1739") >= contrast.LEAST
        assert contrast.ratio(inks["code"], "#8B7BFF") >= contrast.LEAST
