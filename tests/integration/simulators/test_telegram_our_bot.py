"""Our bot, unchanged, talks through telemelya: pictures that a stranger's server can read, ids that it takes again.

telemelya sends no secret header; a shim between it and the function adds the one that the bot was registered with.
"""

import base64
import importlib.util
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import requests
from PIL import Image

from promostack.app import services
from promostack.core import config, crypto
from promostack.integrations import spaces, telegram_bot
from promostack.publishing.gallery import Gallery
from promostack.telegram import bots
from promostack.tenants import service as tenants
from promostack.tenants.models import FunderProSettings, TenantSettings

from .conftest import ROOT

TOKEN = "123456789:ABCDefGhIjKlMnOpQrStUvWxYz"
CODE = "WELCOME-30"
NOT_AT_THE_PEER = ("setMyCommands",)


def template() -> dict[str, Any]:
    code = {
        "id": "code",
        "type": "text",
        "text": "{code}",
        "x": 40,
        "y": 140,
        "width": 280,
        "height": 100,
        "max_size": 60,
    }
    shape = {"width": 360, "height": 450, "background": {"color": "#102030"}, "layers": [code]}
    return {"schema": 2, "slug": "summer", "name": "Summer", "fields": {}, "formats": {"feed": shape}}


@pytest.fixture
def webhook() -> Iterator[HTTPServer]:
    """The shim; its `secret` is set once the bot is connected."""
    path = ROOT / "packages" / "hooks" / "telegram-webhook" / "__main__.py"
    spec = importlib.util.spec_from_file_location("main_telegram_webhook", path)
    function = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(function)

    class Shim(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": self.server.secret}
            http = {"method": "POST", "path": "/" + self.path.rpartition("/")[2], "queryString": "", "headers": headers,
                    "body": base64.b64encode(body).decode(), "isBase64Encoded": True}  # fmt: skip
            result = function.main({"http": http}, SimpleNamespace(activation_id=uuid4().hex))
            self.server.statuses.append(result["statusCode"])
            self.send_response(result["statusCode"])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Shim)
    server.secret, server.statuses = "", []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Chat:
    """A person who talks to our bot through the peer."""

    peer: str
    webhook: HTTPServer
    person: int

    def send(self, **update: Any) -> None:
        """Delivers an update and returns when the function has answered it."""
        person = {"id": self.person, "first_name": "Ann", "username": "ann_m"}
        address = f"{self.peer}/api/v1/test/send_update?bot_token={TOKEN}&session_id={self.person}"
        body = {"chat_id": self.person, "from_user": person, **update}
        answer = requests.post(address, json=body, headers={"Authorization": "Bearer peer"}, timeout=60)
        assert answer.ok, answer.text
        assert self.webhook.statuses[-1] == 200

    def press(self, message: dict[str, Any], text: str) -> None:
        rows = message["reply_markup"]
        rows = (json.loads(rows) if isinstance(rows, str) else rows)["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if button["text"] == text)
        self.send(callback_data=data, callback_message_id=message["message_id"])

    def said(self, method: str) -> list[dict[str, Any]]:
        address = f"{self.peer}/api/v1/test/responses?session_id={self.person}"
        answer = requests.get(address, headers={"Authorization": "Bearer peer"}, timeout=60).json()
        return [one for one in answer["responses"] if one["method"] == method]

    def download(self, file_id: str) -> Image.Image:
        asked = requests.post(f"{self.peer}/bot{TOKEN}/getFile", json={"file_id": file_id}, timeout=60)
        file = asked.json()["result"]
        data = requests.get(f"{self.peer}/file/bot{TOKEN}/{file['file_path']}", timeout=60).content
        return Image.open(io.BytesIO(data))


@pytest.fixture
def chat(peer, webhook, database, crm, store, monkeypatch) -> Iterator[Chat]:
    monkeypatch.setenv("TELEGRAM_API_BASE", peer)
    monkeypatch.setenv("SECRETS_KEYS", "k1:" + base64.b64encode(b"k" * 32).decode())
    kept = (config.optional, crypto._keys, services.coupons, services.renders, services.sender, services.update_handler)
    for cache in kept:
        cache.cache_clear()
    crm.know(CODE, percent=30)
    settings = TenantSettings(
        referral_link="https://example.com/?promo={code}", coupon_providers=(FunderProSettings(),)
    )
    # The peer knows one bot only, so the module's tests share its tenant.
    tenant_id = tenants.find_tenant_id("peer") or tenants.ensure_tenant("peer", name="Peer", settings=settings)
    bucket = spaces.public_bucket()
    Gallery(store=bucket, assets=spaces.CachedReads(bucket)).publish(tenant_id, template(), position=0)
    bot = bots.connect(tenant_id, TOKEN, webhook_base=f"http://127.0.0.1:{webhook.server_port}", call=_call)
    webhook.secret = bots.webhook_of(tenant_id, bot.id)[1]
    yield Chat(peer, webhook, person=700_000_000 + int(uuid4().hex[:6], 16))
    for cache in kept:
        cache.cache_clear()


def _call(token: str, method: str, params: dict[str, Any]) -> Any:
    """As our bot calls Telegram, less the method that the peer doesn't know."""
    return True if method in NOT_AT_THE_PEER else telegram_bot.call(token, method, params)


def test_a_link_a_code_a_button_and_a_picture_sent_again(chat):
    chat.send(command="/start camp_7")
    assert len(chat.said("sendMessage")) == 1

    chat.send(text=CODE.lower())
    (gallery,) = chat.said("sendPhoto")
    assert CODE in gallery["caption"]
    chat.press(gallery, "Feed")
    photo = chat.said("sendPhoto")[1]
    assert f"https://example.com/?promo={CODE}" in photo["caption"]
    with chat.download(photo["file_id"]) as picture:
        assert (picture.format, picture.size) == ("JPEG", (360, 450))
    assert chat.said("answerCallbackQuery")

    chat.press(gallery, "Feed")
    again = chat.said("sendPhoto")[2]
    assert again["file_id"] == photo["file_id"]


def test_without_the_secret_nothing_is_answered(chat):
    chat.webhook.secret = "guess"
    address = f"{chat.peer}/api/v1/test/send_update?bot_token={TOKEN}"
    body = {"chat_id": chat.person, "command": "/start"}
    requests.post(address, json=body, headers={"Authorization": "Bearer peer"}, timeout=60)

    assert chat.webhook.statuses == [401]
    assert chat.said("sendMessage") == []
