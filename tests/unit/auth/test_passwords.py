import hashlib

import pytest
from argon2 import PasswordHasher

from promostack.auth import passwords

# The salt is fixed, because it becomes part of tests' names, which two processes must give alike.
ARGON2 = PasswordHasher(time_cost=1, memory_cost=1_024).hash("gold", salt=b"salt of the test")


def pbkdf2(password: str = "gold", iterations: int = 100_000, salt: str = "s1") -> str:
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations).hex()
    return f"pbkdf2_sha256${iterations}${salt}${made}"


@pytest.mark.parametrize("stored", [ARGON2, pbkdf2()])
def test_the_right_password_fits_its_hash_and_no_other_does(stored: str) -> None:
    assert passwords.is_right("gold", stored)
    assert not any(passwords.is_right(other, stored) for other in ("", "Gold", "gold ", "goldx", "é"))


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "gold",
        "off",
        pbkdf2(iterations=99_999),
        pbkdf2().replace("pbkdf2_sha256", "pbkdf2_md5"),
        pbkdf2().replace("100000", "-1"),
        "pbkdf2_sha256$100000$s1$",
        "pbkdf2_sha256$100000$s1",
        "$argon2id$v=19$m=1024",
        ARGON2.replace("$argon2id$", "$argon2i$"),
        ARGON2.replace("$argon2id$", "$argon2d$"),
    ],
)
def test_a_hash_of_a_weak_or_unknown_form_fits_no_password(stored: str) -> None:
    assert not passwords.is_right("gold", stored)
