"""Signing keys of our own sessions: `SESSION_KEYS` is `id:base64,id:base64`; the first signs, all of them verify."""

import base64
from functools import cache

from promostack.core import config

LEAST_BYTES = 32


@cache
def session_keys() -> dict[str, bytes]:
    """Keys by id, the signing one first; raises ConfigMissing for none or a short one."""
    pairs = (part.split(":", 1) for part in config.require("SESSION_KEYS").split(","))
    keys = {key_id.strip(): base64.b64decode(value) for key_id, value in pairs}
    if any(len(key) < LEAST_BYTES for key in keys.values()):
        raise config.ConfigMissing("SESSION_KEYS must hold keys of at least 32 bytes; see docs/setup.md#session-keys")
    return keys
