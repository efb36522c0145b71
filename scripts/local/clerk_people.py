"""Whom the issuer simulator knows: people, the browsers they use, their sessions, and the key that signs tokens."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

TOKEN_LIVES_S = 60
SESSION_LIVES_S = 7 * 24 * 3600
KEY_ID = "ins_local_1"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; `note` says on the sign-in page what there is to see with him."""

    subject: str
    email: str
    name: str
    note: str = ""
    is_verified: bool = True


SEEDED = (
    Person("user_demo_owner", "owner@demo.example", "Olivia Owner", "Owner of the demo account"),
    Person("user_demo_admin", "admin@demo.example", "Adam Admin", "Admin of the demo account"),
    Person("user_demo_member", "member@demo.example", "Mia Member", "Member of the demo account: may look, not change"),
    Person("user_other_owner", "owner@northwind.example", "Noah Northwind", "Owner of another account, northwind"),
    Person("user_both", "both@agency.example", "Bea Both", "Member of both accounts, switches between them"),
    Person("user_new", "new@stranger.example", "Nia New", "Nobody’s member yet: creates an account"),
    Person(
        "user_platform", "platform@promostack.example", "Petra Platform", "One of the platform’s people: admin host"
    ),
)


@dataclass
class Session:
    """One sign-in of one person in one browser; times in seconds since 1970."""

    id: str
    subject: str
    browser: str
    created_at: float
    expires_at: float
    is_active: bool = True


@dataclass
class Directory:
    """Everything that is kept, in `path` when there is one, so that a sign-in outlives a restart."""

    issuer: str
    path: Path | None = None
    people: dict[str, Person] = field(default_factory=lambda: {each.subject: each for each in SEEDED})
    sessions: dict[str, Session] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    token_lives_s: int = TOKEN_LIVES_S

    @staticmethod
    def load(issuer: str, path: Path | None) -> Directory:
        if path is None or not path.exists():
            made = Directory(issuer, path)
            made.save()
            return made
        kept = json.loads(path.read_text())
        key = serialization.load_pem_private_key(kept["key"].encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        people = {each.subject: each for each in SEEDED} | {each["subject"]: Person(**each) for each in kept["people"]}
        return Directory(issuer, path, people, {each["id"]: Session(**each) for each in kept["sessions"]}, key)

    def save(self) -> None:
        """Readable by the owner only: it holds the signing key."""
        if self.path is None:
            return
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        kept = {
            "key": pem.decode(),
            "people": [asdict(each) for each in self.people.values() if each not in SEEDED],
            "sessions": [asdict(each) for each in self.sessions.values() if each.is_active],
        }
        draft = self.path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(kept, indent=1))
        draft.rename(self.path)

    def reset(self) -> None:
        """As at the start, with the same key."""
        self.people, self.sessions = {each.subject: each for each in SEEDED}, {}
        self.token_lives_s = TOKEN_LIVES_S
        self.save()

    def add_person(self, email: str, *, subject: str = "", name: str = "", is_verified: bool = True) -> Person:
        """The person with that address, made when there is none."""
        known = next((each for each in self.people.values() if each.email == email and not subject), None)
        if known:
            return known
        made = Person(subject or f"user_{secrets.token_hex(8)}", email, name or email.partition("@")[0].title(),
                      is_verified=is_verified)  # fmt: skip
        self.people[made.subject] = made
        self.save()
        return made

    def sign_in(self, subject: str, browser: str) -> Session:
        """A new session in that browser, which holds one at a time."""
        self.sign_out(browser)
        now = time.time()
        made = Session(f"sess_{secrets.token_hex(12)}", subject, browser, now, now + SESSION_LIVES_S)
        self.sessions[made.id] = made
        self.save()
        return made

    def sign_out(self, browser: str) -> None:
        for session in self.active_in(browser):
            session.is_active = False
        self.save()

    def active_in(self, browser: str) -> list[Session]:
        now = time.time()
        alive = (each for each in self.sessions.values() if each.is_active and each.expires_at > now)
        return [each for each in alive if browser and each.browser == browser]

    def token(self, subject: str, session_id: str, *, party: str | None, overrides: dict[str, Any]) -> str:
        """A session token as Clerk issues it: no e-mail. An override of None takes the claim away."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer, "sub": subject, "sid": session_id, "iat": now, "nbf": now - 10,
            "exp": now + self.token_lives_s, "jti": secrets.token_hex(10), "v": 2, "fva": [0, -1], "sts": "active",
        }  # fmt: skip
        if party:
            claims["azp"] = party
        claims = {name: value for name, value in (claims | overrides).items() if value is not None}
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": KEY_ID, "cat": "cl_local"})

    def jwks(self) -> dict[str, Any]:
        public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
