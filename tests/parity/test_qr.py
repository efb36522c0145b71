"""The browser's QR codes are the server's, module by module."""

import random

from playwright.sync_api import Page

from promostack.rendering.qr import matrix

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789-_"


def test_matrices_are_the_servers(page: Page) -> None:
    rng = random.Random(3)
    link = "https://prop.funderpro.com/buy-challenge/?promo="
    texts = [link + "".join(rng.choices(ALPHABET, k=rng.randint(1, 64))) for _ in range(40)]
    texts += ["A", "HELLO WORLD", "12345", "夏セール", "é" * 60, "x" * 300]
    pairs = [[text, level] for text in texts for level in "lmqh"]

    found = page.evaluate("pairs => parity.qr(pairs)", pairs)

    expected = ["\n".join("".join(map(str, row)) for row in matrix(text, level)) for text, level in pairs]
    assert [pair for pair, one, other in zip(pairs, found, expected, strict=True) if one != other] == []
