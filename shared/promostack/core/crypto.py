"""Secrets at rest: AES-256-GCM bound to tenant and field, under named keys that can rotate.

`SECRETS_KEYS` is `id:base64,id:base64`; the first key encrypts, all of them decrypt. The stored text is
`v2.<key id>.<base64 nonce+ciphertext>`; `v1` was not bound to a subject.
"""

import base64
import hashlib
import hmac
import os
import re
from functools import cache

from promostack.core import config
from promostack.core.errors import PromoError

_VERSION = "v2"
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class SecretUnreadable(PromoError):
    """The ciphertext does not belong to this tenant and field, was altered, or its key is gone."""

    code = "secret_unreadable"


def encrypt(plaintext: str, *, tenant_id: str, field: str, subject: str = "") -> str:
    """The text as it may be stored, bound to the tenant, the field and what in the tenant it belongs to."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    sealed = nonce + _aead(key).encrypt(nonce, plaintext.encode(), _aad(tenant_id, field, subject))
    return f"{_VERSION}.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(stored: str, *, tenant_id: str, field: str, subject: str = "") -> str:
    """The text that was encrypted for exactly this tenant, field and subject; raises SecretUnreadable."""
    from cryptography.exceptions import InvalidTag

    try:
        version, key_id, payload = stored.split(".")
        sealed = base64.urlsafe_b64decode(payload)
        bound_to = {_VERSION: _aad(tenant_id, field, subject), "v1": f"{tenant_id}|{field}".encode()}[version]
        return bytes(_aead(_keys()[key_id]).decrypt(sealed[:12], sealed[12:], bound_to)).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise SecretUnreadable("A stored secret cannot be read; connect the service again.") from error


def current_seal() -> str:
    """How `encrypt` begins what it returns now, e.g. `v2.k1`; what begins otherwise is due for `encrypt` again."""
    return f"{_VERSION}.{next(iter(_keys()))}"


def fingerprints(plaintext: str, *, purpose: str) -> dict[str, str]:
    """Key id → keyed hash (hex of 32 bytes) that finds an equal secret without revealing it, under every known key.

    Two sets of the same secret have a member in common as long as the keys they were made with have one.
    """
    return {
        key_id: hmac.new(_fingerprint_key(key), f"{purpose}|{plaintext}".encode(), hashlib.sha256).hexdigest()
        for key_id, key in _keys().items()
    }


def is_same(left: str, right: str) -> bool:
    """Compares two secrets in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def hash_token(token: str) -> str:
    """SHA-256 of a random token, for storing what only has to be recognised; hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _aad(tenant_id: str, field: str, subject: str) -> bytes:
    return f"{tenant_id}|{field}|{subject}".encode()


@cache
def _keys() -> dict[str, bytes]:
    """Keys by id, the encrypting one first; raises ConfigMissing, which never shows what stands there."""
    parts = config.require("SECRETS_KEYS").split(",")
    try:
        pairs = [part.strip().split(":", 1) for part in parts]
        keys = {key_id.strip(): base64.b64decode(value, validate=True) for key_id, value in pairs}
    except ValueError:
        keys = {}
    # One id for two keys would drop one of them in silence, with all that it has sealed.
    if not len(parts) == len(keys) == len({*keys.values()}) or not all(map(_KEY_ID.fullmatch, keys)):
        keys = {}
    if not keys or any(len(key) != 32 for key in keys.values()):
        message = "SECRETS_KEYS must be id:key,… with different ids and different keys of 32 bytes in base64"
        raise config.ConfigMissing(f"{message}; see docs/setup.md#secrets-keys")
    return keys


@cache
def _aead(key: bytes):  # type: ignore[no-untyped-def]  # cryptography is imported only where secrets are read
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


@cache
def _fingerprint_key(key: bytes) -> bytes:
    """A key of its own for hashing: one key serves one algorithm."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"promostack fingerprint").derive(key)
