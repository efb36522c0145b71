"""Identifiers: sortable ones for rows, opaque ones for addresses that strangers see."""

import secrets
import uuid


def new_id() -> str:
    """A random UUID in its text form."""
    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """True for a UUID in the text form that `new_id` gives."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def opaque_id(bytes_of_entropy: int = 16) -> str:
    """URL-safe text that cannot be guessed; 16 bytes give 22 characters of `A-Za-z0-9_-`."""
    return secrets.token_urlsafe(bytes_of_entropy)
