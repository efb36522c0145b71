"""Which fonts the product bundles, where each comes from and what is kept of it.

Slices of one family that were split for the web lose the kerning between them, so a family that needs several scripts
comes from a package with the whole font; a family that needs one script comes from that script's slice. The two
East Asian families exist only as about 120 slices each and have no kerning between ideographs: they are joined.
"""

from __future__ import annotations

from dataclasses import dataclass

LATIN = ((0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x192, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC))
LATIN += (
    (0x1E6, 0x1E7),
    (0x1FA, 0x21B),
    (0x237, 0x237),
    (0x259, 0x259),
    (0x2B9, 0x2DD),
    (0x300, 0x30C),
    (0x31B, 0x331),
)
LATIN += ((0x1E80, 0x1E85), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9))
CYRILLIC = ((0x400, 0x45F), (0x462, 0x463), (0x472, 0x475), (0x48A, 0x4FF))
GREEK = ((0x370, 0x3FF),)
SIGNS = ((0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20C0), (0x2100, 0x214F), (0x2150, 0x215F), (0x2190, 0x2199))
SIGNS += ((0x2202, 0x2265), (0x25A0, 0x25CF), (0x2605, 0x2606), (0x2713, 0x2717), (0xFB01, 0xFB02), (0xFFFD, 0xFFFD))


@dataclass(frozen=True)
class FontSource:
    """One bundled family. `files` are paths inside `package`; a pattern with `*` means "join these slices"."""

    family: str
    name: str  # stem of the file in shared/assets/fonts
    package: str
    files: str
    licence: str  # path of the licence inside the package
    copyright: str
    scripts: tuple[str, ...]  # ISO 15924
    ranges: tuple[tuple[int, int], ...] | None = None  # code points to keep; None keeps all
    charset: str | None = None  # a documented repertoire instead of ranges, see build_fonts.repertoire
    pinned: tuple[tuple[str, float], ...] = ()  # variation axes fixed at a value
    weight: int | None = None  # of a file without a weight axis
    without: tuple[str, ...] = ()  # OpenType features left out


WESTERN = LATIN + CYRILLIC + GREEK + SIGNS

SOURCES = (
    # Optical size 28 of 14–32: promo texts are display sizes, yet notes at 28 px must stay open.
    FontSource(
        "Inter",
        "inter",
        "inter-ui",
        "variable/InterVariable.woff2",
        "LICENSE.txt",
        "2016 The Inter Project Authors",
        ("Latn", "Cyrl", "Grek"),
        WESTERN,
        pinned=(("opsz", 28),),
    ),
    FontSource(
        "Anton",
        "anton",
        "@expo-google-fonts/anton",
        "400Regular/Anton_400Regular.ttf",
        "LICENSE_FONT",
        "2020 The Anton Project Authors",
        ("Latn",),
        WESTERN,
        weight=400,
    ),
    FontSource(
        "Oswald",
        "oswald-700",
        "@expo-google-fonts/oswald",
        "700Bold/Oswald_700Bold.ttf",
        "LICENSE_FONT",
        "2016 The Oswald Project Authors",
        ("Latn", "Cyrl"),
        WESTERN,
        weight=700,
    ),
    FontSource(
        "Unbounded",
        "unbounded-800",
        "@expo-google-fonts/unbounded",
        "800ExtraBold/Unbounded_800ExtraBold.ttf",
        "LICENSE_FONT",
        "2022 The Unbounded Project Authors",
        ("Latn", "Cyrl"),
        WESTERN,
        weight=800,
    ),
    FontSource(
        "Noto Serif Display",
        "noto-serif-display-600",
        "@expo-google-fonts/noto-serif-display",
        "600SemiBold/NotoSerifDisplay_600SemiBold.ttf",
        "LICENSE_FONT",
        "2012 Google Inc.",
        ("Latn", "Cyrl", "Grek"),
        WESTERN,
        weight=600,
    ),
    # Codes are ASCII; contextual ligatures would join the dashes of "A--B".
    FontSource(
        "JetBrains Mono",
        "jetbrains-mono",
        "@fontsource-variable/jetbrains-mono",
        "files/jetbrains-mono-latin-wght-normal.woff2",
        "LICENSE",
        "2020 The JetBrains Mono Project Authors",
        ("Latn",),
        without=("calt",),
    ),
    FontSource(
        "Noto Sans Arabic",
        "noto-sans-arabic",
        "@fontsource-variable/noto-sans-arabic",
        "files/noto-sans-arabic-arabic-wght-normal.woff2",
        "LICENSE",
        "2022 The Noto Project Authors",
        ("Arab",),
        (
            (0x20, 0x20),
            (0xA0, 0xA0),
            (0x600, 0x6FF),
            (0x750, 0x77F),
            (0x8A0, 0x8FF),
            (0x200B, 0x200F),
            (0x2010, 0x2011),
            (0x25CC, 0x25CC),
            (0xFB50, 0xFDFF),
            (0xFE70, 0xFEFC),
        ),
    ),
    FontSource(
        "Noto Sans Hebrew",
        "noto-sans-hebrew",
        "@fontsource-variable/noto-sans-hebrew",
        "files/noto-sans-hebrew-hebrew-wght-normal.woff2",
        "LICENSE",
        "2024 The Noto Project Authors",
        ("Hebr",),
    ),
    FontSource(
        "Noto Sans Devanagari",
        "noto-sans-devanagari",
        "@fontsource-variable/noto-sans-devanagari",
        "files/noto-sans-devanagari-devanagari-wght-normal.woff2",
        "LICENSE",
        "2022 The Noto Project Authors",
        ("Deva",),
    ),
    FontSource(
        "Noto Sans Thai",
        "noto-sans-thai",
        "@fontsource-variable/noto-sans-thai",
        "files/noto-sans-thai-thai-wght-normal.woff2",
        "LICENSE",
        "2022 The Noto Project Authors",
        ("Thai",),
    ),
    FontSource(
        "Noto Sans JP",
        "noto-sans-jp",
        "@fontsource-variable/noto-sans-jp",
        "files/noto-sans-jp-*-wght-normal.woff2",
        "LICENSE",
        "2014-2021 Adobe",
        ("Jpan",),
        charset="japanese",
    ),
    FontSource(
        "Noto Sans SC",
        "noto-sans-sc",
        "@fontsource-variable/noto-sans-sc",
        "files/noto-sans-sc-*-wght-normal.woff2",
        "LICENSE",
        "2014-2021 Adobe",
        ("Hans",),
        charset="simplified-chinese",
    ),
    # Whole: its 3 700 pictures need their substitutions to join families, flags and skin tones.
    FontSource(
        "Noto Color Emoji",
        "noto-color-emoji",
        "@expo-google-fonts/noto-color-emoji",
        "400Regular/NotoColorEmoji_400Regular.ttf",
        "LICENSE_FONT",
        "2021 Google Inc.",
        ("Zsye",),
        weight=400,
    ),
)

# Order in which a renderer looks for a character that the chosen family lacks.
FALLBACK = (
    "Inter",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans JP",
    "Noto Sans SC",
    "Noto Color Emoji",
)
