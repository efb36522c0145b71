"""The demo tenant `demo`: what a newcomer sees on the coupon page and in the chat. Idempotent, and quick when repeated.

A second, nearly empty tenant `northwind` and the people of both stand beside it where the sign-in is simulated.
Everything goes through the library's services, so that the seed obeys the rules that a tenant's own data obey.
"""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from promostack.app import services
from promostack.core import config
from promostack.integrations import spaces, telegram_bot
from promostack.publishing.errors import ObjectMissing
from promostack.publishing.gallery import Gallery
from promostack.telegram import bots
from promostack.templates import service as templates
from promostack.templates.errors import TemplateNotFound
from promostack.tenants import service as tenants
from promostack.tenants.audit import SYSTEM, Actor
from promostack.tenants.models import FunderProSettings, TenantSettings
from scripts.local.seed_people import seed_people
from scripts.local.seed_signals import seed_signals
from scripts.local.seed_usage import seed_codes, seed_usage

ASSETS = Path(__file__).resolve().parents[2] / "shared" / "assets"
SLUG, NAME = "demo", "Northwind"
BOT_USERNAME = "northwind_promo_bot"
REFERRAL_LINK = "https://prop.funderpro.com/buy-challenge/?promo={code}"
OTHER_SLUG, OTHER_NAME = "northwind", "Northwind East"
OTHER_REFERRAL_LINK = "https://example.com/?promo={code}"
SEEDED = "seed/published.json"
MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".otf": "font/otf",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
}


@dataclass(frozen=True)
class Upload:
    """A file for the public bucket; `immutable` when its name carries a hash of its content."""

    key: str
    path: Path
    immutable: bool = True


def main() -> None:
    """Raises what the services raise; a repeated run finishes what an interrupted one began."""
    _let_pages_in()
    uploaded = sum(_upload(each) for each in [*fonts(), *art()])
    tenant_id = _ensure_tenant(SLUG, NAME, _settings())
    published = _publish_templates(tenant_id)
    print(f"seed: {uploaded} files put into the bucket, {published} templates published", flush=True)
    if _is_simulated("TELEGRAM_API_BASE"):
        _connect_bot(tenant_id)
        now = datetime.now(UTC)
        seed_codes(tenant_id, now=now)
        print(f"seed: {seed_usage(tenant_id, now=now)} made-up events of the demo bot", flush=True)
    if _is_simulated("TWELVE_DATA_API_BASE"):
        print(f"seed: {seed_signals(tenant_id, now=datetime.now(UTC))} made-up signals of the demo", flush=True)
    if _is_simulated("CLERK_API_BASE"):
        other_id = _ensure_tenant(OTHER_SLUG, OTHER_NAME, TenantSettings(referral_link=OTHER_REFERRAL_LINK))
        seed_people({SLUG: tenant_id, OTHER_SLUG: other_id})


def fonts() -> Iterator[Upload]:
    """The font files and, last, the manifest that names them."""
    folder = ASSETS / "fonts"
    for path in sorted([*folder.glob("*.ttf"), *folder.glob("*.otf")]):
        yield Upload(f"fonts/{path.name}", path)
    if (folder / "fonts.json").exists():
        yield Upload("fonts/fonts.json", folder / "fonts.json", immutable=False)


def art() -> Iterator[Upload]:
    """Pictures that documents name by their keys, `seed/<name>.<hash8>.<ext>`, the demo tenant's logo among them."""
    for path in sorted((ASSETS / "seed" / "art").glob("*.*")):
        yield Upload(f"seed/{path.name}", path)


def documents() -> list[Path]:
    """In the gallery's order."""
    return sorted((ASSETS / "seed" / "templates").glob("*.json"))


def _let_pages_in() -> None:
    """The buckets' one CORS rule each; see docs/setup.md. boto3 as the functions set it up."""
    upload = {
        "AllowedOrigins": [config.require("DASH_ORIGIN")],
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["content-type"],
    }
    read = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "HEAD"]}
    for bucket, rule in (("SPACES_PRIVATE_BUCKET", upload), ("SPACES_PUBLIC_BUCKET", read)):
        spaces._client().put_bucket_cors(Bucket=config.require(bucket), CORSConfiguration={"CORSRules": [rule]})


