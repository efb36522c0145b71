"""Who signs people in, played by the test: keys, tokens and cookies made without the library that verifies them."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://clerk.example.com"
HOSTS = {"dash": "dash.example.com", "admin": "admin.example.com", "api": "api.example.com", "public": "go.example.com"}
SESSION_KEY = b"a session key of this test: 32 b."
PLATFORM_EMAIL = "platform@promostack.example"
PASSWORD = "correct horse battery staple"
_KID = "key-of-the-test"
# A channel that every bot sees, and may do everything in.
CHANNEL = {"id": -1001234567890, "type": "channel", "title": "Everybody's", "username": "everybodys"}
GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
ADMIN_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_post_messages", "can_edit_messages",
)  # fmt: skip


@dataclass
class Provider:
    """Signs session tokens; `emails` is what its Backend API knows, by subject."""

    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    emails: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def token(self, subject: str, party: str) -> str:
        """A session token as the provider makes them for the page of that origin: one minute, no e-mail."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": subject, "sid": f"sess_{_digest(subject)}", "azp": party}
        claims |= {"iat": now, "nbf": now - 5, "exp": now + 60}
        unsigned = ".".join(map(_encoded, ({"alg": "RS256", "kid": _KID, "typ": "JWT"}, claims)))
        signature = self.key.sign(unsigned.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{unsigned}.{_base64(signature)}"

    def key_set(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "kid": _KID,
            "use": "sig",
            "alg": "RS256",
            "n": _number(numbers.n),
            "e": _number(numbers.e),
        }
        return json.dumps({"keys": [key]}).encode()

    def user(self, subject: str) -> dict[str, object] | None:
        """The user object of the Backend API, as far as it matters."""
        email = self.emails.get(subject)
        address = {"id": "idn_1", "email_address": email, "verification": {"status": "verified"}}
        return {"id": subject, "primary_email_address_id": "idn_1", "email_addresses": [address]} if email else None


@contextmanager
def running() -> Iterator[Provider]:
    """The provider as a server of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body: bytes | None = provider.key_set()
            # Keys open everything, and no code is known.
            if self.path.startswith(("/stripe/", "/prices/", "/models/")):
                body = json.dumps({"object": "list", "data": [], "has_more": False, "values": []}).encode()
            if self.path.startswith("/funderpro/"):
                body = None
            if self.path.startswith("/v1/users/"):
                user = provider.user(unquote(self.path.removeprefix("/v1/users/")))
                body = json.dumps(user).encode() if user else None
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:
            """Telegram: a bot's token begins with its number, and whatever it asks for is done."""
            number = self.path.partition("/bot")[2].partition(":")[0]
            me = {"id": int(number), "is_bot": True, "first_name": "Bot", "username": f"b{number}_bot"}
            may = dict.fromkeys(ADMIN_RIGHTS, True)
            answers = {
                "getMe": me,
                "getUpdates": [],
                "getChat": {**CHANNEL, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS},
                "getChatMember": {"status": "administrator", "user": me, **may},
            }
            body = json.dumps({"ok": True, "result": answers.get(self.path.rpartition("/")[2], True)}).encode()
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    provider.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def admin_cookie(email: str, *, audience: str, epoch: int) -> str:
    """The cookie of the password login, by its description: HMAC-SHA256 over the payload under the named key."""
    marked = hmac.new(SESSION_KEY, f"admin_password|{_password_hash()}".encode(), hashlib.sha256).hexdigest()[:32]
    claims = {"kid": "s1", "sub": email, "aud": audience, "epoch": epoch, "pw": marked, "exp": int(time.time()) + 3600}
    payload = base64.urlsafe_b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode()
    seal = hmac.new(SESSION_KEY, f"admin_session|{payload}".encode(), hashlib.sha256).digest()
    return f"__Host-admin_session={payload}.{base64.urlsafe_b64encode(seal).decode()}"


def variables(provider: Provider) -> dict[str, str]:
    """What the functions are told of identity."""
    return {
        "CLERK_ISSUER": ISSUER,
        "CLERK_JWKS_URL": f"{provider.address}/.well-known/jwks.json",
        "CLERK_API_BASE": provider.address,
        "CLERK_SECRET_KEY": "sk_test_of_this_test",
        "CLERK_AUTHORIZED_PARTIES": f"https://{HOSTS['dash']},https://{HOSTS['admin']}",
        "ADMIN_EMAILS": PLATFORM_EMAIL,
        "ADMIN_PASSWORD_HASH": _password_hash(),
        "SESSION_KEYS": f"s1:{base64.b64encode(SESSION_KEY).decode()}",
        "DASH_ORIGIN": f"https://{HOSTS['dash']}",
        "ADMIN_ORIGIN": f"https://{HOSTS['admin']}",
        "API_BASE": f"https://{HOSTS['api']}",
    }


@cache
def _password_hash() -> str:
    hashed = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 100_000).hex()
    return f"pbkdf2_sha256$100000$salt${hashed}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _encoded(part: dict[str, object]) -> str:
    return _base64(json.dumps(part).encode())


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
