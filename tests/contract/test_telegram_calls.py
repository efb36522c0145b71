"""Every call of the product to Telegram is one that Telegram would take: types by aiogram's models, lengths by rule."""

import json
import time
from typing import Any
from uuid import uuid4

import requests

from tests.conftest import Stack

from .telegram_calls import assert_valid, find_problems

BUTTON = {"text": "Go", "callback_data": "go"}
DEADLINE_S = 60


def call(method: str, /, files: dict[str, int] | None = None, **params: Any) -> dict[str, Any]:
    """A recorded call; files: part → bytes."""
    parts = {name: {"name": name, "bytes": size} for name, size in (files or {}).items()}
    return {"id": 1, "method": method, "params": params, "files": parts, "answer": None}


def markup(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{**BUTTON, **button}]]}


def url_button(url: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", "url": url}]]}


GOOD = [
    call("sendMessage", chat_id="7", text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML", reply_markup=markup()),
    call("sendMessage", chat_id="7", text="a\\.b", parse_mode="MarkdownV2", protect_content="true"),
    call("sendMessage", chat_id="@deals", text="x", reply_markup=url_button("https://t.me/b?start=" + "x" * 64)),
    call("sendPhoto", files={"photo": 10 * 1024 * 1024}, chat_id="7", caption="😀" * 512),
    call("sendDocument", files={"document": 50 * 1024 * 1024}, chat_id="7"),
    call("sendMediaGroup", chat_id="7", media=[{"type": "photo", "media": "AgAC"}] * 2),
    call("editMessageMedia", files={"media": 9}, chat_id="7", message_id="3", media={"type": "photo", "caption": "c"}),
    call("answerCallbackQuery", callback_query_id="1", text="x" * 200, show_alert="true"),
    call("setMyCommands", commands=[{"command": "start", "description": "Begin"}]),
    call("setWebhook", url="https://a.example/x", secret_token="s" * 256, allowed_updates=["message"]),
    call("answerInlineQuery", inline_query_id="1", results=[
        {"type": "photo", "id": "x" * 64, "photo_file_id": "AgAC", "reply_markup": markup()}]),
]  # fmt: skip

BAD = [
    (call("sendMessage", chat_id="7"), "text: Field required"),
    (call("sendMessage", chat_id="7", text="x" * 4097), "4097 characters in text"),
    (call("sendMessage", chat_id="7", text="😀" * 2049), "4098 characters in text"),
    (call("sendMessage", chat_id="7", text=" "), "0 characters in text"),
    (call("sendMessage", chat_id="7", text="<b>x", parse_mode="HTML"), "Can't find end tag"),
    (call("sendMessage", chat_id="7", text="30.", parse_mode="MarkdownV2"), "is reserved"),
    (call("sendMessage", chat_id="7", text="x", mood="good"), "mood: unknown"),
    (call("sendMessage", chat_id="7", text="x", reply_markup=markup(colour="red")), "colour: unknown"),
    (call("sendMessage", chat_id="7", text="x", protect_content="perhaps"), "protect_content"),
    (call("sendMessage", chat_id="7", text="x", reply_markup=markup(callback_data="ж" * 33)), "66 bytes in callback"),
    (call("sendMessage", chat_id="7", text="x", reply_markup=markup(text=" ")), "0 characters in a button"),
    (call("sendMessage", chat_id="7", text="x", reply_markup={"inline_keyboard": [[7]]}), "inline_keyboard"),
    (call("sendMessage", chat_id="7", text="x", reply_markup=url_button("http://shop.example")), "not https"),
    (call("sendMessage", chat_id="7", text="x", reply_markup=url_button("https://t.me/b?start=a.b")), "payload"),
    (call("sendMessage", chat_id="7", text="https://t.me/b?start=" + "x" * 65), "payload"),
    (call("sendPhoto", chat_id="7"), "photo: Field required"),
    (call("sendPhoto", files={"photo": 10 * 1024 * 1024 + 1}, chat_id="7"), "bytes in photo"),
    (call("sendPhoto", files={"photo": 1}, chat_id="7", caption="x" * 1025), "1025 characters in caption"),
    (call("sendMediaGroup", chat_id="7", media=[{"type": "photo", "media": "A"}]), "1 items in an album"),
    (call("sendMediaGroup", chat_id="7", media=[{"type": "photo"}] * 2), "media"),
    (call("editMessageText", chat_id="7", message_id="three", text="x"), "message_id"),
    (call("answerCallbackQuery", callback_query_id="1", text="x" * 201), "201 characters in text"),
    (call("setMyCommands", commands=[{"command": "No", "description": "x"}]), "a command is not"),
    (call("setMyCommands", commands=[{"command": "a", "description": ""}]), "0 characters in a command"),
    (call("setMyShortDescription", short_description="x" * 121), "121 characters"),
    (call("setWebhook", url="https://a.example/x"), "without a secret"),
    (call("setWebhook", url="http://a.example/x", secret_token="s"), "not https"),
    (call("answerInlineQuery", inline_query_id="1", results=[{"type": "game", "id": "x" * 65, "game_short_name": "g"}]),
     "65 bytes in a result's id"),
    (call("sendPigeon", chat_id="7"), "no such method"),
    ({**call("getMe"), "answer": {"ok": True, "result": {"id": 1}}}, "answer: is_bot"),
]  # fmt: skip


def test_good_calls_have_no_problem() -> None:
    assert find_problems(GOOD) == []


def test_every_bad_call_is_found() -> None:
    """One run of the models for all: each start of aiogram costs seconds."""
    numbered = [{**bad, "id": number} for number, (bad, _) in enumerate(BAD)]
    problems = find_problems(numbered)

    unseen = [
        f"{bad['method']}: {words}"
        for number, (bad, words) in enumerate(BAD)
        if not any(one.startswith(f"call {number} ") and words in one for one in problems)
    ]
    assert unseen == []


class Telegram:
    """The product's simulator and a person of its own."""

    def __init__(self, stack: Stack) -> None:
        self.base = json.loads((stack.data_dir / "run.json").read_text())["telegram"]
        self.bot = self.ask("GET", "/bots")[0]["id"]
        self.user = self.ask("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:12]}")["id"]

    def ask(self, method: str, path: str, /, **body: Any) -> Any:
        answer = requests.request(method, f"{self.base}/_control{path}", json=body or None, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def act(self, path: str, **body: Any) -> None:
        self.ask("POST", path, bot=self.bot, user=self.user, **body)

    def wait_for(self, count: int) -> dict[str, Any]:
        """The bot's newest message once it has sent that many."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            shown = self.ask("GET", f"/messages?bot={self.bot}&user={self.user}")["messages"]
            said = [one["message"] for one in shown if one["author"] == self.bot]
            if len(said) >= count:
                return said[-1]
            assert time.monotonic() < deadline, said
            time.sleep(0.1)  # between two looks at the chat


def test_every_call_of_the_suite_is_one_that_telegram_takes(stack: Stack) -> None:
    """A conversation of its own, then all calls that the running product has made so far, also for other tests."""
    telegram = Telegram(stack)
    telegram.act("/start")
    telegram.wait_for(1)
    telegram.act("/send", text="WELCOME-30")
    gallery = telegram.wait_for(2)
    telegram.act("/press", message_id=gallery["message_id"], text="Story")
    photo = telegram.wait_for(3)
    telegram.act("/press", message_id=photo["message_id"], text="As a file")
    assert "document" in telegram.wait_for(4)

    assert_valid(telegram.base, at_least=5)
