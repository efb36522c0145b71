"""Identifiers: sortable ones for rows, opaque ones for addresses that strangers see."""

import base64
import os


def new_id() -> str:
    """A random UUID in its text form."""
    import uuid

    return str(uuid.uuid4())


def is_id(text: str) -> bool:
    """True for a UUID in the text form that `new_id` gives."""
    import uuid

    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def opaque_id(bytes_of_entropy: int = 16) -> str:
    """URL-safe text that cannot be guessed; 16 bytes give 22 characters of `A-Za-z0-9_-`."""
    return base64.urlsafe_b64encode(os.urandom(bytes_of_entropy)).rstrip(b"=").decode()
