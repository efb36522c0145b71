"""Text from outside: what can be kept at all, and the coupon code as the product writes it."""

import re
import unicodedata

from promostack.core.errors import Unprocessable

MAX_CODE_LENGTH = 64
_NOT_ALLOWED = re.compile(r"[^A-Z0-9\-_]")
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]+@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.I)
# Bidi controls are category Cf like ZWJ; they get their own error because they make a code look like another one.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class InvalidCode(Unprocessable):
    """The text cannot be a coupon code."""

    code = "invalid_code"

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"code": message})


def is_keepable(text: str) -> bool:
    """False for control and half characters: nobody types them, and Postgres takes neither NUL nor halves."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


def is_email(text: str) -> bool:
    """True for one bare address with a domain, of RFC 5321's length; whether it exists only a message would tell."""
    return len(text) <= LONGEST_EMAIL and is_keepable(text) and bool(_EMAIL.fullmatch(text))


def redact_email(address: str) -> str:
    """`n…@company.com`: enough to recognise an address that one knows, not enough to write to it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def normalise_code(raw: str) -> str:
    """NFKC, trimmed, upper case, blanks to `-`, everything outside `A-Z 0-9 - _` dropped (product rule 1).

    Raises InvalidCode on control or bidi-control characters, on more than 64 characters, and when nothing is left.
    """
    if any(unicodedata.category(char) == "Cc" or char in _BIDI_CONTROLS for char in raw):
        raise InvalidCode("The code holds invisible control characters; type it again by hand.")
    text = unicodedata.normalize("NFKC", raw).strip()
    if len(text) > MAX_CODE_LENGTH:
        raise InvalidCode(f"A code has at most {MAX_CODE_LENGTH} characters; this one has {len(text)}.")
    code = _NOT_ALLOWED.sub("", re.sub(r"\s+", "-", text.upper()))
    if not code:
        raise InvalidCode("A code needs at least one letter A-Z or digit.")
    if len(code) > MAX_CODE_LENGTH:
        raise InvalidCode(f"A code has at most {MAX_CODE_LENGTH} characters; this one has {len(code)}.")
    return code