def _upload(upload: Upload) -> bool:
    """False when the very file is there already: an immutable name cannot hold anything else."""
    bucket = spaces.public_bucket()
    if upload.immutable and bucket.head(upload.key):
        return False
    media_type = MEDIA_TYPES.get(upload.path.suffix)
    if media_type is None:
        return False
    bucket.put(upload.key, upload.path.read_bytes(), media_type=media_type, immutable=upload.immutable)
    return True


def _ensure_tenant(slug: str, name: str, settings: TenantSettings) -> str:
    """The tenant's id. What its members have changed since stays changed."""
    return tenants.find_tenant_id(slug) or tenants.ensure_tenant(slug, name=name, settings=settings)


def _settings() -> TenantSettings:
    logo_key = next((each.key for each in art() if "-logo." in each.path.name), None)
    return TenantSettings(referral_link=REFERRAL_LINK, logo_key=logo_key, coupon_providers=(FunderProSettings(),))


def _publish_templates(tenant_id: str) -> int:
    """Publishes what is new in the checkout; what a tenant has edited since stays edited. Returns how many."""
    bucket = spaces.public_bucket()
    gallery = Gallery(store=bucket, assets=spaces.CachedReads(bucket))
    seeded = _seeded(bucket)
    published = 0
    for position, path in enumerate(documents()):
        text = path.read_bytes()
        document, digest = json.loads(text), hashlib.sha256(text).hexdigest()
        if seeded.get(path.stem) == digest and _is_published(tenant_id, document["slug"]):
            continue  # drawing the thumbnail is what takes the time
        gallery.publish(tenant_id, document, position=position)
        seeded[path.stem] = digest
        published += 1
    if published:
        bucket.put(SEEDED, json.dumps(seeded).encode(), media_type="application/json", immutable=False)
    return published


def _seeded(bucket: spaces.Bucket) -> dict[str, str]:
    """Digests of the documents that were published from the checkout before."""
    try:
        return dict(json.loads(bucket.get(SEEDED)))
    except ObjectMissing:
        return {}


def _is_published(tenant_id: str, slug: str) -> bool:
    try:
        return bool(templates.get_published(tenant_id, slug, "web"))
    except TemplateNotFound:
        return False


def _is_simulated(address_variable: str) -> bool:
    """Bots and people are made up only where that can do no harm."""
    return (config.optional(address_variable) or "").startswith("http://127.0.0.1:")


def _connect_bot(tenant_id: str) -> None:
    known = [bot["token"] for bot in _ask_simulator("GET", "/bots") if bot["username"] == BOT_USERNAME]
    new_bot = {"username": BOT_USERNAME, "first_name": NAME}
    token = known[0] if known else _ask_simulator("POST", "/bots", new_bot)["token"]
    # The platform's own bot, by which people make theirs with two taps.
    manager = config.optional("TELEGRAM_BOT_TOKEN")
    if manager and manager not in [bot["token"] for bot in _ask_simulator("GET", "/bots")]:
        hub = {"token": manager, "username": "promostack_maker_bot", "first_name": "PromoStack"}
        _ask_simulator("POST", "/bots", {**hub, "can_manage_bots": True})
    if not _ask_simulator("GET", "/users"):
        _ask_simulator("POST", "/users", {"first_name": "Mia", "username": "mia_demo", "language_code": "en"})
    # The port may have changed since the last run, so the webhook is registered each time.
    webhook_base = f"{config.require('FUNCTIONS_API_HOST')}/api"
    bot = bots.connect(tenant_id, token, webhook_base=webhook_base, call=telegram_bot.call)
    # A bot that nobody has looked at counts as one whose connecting was interrupted.
    services.bot_care().check(tenant_id, bot.id, actor=Actor(SYSTEM))


def _ask_simulator(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    address = f"{config.require('TELEGRAM_API_BASE')}/_control{path}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address, data=data, method=method, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
