"""Slugs: a tenant's short name in addresses, made from its name and kept for ever."""

import re
import secrets
from collections.abc import Iterator

from promostack.core import ids

LONGEST = 40
FALLBACK = "workspace"
# A suffix of four of these gives a million slugs for one name.
_SUFFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NUMBERED = 9
_MOST_CANDIDATES = 20

_RESERVED_WORDS = """
about abuse account accounts admin administrator api app assets auth billing blog cdn clerk client contact coupon
coupons dash dashboard demo docs email example help hooks internal legal localhost login logout mail me new null
official owner press pricing privacy promostack public root security settings signin signup staff static status
support system team telegram tenant tenants terms test undefined uploads webhook webhooks www
"""
# Hosts and paths of the product, and names under which somebody could pass for the platform.
RESERVED = frozenset(_RESERVED_WORDS.split())


def slug_of(name: str) -> str:
    """The name in a-z, 0-9 and single hyphens, 2 to 40 characters; other scripts are transliterated.

    A name of which nothing is left, or that is reserved or looks like a tenant's id, becomes `workspace` or gets it
    appended.
    """
    from anyascii import anyascii

    text = re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:LONGEST].rstrip("-")
    if not text:
        return FALLBACK
    return f"{text[: LONGEST - len(FALLBACK) - 1]}-{FALLBACK}" if _is_refused(text) else text


def _is_refused(text: str) -> bool:
    return len(text) < 2 or text in RESERVED or ids.is_id(text)


def candidates(name: str) -> Iterator[str]:
    """Slugs to try in turn: the plain one, `-2` to `-9`, then random endings, so that a common name ends soon too."""
    base = slug_of(name)
    yield base
    for number in range(2, _NUMBERED + 1):
        yield f"{base}-{number}"
    for _ in range(_MOST_CANDIDATES - _NUMBERED):
        yield f"{base}-{''.join(secrets.choice(_SUFFIX_LETTERS) for _ in range(4))}"
