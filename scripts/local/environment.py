"""The variables that project.yml fills in, for the local platform: this run's addresses and secrets made once.

A variable that is set outside wins, so that any server can stand for any vendor. Names: docs/setup.md.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from scripts.local.clerk_page import ADMIN_PASSWORD

APP_ROLE = "promostack_app"
# Vendors that have no stand-in here, or none yet. The platform refuses empty values, so they are switched off.
NOT_HERE = (
    "OPENAI_API_KEY", "STRIPE_SECRET_KEY",
)  # fmt: skip
PLATFORM_EMAIL = "platform@promostack.example"
PASSWORD_ITERATIONS = 100_000


@dataclass(frozen=True)
class Ports:
    """Where this run's servers listen on 127.0.0.1."""

    gateway: int
    s3: int
    telegram: int
    funderpro: int
    clerk: int
    stripe: int
    twelve_data: int
    openai: int


def load_secrets(path: Path) -> dict[str, str]:
    """The secrets of this data folder; those that are missing are made and kept. Readable by the owner only."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    made = {
        "clerk_secret_key": f"sk_local_{secrets.token_urlsafe(30)}",
        "database_password": secrets.token_urlsafe(24),
        "functions_access_key": f"{secrets.token_hex(16)}:{secrets.token_urlsafe(48)}",
        "secrets_keys": f"local1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "session_keys": f"local1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "spaces_access_key": "LOCAL" + secrets.token_hex(8).upper(),
        "spaces_secret_key": secrets.token_urlsafe(30),
        "twelve_data_api_key": secrets.token_hex(16),
        "telegram_bot_token": f"{7_000_000_000 + secrets.randbelow(10**9)}:{secrets.token_urlsafe(26)[:35]}",
    }
    if missing := made.keys() - kept.keys():
        kept |= {name: made[name] for name in missing}
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(kept, indent=1, sort_keys=True))
        draft.rename(path)
    return kept


def as_app(owner_dsn: str, password: str) -> str:
    """The same database for the role that functions use."""
    parts = urlsplit(owner_dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP_ROLE}:{password}@{place}"))


def issuer(ports: Ports) -> str:
    """What session tokens name as their issuer: the provider's address as pages see it."""
    return f"http://dash.localhost:{ports.gateway}/clerk"


def password_hash(password: str) -> str:
    """The form that needs the standard library only; see docs/setup.md#admin-password-hash."""
    salt = secrets.token_hex(16)
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), PASSWORD_ITERATIONS).hex()
    return f"pbkdf2_sha256${PASSWORD_ITERATIONS}${salt}${made}"


def assemble(
    ports: Ports, kept: Mapping[str, str], *, owner_dsn: str, outside: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Every variable of the product. `owner_dsn` is the database's own role, for migrations."""
    origin = f"http://127.0.0.1:{ports.gateway}"
    admin, dash = f"http://admin.localhost:{ports.gateway}", f"http://dash.localhost:{ports.gateway}"
    values = dict.fromkeys(NOT_HERE, "off") | {
        "ADMIN_EMAILS": PLATFORM_EMAIL,
        "ADMIN_ORIGIN": admin,
        "ADMIN_PASSWORD_HASH": password_hash(ADMIN_PASSWORD),
        "API_BASE": f"http://api.localhost:{ports.gateway}",
        "CLERK_API_BASE": f"http://127.0.0.1:{ports.clerk}",
        "CLERK_AUTHORIZED_PARTIES": f"{dash},{admin}",
        "CLERK_ISSUER": issuer(ports),
        "CLERK_JWKS_URL": f"http://127.0.0.1:{ports.clerk}/.well-known/jwks.json",
        "CLERK_SECRET_KEY": kept["clerk_secret_key"],
        "DASH_ORIGIN": dash,
        "DATABASE_URL": as_app(owner_dsn, kept["database_password"]),
        "DATABASE_URL_DIRECT": owner_dsn,
        "FUNCTIONS_ACCESS_KEY": kept["functions_access_key"],
        "FUNCTIONS_API_HOST": origin,
        "FUNDERPRO_API_BASE": f"http://127.0.0.1:{ports.funderpro}",
        "FUNDERPRO_PRODUCT_ID": "demo-challenge",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{ports.openai}/v1",
        "PUBLIC_ASSET_BASE": f"{origin}/cdn",
        "SECRETS_KEYS": kept["secrets_keys"],
        "SESSION_KEYS": kept["session_keys"],
        "SPACES_ACCESS_KEY": kept["spaces_access_key"],
        "SPACES_ENDPOINT": f"http://127.0.0.1:{ports.s3}",
        "SPACES_PRIVATE_BUCKET": "promostack-private",
        "SPACES_PUBLIC_BUCKET": "promostack-public",
        "SPACES_REGION": "fra1",
        "SPACES_SECRET_KEY": kept["spaces_secret_key"],
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports.stripe}",
        "TELEGRAM_API_BASE": f"http://127.0.0.1:{ports.telegram}",
        "TELEGRAM_BOT_TOKEN": kept["telegram_bot_token"],
        "TWELVE_DATA_API_BASE": f"http://127.0.0.1:{ports.twelve_data}",
        "TWELVE_DATA_API_KEY": kept["twelve_data_api_key"],
    }
    database = {"DATABASE_URL", "DATABASE_URL_DIRECT"}  # the caller has looked at these
    return values | {name: outside[name] for name in values.keys() - database if outside.get(name)}
