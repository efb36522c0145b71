"""Secrets at rest: AES-256-GCM bound to tenant and field, under named keys that can rotate.

`SECRETS_KEYS` is `id:base64,id:base64`; the first key encrypts, all of them decrypt. The stored text is
`v1.<key id>.<base64 nonce+ciphertext>`.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from promostack.core import config
from promostack.core.errors import PromoError


class SecretUnreadable(PromoError):
    """The ciphertext does not belong to this tenant and field, was altered, or its key is gone."""

    code = "secret_unreadable"


def encrypt(plaintext: str, *, tenant_id: str, field: str) -> str:
    """The text as it may be stored, bound to `tenant_id` and `field`."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    sealed = nonce + _aead(key).encrypt(nonce, plaintext.encode(), _aad(tenant_id, field))
    return f"v1.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(stored: str, *, tenant_id: str, field: str) -> str:
    """The text that was encrypted for exactly this tenant and field; raises SecretUnreadable."""
    from cryptography.exceptions import InvalidTag

    try:
        version, key_id, payload = stored.split(".")
        sealed = base64.urlsafe_b64decode(payload)
        if version != "v1":
            raise ValueError(version)
        return bytes(_aead(_keys()[key_id]).decrypt(sealed[:12], sealed[12:], _aad(tenant_id, field))).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise SecretUnreadable("A stored secret cannot be read; connect the service again.") from error


def fingerprint(plaintext: str, *, purpose: str) -> str:
    """A keyed hash that finds an equal secret without revealing it; hex of 32 bytes."""
    key = next(iter(_keys().values()))
    return hmac.new(key, f"{purpose}|{plaintext}".encode(), hashlib.sha256).hexdigest()


def is_same(left: str, right: str) -> bool:
    """Compares two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def hash_token(token: str) -> str:
    """SHA-256 of a random token, for storing what only has to be recognised; hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _aad(tenant_id: str, field: str) -> bytes:
    return f"{tenant_id}|{field}".encode()


@cache
def _keys() -> dict[str, bytes]:
    pairs = (part.split(":", 1) for part in config.require("SECRETS_KEYS").split(","))
    keys = {key_id.strip(): base64.b64decode(value) for key_id, value in pairs}
    if any(len(key) != 32 for key in keys.values()):
        raise config.ConfigMissing("SECRETS_KEYS must hold keys of 32 bytes in base64; see docs/setup.md#secrets-keys")
    return keys


@cache
def _aead(key: bytes):  # type: ignore[no-untyped-def]  # cryptography is imported only where secrets are read
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
