"""What the client makes of answers, Telegram's own and those of somebody in between, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from promostack.core import config
from promostack.delivery import errors
from promostack.integrations import telegram_bot

PAGE = b"<html><body>no such page: chat not found</body></html>"


class Answering(BaseHTTPRequestHandler):
    answer: tuple[int, bytes] = (200, b"")

    def do_POST(self) -> None:  # the standard library's name
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Answering]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("TELEGRAM_API_BASE", f"http://127.0.0.1:{server.server_port}")
    config.optional.cache_clear()
    telegram_bot._bot.cache_clear()
    yield Answering
    server.shutdown()
    server.server_close()
    config.optional.cache_clear()
    telegram_bot._bot.cache_clear()


def outcome(answering: type[Answering], status: int, body: bytes) -> type[Exception]:
    answering.answer = status, body
    with pytest.raises(errors.PromoError) as raised:
        telegram_bot.call("1:token", "sendMessage", {"chat_id": 1, "text": "x"})
    return raised.type


@pytest.mark.parametrize("body", [b"", PAGE, b"[]", b'{"ok": true}', b'{"ok": true, "result": {"id": 1}}'])
def test_a_success_that_cannot_be_read_may_have_happened(answering, body: bytes) -> None:
    assert outcome(answering, 200, body) is errors.OutcomeUnknown


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
@pytest.mark.parametrize("body", [PAGE, b"", b'{"message": "no route"}', b'{"parameters": {"a": 1}}'])
def test_a_refusal_that_is_not_telegrams_is_tried_again(answering, status: int, body: bytes) -> None:
    assert outcome(answering, status, body) is errors.NotSent


@pytest.mark.parametrize("status", [500, 502, 504, 599])
def test_a_gateway_that_failed_may_have_passed_the_call_on(answering, status: int) -> None:
    assert outcome(answering, status, PAGE) is errors.OutcomeUnknown


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (401, "Unauthorized", errors.TokenRevoked),
        (404, "Not Found", errors.TokenRevoked),
        (403, "Forbidden: bot was blocked by the user", errors.RecipientGone),
        (400, "Bad Request: chat not found", errors.RecipientGone),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", errors.RecipientGone),
        (400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", errors.RecipientGone),
        (400, "Bad Request: not enough rights to send photos to the chat", errors.RecipientGone),
        (400, "Bad Request: not enough rights to send text messages to the chat", errors.RecipientGone),
        (400, "Bad Request: not enough rights to post messages in the channel", errors.RecipientGone),
        (400, "Bad Request: message text is empty", errors.SendFailed),
        (409, "Conflict: terminated by other getUpdates request", errors.SendFailed),
        (413, "Request Entity Too Large", errors.PictureRefused),
    ],
)
def test_what_telegram_says_itself_is_believed(answering, status: int, description: str, expected: type) -> None:
    body = json.dumps({"ok": False, "error_code": status, "description": description}).encode()
    assert outcome(answering, status, body) is expected


def test_a_picture_that_a_gateway_finds_too_large_goes_as_a_file(answering) -> None:
    assert outcome(answering, 413, PAGE) is errors.PictureRefused
