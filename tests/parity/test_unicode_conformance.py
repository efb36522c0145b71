"""Both sides against Unicode's own test files, version 15.0.0: every sample alike, and right but for one table."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page
from uniseg.linebreak import line_break_boundaries

from promostack.rendering import unicode
from tests.parity import unicode_files
from tests.parity.line_break_exceptions import TEXTS
from tests.parity.unicode_files import Levels

BRIEFLY = 60
LEAST_PER_CENT = 99.9


def test_the_files_are_of_the_stated_version() -> None:
    folder = unicode_files.UNICODE_DATA
    names = ("BidiTest", "BidiCharacterTest", "auxiliary/LineBreakTest", "auxiliary/GraphemeBreakTest")
    heads = {name: (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0] for name in names}

    wanted = {name: f"# {name.split('/')[-1]}-{unicode_files.VERSION}.txt" for name in names}
    assert heads == wanted


def test_line_breaks_are_unicodes_but_for_the_table(page: Page) -> None:
    samples = list(unicode_files.segments("LineBreakTest.txt"))
    texts = [text for text, _ in samples]
    drawn = _without_start(page.evaluate("texts => parity.breaks(texts)", texts))
    served = _without_start(line_break_boundaries(text) for text in texts)

    assert drawn == served
    assert len(samples) > 7000
    assert {text for (text, places), found in zip(samples, served, strict=True) if found != places} == TEXTS
    assert 100 * len(TEXTS) / len(samples) < 0.5


def test_graphemes_are_unicodes(page: Page) -> None:
    samples = list(unicode_files.segments("GraphemeBreakTest.txt"))
    texts = [text for text, _ in samples]
    drawn = _without_start(page.evaluate("texts => parity.graphemes(texts)", texts))

    assert drawn == [list(unicode.graphemes(text)) for text in texts]
    assert len(samples) > 600
    assert drawn == [places for _, places in samples]


def test_levels_are_unicodes(page: Page) -> None:
    samples = [*unicode_files.bidi(BRIEFLY), *unicode_files.bidi_characters(BRIEFLY)]

    assert len(samples) > 5000
    assert _wrong(page, samples) == []


@pytest.mark.long
def test_all_levels_are_unicodes(page: Page) -> None:
    samples = [*unicode_files.bidi(1), *unicode_files.bidi_characters(1)]

    assert len(samples) > 300_000
    assert len(_wrong(page, samples)) <= len(samples) * (1 - LEAST_PER_CENT / 100)


def _wrong(page: Page, samples: list[Levels]) -> list[str]:
    """Texts whose levels are not Unicode's; raises where the two sides differ."""
    wrong, apart = [], []
    for start in range(0, len(samples), 20_000):
        part = samples[start : start + 20_000]
        drawn = page.evaluate("texts => parity.levels(texts)", [sample.text for sample in part])
        for sample, found in zip(part, drawn, strict=True):
            served = list(unicode.levels(sample.text))
            if sample.agrees(found) != sample.agrees(served):
                apart.append(sample.text)
            elif not sample.agrees(served):
                wrong.append(sample.text)
    assert apart == []
    return wrong


def _without_start(found: Iterable[Iterable[int]]) -> list[list[int]]:
    return [[place for place in places if place] for places in found]
