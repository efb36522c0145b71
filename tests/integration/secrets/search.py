"""Looks for secrets in what the product said and stored: as they are, encoded, and any part of twelve characters."""

import base64
from collections.abc import Iterator, Mapping
from urllib.parse import quote

# Of a shorter part nobody could tell whether it is the secret's.
LEAST_PART = 12


def find(places: Mapping[str, bytes], canaries: Mapping[str, str]) -> list[tuple[str, str]]:
    """(place, name of the secret) for each that holds a secret or a part of it."""
    wanted = {name: set(parts(secret)) for name, secret in canaries.items()}
    return [
        (place, name)
        for place, text in places.items()
        for name, of_secret in wanted.items()
        if any(part in text for part in of_secret)
    ]


def parts(secret: str) -> Iterator[bytes]:
    """Every part of twelve characters, in the clear and in each encoding that something might put on it."""
    plain = secret.encode()
    assert len(plain) >= LEAST_PART
    yield from _windows(plain, LEAST_PART)
    yield from _windows(quote(secret, safe="").encode(), LEAST_PART)
    for text in (plain.hex(), plain.hex().upper()):
        yield from _windows(text.encode(), 2 * LEAST_PART)
    for shift in range(3):  # where in a longer text the secret begins decides how base64 cuts it
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(shift) + plain).rstrip(b"=")
            # The first characters also carry what stands before, the last what follows.
            yield from _windows(whole[4 if shift else 0 : -2], LEAST_PART * 4 // 3 - 2)


def _windows(text: bytes, length: int) -> Iterator[bytes]:
    for start in range(max(1, len(text) - length + 1)):
        yield text[start : start + length]
