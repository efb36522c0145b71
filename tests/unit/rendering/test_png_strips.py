"""Strips of a PNG: whatever changes between two pictures, the second file shows the second picture."""

import io
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from promostack.rendering import png

PLACES = st.sampled_from([0, 64, 128, 192]) | st.integers(-9, 310)


def noise(mode, size, seed):
    rng = random.Random(seed)
    return Image.frombytes(mode, size, rng.randbytes(size[0] * size[1] * len(mode)))


def shown(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@settings(max_examples=60, deadline=None)
@given(
    mode=st.sampled_from(["RGB", "RGBA"]),
    width=st.integers(1, 40),
    height=st.integers(1, 300),
    # Where a strip ends, the next one begins with differences from a row that changed.
    rows=st.lists(st.tuples(PLACES, PLACES), max_size=3),
    seed=st.integers(0, 9),
)
def test_what_is_kept_never_shows_what_is_over(mode, width, height, rows, seed):
    first, other = noise(mode, (width, height), seed), noise(mode, (width, height), seed + 100)
    second, kept = first.copy(), png.KeptStrips()
    for top, bottom in rows:
        if (box := (0, max(0, top), width, min(height, bottom)))[3] > box[1]:
            second.paste(other.crop(box), box[:2])
    assert shown(png.encode(first, [(kept, rows)])).tobytes() == first.tobytes()
    again = png.encode(second, [(kept, rows)])
    assert shown(again).tobytes() == second.tobytes()
    assert again == png.encode(second, [(png.KeptStrips(), rows)])


def test_static_strips_are_deflated_once(monkeypatch):
    image, kept, done = noise("RGB", (30, 400), 1), png.KeptStrips(), []
    deflate = png._deflate
    monkeypatch.setattr(png, "_deflate", lambda image, top, level: done.append(top) or deflate(image, top, level))
    for _ in range(2):
        png.encode(image, [(kept, [(130, 140)])])
    assert done == [0, 64, 128, 192, 256, 320, 384, 128]


def test_a_checksum_is_put_together_as_zlib_does():
    for size in (0, 1, 65_521, 300_000):
        a, b = b"\xff" * 70_000, bytes(range(256)) * (size // 256 + 1)
        assert png._joined(zlib.adler32(a), zlib.adler32(b[:size]), size) == zlib.adler32(a + b[:size])


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_file_says_that_it_is_srgb(mode):
    assert shown(png.encode(noise(mode, (9, 9), 2))).info["srgb"] == 0
