"""The wizard's checks against servers that others wrote: localstripe for Stripe's key, telemelya for the bot.

localstripe takes any `sk_` key and no restricted one; it has coupons and products, no prices and no promotion codes.
telemelya has no menus; that one call is left out.
"""

import base64
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from promostack.core import config, crypto
from promostack.core.clock import SystemClock
from promostack.integrations import stripe_scopes
from promostack.onboarding import progress
from promostack.onboarding.stripe_keys import StripeAway
from promostack.telegram import bot_health, bots
from promostack.telegram.bot_care import BotCare
from promostack.telegram.connecting import Connecting
from promostack.tenants.audit import SYSTEM, Actor
from tests.integration.people import build_house

from .conftest import START_DEADLINE_S, _answers, free_port, wait_for
from .test_telegram_our_bot import TOKEN, _call

# The peer takes every key that begins like this.
SECRET_KEY = "sk_test_of_the_peer"
BASE = "https://api.example.com"
ACTOR = Actor(SYSTEM)


@pytest.fixture(scope="module")
def localstripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("localstripe"), free_port()
    command = [sys.executable, "-m", "localstripe.server", "--port", str(port), "--from-scratch"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: _answers(f"{base}/js.stripe.com/v3/"), deadline_s=START_DEADLINE_S)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS_KEYS", "k1:" + base64.b64encode(b"k" * 32).decode())
    crypto._keys.cache_clear()


@pytest.fixture
def stripe(localstripe: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("STRIPE_API_BASE", localstripe)
    config.optional.cache_clear()
    return localstripe


@pytest.fixture
def care(peer: str, monkeypatch: pytest.MonkeyPatch) -> BotCare:
    """Looks after bots at the peer."""
    monkeypatch.setenv("TELEGRAM_API_BASE", peer)
    monkeypatch.setenv("PUBLIC_ASSET_BASE", "https://cdn.example.com")
    config.optional.cache_clear()
    return BotCare(_call, default_base=lambda: BASE, clock=SystemClock())


def test_what_a_secret_key_may_read_at_the_peer_is_read(stripe: str) -> None:
    made = requests.post(
        f"{stripe}/v1/coupons",
        data={"id": "ten", "percent_off": 10, "duration": "once"},
        headers={"Authorization": f"Bearer {SECRET_KEY}"},
        timeout=30,
    )
    assert made.status_code == 200, made.text
    assert [each["id"] for each in stripe_scopes._asked(SECRET_KEY, "coupons")["data"]] == ["ten"]
    assert stripe_scopes._asked(SECRET_KEY, "products")["data"] == []
    # What a Stripe does not have is no missing right.
    with pytest.raises(StripeAway):
        stripe_scopes.probe(SECRET_KEY)


def test_a_restricted_key_that_the_peer_does_not_know_is_refused_and_a_secret_one_is_not_tried(
    stripe: str, database, issuer
) -> None:
    admin = build_house(database, issuer).admin.caller
    unknown = admin.put("client/vendors/stripe", {"key": "rk_live_abcdefgh1234"})
    assert (unknown.status, unknown.error) == (422, "stripe_key_refused")
    assert "Stripe does not know it" in unknown.json["error"]["fields"]["key"]
    secret = admin.put("client/vendors/stripe", {"key": SECRET_KEY})
    assert "this is a secret key" in secret.json["error"]["fields"]["key"]
    assert [each["is_connected"] for each in admin.get("client/vendors").json["items"]] == [False] * 4


def test_a_bot_is_connected_and_looked_at_at_the_peer(care: BotCare, database, issuer) -> None:
    tenant_id = build_house(database, issuer).tenant_id
    bot = Connecting(_call, base=lambda: BASE).connect_bot(tenant_id, TOKEN, actor=ACTOR)
    assert progress.read(tenant_id).next.missing.do == "connect_channel"
    database.query("UPDATE bots SET checked_at = NULL WHERE id = %s", bot.id)
    care.check(tenant_id, bot.id, actor=ACTOR)
    found = bot_health.read_bot(tenant_id, bot.id)
    assert (found.check_problem, bot_health.health_of(found).status) == (None, "ok")
    _call(TOKEN, "setWebhook", {"url": "https://elsewhere.example.com/hook"})
    database.query("UPDATE bots SET checked_at = NULL WHERE id = %s", bot.id)
    care.check(tenant_id, bot.id, actor=ACTOR)
    found = bot_health.read_bot(tenant_id, bot.id)
    assert (found.check_problem, found.check_detail) == ("webhook_elsewhere", "elsewhere.example.com")
    care.set_webhook(tenant_id, bot.id, actor=ACTOR)
    address = bots.webhook_address(BASE, bot.public_id)
    assert _call(TOKEN, "getWebhookInfo", {}).url == address
    assert bot_health.read_bot(tenant_id, bot.id).check_problem is None
