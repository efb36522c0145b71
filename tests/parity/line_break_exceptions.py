"""Where both sides answer otherwise than Unicode 15.0.0's LineBreakTest: they follow the rules of Unicode 16.

One table for both: the library on the server is the port's model in the browser.
"""

EXCEPTIONS = {
    "LB15a, LB15b: quotation marks next to spaces, instead of LB15": (
        '"\u0020\u2329',
        '"\u0308\u0020\u2329',
        '"\u0020(',
        '"\u0308\u0020(',
        "ambigu(\u00ab\u0020\u0308\u0020\u00bb)(e\u0308)",
        "ambigu\u00ab\u0020(\u0020\u0308\u0020)\u0020\u00bb(e\u0308)",
        "ambigu{\u00ab\u0020\u0308\u0020\u00bb}(e\u0308)",
        "ambigu\u00ab\u0020{\u0020\u0308\u0020}\u0020\u00bb(e\u0308)",
    ),
    "LB15c: a break before a decimal mark that follows a space": ("equals\u0020.35\u0020cents",),
    "LB20a: no break after a hyphen at a word's start": (
        "-#",
        "-\u0308#",
        "-\u00a7",
        "-\u0308\u00a7",
        "-\U00050005",
        "-\u0308\U00050005",
        "-\u0e01",
        "-\u0308\u0e01",
    ),
    "LB21a: a hyphen between Hebrew letters": ("\u05d0-\u05d0",),
    "LB25: no break between a decimal mark and a digit": (
        ",0",
        ",\u03080",
        "a.2\u0020",
        "a.2\u0020\u0915",
        "a.2\u0020\u672c",
        "a.2\u3000\u672c",
        "a.2\u3000\u307e",
        "a.2\u30003",
        "A.1\u0020\ubabb",
        "\ubd24\uc5b4.\u0020A.2\u0020\ubcfc",
        "\ubd10\uc694.\u0020A.3\u0020\ubabb",
        "\uc694.\u0020A.4\u0020\ubabb",
        "a.2\u3000\u300c",
    ),
}
TEXTS = frozenset(text for texts in EXCEPTIONS.values() for text in texts)
