"""Signing keys of our own sessions: `SESSION_KEYS` is `id:base64,id:base64`; the first signs, all of them verify."""

import base64
import binascii
from functools import cache

from promostack.core import config

LEAST_BYTES = 32


@cache
def session_keys() -> dict[str, bytes]:
    """Keys by id, the signing one first; raises ConfigMissing for none, a short or a malformed one."""
    pairs = [part.strip().partition(":") for part in config.require("SESSION_KEYS").split(",")]
    try:
        keys = {key_id: base64.b64decode(value, validate=True) for key_id, _, value in pairs if key_id}
    except binascii.Error:
        keys = {}
    # One id for two keys would make it a matter of luck which of them verifies.
    if len(keys) != len(pairs) or any(len(key) < LEAST_BYTES for key in keys.values()):
        message = "SESSION_KEYS must be id:key,… with different ids and keys of at least 32 bytes in base64"
        raise config.ConfigMissing(f"{message}; see docs/setup.md#session-keys")
    return keys
