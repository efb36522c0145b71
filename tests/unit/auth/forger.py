"""Session tokens, good and forged. What makes them imports nothing of the product."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from functools import cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """A key pair by a name of the test's own; made once, because making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, str]:
    return {
        **json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())),
        "kid": kid,
        "use": "sig",
        "alg": "RS256",
    }


def key_set(keys: dict[str, rsa.RSAPrivateKey]) -> bytes:
    """A JWKS document of these keys by id."""
    return json.dumps({"keys": [public_jwk(key, kid) for kid, key in keys.items()]}).encode()


def raw(header: object, payload: object, signature: bytes = b"x") -> str:
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@dataclass(frozen=True)
class Forger:
    """Tokens of one issuer at one moment. `also` are claims that every token carries."""

    issuer: str
    party: str
    now: int
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa_key("k1"))
    other_key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa_key("other"))
    also: dict[str, object] = field(default_factory=dict)

    def claims(self, **changes: object) -> dict:
        """Those of a genuine token; `...` leaves one out."""
        made = {"iss": self.issuer, "sub": "user_1", "sid": "sess_1", "iat": self.now, "nbf": self.now - 10}
        made |= {"exp": self.now + 60, "azp": self.party, **self.also, **changes}
        return {name: value for name, value in made.items() if value is not ...}

    def token(self, key=None, *, algorithm="RS256", kid: object = "k1", headers: dict | None = None, **changes) -> str:
        signing = self.key if key is None else key
        return jwt.encode(self.claims(**changes), signing, algorithm=algorithm, headers={"kid": kid, **(headers or {})})

    def of(self, subject: str) -> "Forger":
        """The same for another person."""
        return replace(self, also={**self.also, "sub": subject})

    def attacks(self) -> dict[str, str]:
        """What a verifier has to refuse, each by the name of its trick."""
        return self._broken() | self._badly_signed() | self._key_ids() | self._wrong_claims()

    def _broken(self) -> dict[str, str]:
        good = self.token()
        return {
            "blank": " ",
            "one dot": "a.b",
            "four parts": f"{good}.x",
            "not base64": "!!!.???.###",
            "control characters": "\x01.\x02.\x03",
            "json null header": raw(None, self.claims()),
            "json list header": raw([], self.claims()),
            "claims are a list": raw({"alg": "RS256", "kid": "k1"}, []),
            "claims are deep": f"{good.split('.')[0]}.{base64.urlsafe_b64encode(b'[' * 3_000).decode()}.x",
            "very long": "a" * 100_000,
            "long but formed": f"{good}{'A' * 9_000}",
            "two tokens": f"{good}, Bearer {good}",
        }

    def _badly_signed(self) -> dict[str, str]:
        good = self.token()
        head, _, signature = good.split(".")
        return {
            "no signature": good.rpartition(".")[0] + ".",
            "signature cut": good[:-8],
            "signature of another token": f"{head}.{raw({}, self.claims(sub='user_2')).split('.')[1]}.{signature}",
            "none": raw({"alg": "none", "kid": "k1"}, self.claims(), b""),
            "None": raw({"alg": "None", "kid": "k1"}, self.claims(), b""),
            "NONE": raw({"alg": "NONE", "kid": "k1"}, self.claims(), b""),
            "nOnE": raw({"alg": "nOnE", "kid": "k1"}, self.claims(), b""),
            "no alg": raw({"kid": "k1"}, self.claims()),
            "alg is a number": raw({"alg": 256, "kid": "k1"}, self.claims()),
            "alg is a list": raw({"alg": ["RS256"], "kid": "k1"}, self.claims()),
            "HS256 with the public key": self._hmac_with_the_public_key(),
            "HS256 with a secret": self.token("s" * 40, algorithm="HS256"),
            "HS256 with an empty secret": raw({"alg": "HS256", "kid": "k1"}, self.claims(), b""),
            "RS384": self.token(algorithm="RS384"),
            "RS512": self.token(algorithm="RS512"),
            "PS256": self.token(algorithm="PS256"),
            "ES256": self.token(ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
            "wrong key": self.token(self.other_key),
            "embedded jwk": self.token(self.other_key, headers={"jwk": public_jwk(self.other_key, "k1")}),
            "jku of the attacker": self.token(self.other_key, headers={"jku": "https://evil.example.com/jwks.json"}),
            "x5u of the attacker": self.token(self.other_key, headers={"x5u": "https://evil.example.com/cert.pem"}),
            "crit header": self.token(headers={"crit": ["b64"], "b64": False}),
        }

    def _key_ids(self) -> dict[str, str]:
        return {
            "no kid": jwt.encode(self.claims(), self.key, algorithm="RS256"),
            "unknown kid": self.token(kid="unknown"),
            "kid is a path": self.token(self.other_key, kid="../../dev/null"),
            "kid is SQL": self.token(self.other_key, kid="k1' OR '1'='1"),
            "kid is a number": raw({"alg": "RS256", "kid": 1}, self.claims()),
            "kid is null": raw({"alg": "RS256", "kid": None}, self.claims()),
            "kid is empty": self.token(self.other_key, kid=""),
        }

    def _wrong_claims(self) -> dict[str, str]:
        now, token = self.now, self.token
        return {
            "wrong issuer": token(iss="https://clerk.evil.com"),
            "issuer with a slash": token(iss=f"{self.issuer}/"),
            "issuer as prefix": token(iss=f"{self.issuer}.evil.com"),
            "issuer in capitals": token(iss=self.issuer.upper()),
            "issuer is a list": raw({"alg": "RS256", "kid": "k1"}, self.claims(iss=[self.issuer])),
            "no issuer": token(iss=...),
            "issuer is empty": token(iss=""),
            "wrong party": token(azp="https://evil.example.com"),
            "party with a slash": token(azp=f"{self.party}/"),
            "party is empty": token(azp=""),
            "party is a list": token(azp=[self.party]),
            "expired": token(exp=now - 6),
            "expired long ago": token(exp=1),
            "expired, negative": token(exp=-1),
            "not yet": token(nbf=now + 30),
            "issued in the future": token(iat=now + 30),
            "no exp": token(exp=...),
            "no iat": token(iat=...),
            "no nbf": token(nbf=...),
            "exp is text": token(exp=str(now + 60)),
            "exp is null": raw({"alg": "RS256", "kid": "k1"}, self.claims(exp=None)),
            "exp is true": token(exp=True),
            "exp is infinite": token(exp=float("inf")),
            "exp is no number": token(exp=float("nan")),
            "template token without sid": token(sid=...),
            "sid is empty": token(sid=""),
            "sid is null": token(sid=None),
            "sid is a number": token(sid=7),
            "no sub": token(sub=...),
            "sub is empty": token(sub=""),
            "sub is too long": token(sub="u" * 256),
            "session has an open task": token(sts="pending"),
            "state is empty": token(sts=""),
            "state is null": token(sts=None),
            "state is a list": token(sts=["active"]),
            "somebody acts for him": token(act={"iss": "https://dashboard.clerk.com", "sub": "user_9", "sid": "s"}),
            "acting is empty": token(act={}),
        }

    def _hmac_with_the_public_key(self) -> str:
        """The classic confusion: the public key as a shared secret. PyJWT refuses to make it, so it is made by hand."""
        form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        unsigned = raw({"alg": "HS256", "kid": "k1", "typ": "JWT"}, self.claims()).rpartition(".")[0]
        signature = hmac.new(self.key.public_key().public_bytes(*form), unsigned.encode(), hashlib.sha256).digest()
        return f"{unsigned}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
