"""The browser's Unicode answers are the server's: breaks, graphemes, levels, scripts."""

import random
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from uniseg.graphemecluster import grapheme_cluster_boundaries
from uniseg.linebreak import line_break_boundaries

from promostack.rendering import unicode
from tests.parity import make_unicode_table

UNICODE_DATA = Path("/usr/share/unicode")


def texts_of(name: str) -> list[str]:
    """The samples of one of Unicode's own test files (Debian: unicode-data)."""
    texts = []
    for line in (UNICODE_DATA / "auxiliary" / name).read_text(encoding="utf-8").splitlines():
        codes = line.split("#")[0].replace("÷", " ").replace("×", " ").split()
        if codes and not any(0xD800 <= int(code, 16) <= 0xDFFF for code in codes):
            texts.append("".join(chr(int(code, 16)) for code in codes))
    return texts


@pytest.fixture(scope="module")
def random_texts() -> list[str]:
    """Strings over characters of every combination of properties."""
    rng = random.Random(14)
    by_properties = defaultdict(list)
    for code in range(0x20, 0x20000, 3):
        if not 0xD800 <= code <= 0xDFFF:
            by_properties[make_unicode_table.properties(chr(code))].append(chr(code))
    kinds = list(by_properties.values())
    return ["".join(rng.choice(rng.choice(kinds)) for _ in range(rng.randint(1, 9))) for _ in range(3000)]


@pytest.fixture(scope="module")
def texts(cases: list[dict[str, Any]], random_texts: list[str]) -> list[str]:
    written = [case["layer"]["text"] for case in cases if "text" in case["layer"]]
    return [*written, *texts_of("LineBreakTest.txt")[::4], *texts_of("GraphemeBreakTest.txt"), *random_texts]


def test_line_breaks_are_the_servers(page: Page, texts: list[str]) -> None:
    found = page.evaluate("texts => parity.breaks(texts)", texts)

    assert [t for t, ends in zip(texts, found, strict=True) if ends != list(line_break_boundaries(t))] == []


def test_graphemes_are_the_servers(page: Page, texts: list[str]) -> None:
    found = page.evaluate("texts => parity.graphemes(texts)", texts)

    assert [t for t, ends in zip(texts, found, strict=True) if ends != list(grapheme_cluster_boundaries(t))] == []


def test_levels_and_scripts_are_the_servers(page: Page, cases: list[dict[str, Any]]) -> None:
    rng = random.Random(9)
    letters = "aб אבגد خم٢٠12 .,-%()[]«»\"'$€+/!?🎉夏ก"
    texts = [case["layer"]["text"] for case in cases if "text" in case["layer"]]
    texts += ["".join(rng.choice(letters) for _ in range(rng.randint(2, 24))).strip() or "a" for _ in range(1500)]

    found = page.evaluate("texts => parity.analysis(texts)", texts)

    expected = [{"levels": list(unicode.levels(text)), "scripts": list(unicode.scripts(text))} for text in texts]
    assert [t for t, one, other in zip(texts, found, expected, strict=True) if one != other] == []


def test_opportunities_are_the_servers(page: Page, texts: list[str]) -> None:
    clean = [text for text in texts if not any(unicodedata.category(char) == "Cc" for char in text)]

    found = page.evaluate("texts => parity.opportunities(texts)", clean)

    assert [t for t, one in zip(clean, found, strict=True) if one != list(unicode.opportunities(t))] == []


def test_the_table_is_that_of_the_libraries_in_use() -> None:
    assert make_unicode_table.TABLE.read_text(encoding="utf-8") == make_unicode_table.table()
