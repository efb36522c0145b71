"""Passwords against their stored hash: argon2id, or PBKDF2 as `pbkdf2_sha256$iterations$salt$hex`."""

import hashlib
import hmac

LEAST_PBKDF2_ITERATIONS = 100_000


def is_right(password: str, stored: str) -> bool:
    """True when the password has that hash; a stored text of an unknown form fits no password."""
    if stored.startswith("$argon2id$"):
        return _is_right_argon2(password, stored)
    scheme, _, rest = stored.partition("$")
    parts = rest.split("$")
    if scheme != "pbkdf2_sha256" or len(parts) != 3 or not parts[0].isdigit():
        return False
    iterations, salt, wanted = int(parts[0]), parts[1], parts[2]
    if iterations < LEAST_PBKDF2_ITERATIONS:
        return False
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations).hex()
    return hmac.compare_digest(made, wanted)


def _is_right_argon2(password: str, stored: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return PasswordHasher().verify(stored, password)
    except (Argon2Error, InvalidHashError):
        return False
