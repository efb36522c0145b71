"""One conversation through our simulator and through telemelya, a mock that others wrote: the answers have one shape.

telemelya needs other versions than ours, so it lives in an environment of its own under .local/peers.
"""

import io
from collections.abc import Callable
from typing import Any

import pytest
import requests
from PIL import Image
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update

from .conftest import Receiver, Telegram, run, wait_for

TOKEN = "123456789:ABCDefGhIjKlMnOpQrStUvWxYz"
PERSON = 777
# Telegram shows these in getMe only; telemelya repeats them in each message's sender.
ONLY_IN_GET_ME = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
Paths = dict[str, str]


def shape(value: Any, path: str = "") -> Paths:
    """path → type of each leaf; lists count as their first item, nulls as absent."""
    if isinstance(value, dict):
        return {key: kind for name, one in value.items() for key, kind in shape(one, f"{path}.{name}").items()}
    if isinstance(value, list):
        return shape(value[0], f"{path}[]") if value else {}
    return {} if value is None else {path: type(value).__name__}


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), "navy").save(buffer, "JPEG")
    return buffer.getvalue()


def converse(base: str, receiver: Receiver, act: Callable[..., None]) -> dict[str, Paths]:
    """The same steps against either server; the shape of every answer and update."""
    shapes: dict[str, Paths] = {}

    def call(method: str, files: dict[str, Any] | None = None, **params: Any) -> Any:
        address = f"{base}/bot{TOKEN}/{method}"
        answer = requests.post(address, data=params, files=files, timeout=60) if files else requests.post(
            address, json=params, timeout=60)  # fmt: skip
        assert answer.json()["ok"], answer.text
        shapes[method] = shape(answer.json())
        return answer.json()["result"]

    call("getMe")
    call("setWebhook", url=receiver.url)
    act("start")
    update = wait_for(lambda: receiver.got and receiver.got[-1])
    shapes["update message"] = shape(update)
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = call("sendMessage", chat_id=PERSON, text="Choose", reply_markup=markup)
    photo = call("sendPhoto", files={"photo": ("p.jpg", picture())}, chat_id=PERSON, caption="c")
    file = call("getFile", file_id=photo["photo"][-1]["file_id"])
    data = requests.get(f"{base}/file/bot{TOKEN}/{file['file_path']}", timeout=60).content
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (800, 600)
    call("sendPhoto", chat_id=PERSON, photo=photo["photo"][-1]["file_id"], caption="again")
    call("editMessageText", chat_id=PERSON, message_id=sent["message_id"], text="Chosen", reply_markup=markup)
    act("press", message_id=sent["message_id"])
    update = wait_for(lambda: next((one for one in receiver.got if "callback_query" in one), None))
    shapes["update callback_query"] = shape(update)
    call("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="ok")
    call("deleteWebhook")
    return shapes


@pytest.fixture
def theirs(peer: str, receiver: Receiver) -> dict[str, Paths]:
    def act(what: str, message_id: int = 0) -> None:
        press = {"callback_data": "go", "callback_message_id": message_id}
        body = {"chat_id": PERSON, "from_user": {"id": PERSON, "first_name": "Ann", "username": "ann_m"}}
        body |= {"command": "/start abc"} if what == "start" else press
        address = f"{peer}/api/v1/test/send_update?bot_token={TOKEN}"
        assert requests.post(address, json=body, headers={"Authorization": "Bearer peer"}, timeout=60).ok

    shapes = converse(peer, receiver, act)
    receiver.got.clear()
    return shapes


@pytest.fixture
def ours(telegram: Telegram, receiver: Receiver, theirs: dict[str, Paths]) -> dict[str, Paths]:
    telegram.bot(token=TOKEN)
    telegram.person(id=PERSON)
    who = {"bot": "promo_bot", "user": PERSON}

    def act(what: str, message_id: int = 0) -> None:
        if what == "start":
            telegram.control("POST", "/start", **who, payload="abc")
        else:
            telegram.control("POST", "/press", **who, message_id=message_id, data="go")

    return converse(telegram.base, receiver, act)


def test_all_that_the_peer_answers_we_answer_alike(theirs, ours):
    assert theirs.keys() == ours.keys()
    missing = {
        f"{step}{path}: {kind}, ours {ours[step].get(path)}"
        for step, paths in theirs.items()
        for path, kind in paths.items()
        if ours[step].get(path) != kind and not path.endswith(ONLY_IN_GET_ME)
    }
    assert missing == set()


def test_the_same_stock_client_works_on_both(peer, telegram):
    telegram.bot(token=TOKEN)
    telegram.person(id=PERSON)
    telegram.control("POST", "/start", bot="promo_bot", user=PERSON)

    async def work(base: str) -> tuple[Any, ...]:
        async with Bot(TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
            buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
            sent = await bot.send_photo(PERSON, picture(), caption="c", reply_markup=buttons)
            file = await bot.get_file(sent.photo[-1].file_id)
            again = await bot.send_photo(PERSON, sent.photo[-1].file_id)
            with Image.open(io.BytesIO(bytes(await file.download_as_bytearray()))) as image:
                return sent.caption, sent.reply_markup, sent.chat.id, image.size, len(again.photo) > 0

    assert run(work(peer)) == run(work(telegram.base))


def test_updates_of_both_are_understood(theirs, ours, receiver):
    updates = [Update.de_json(update, Bot(TOKEN)) for update in receiver.got]

    assert [type(update.callback_query or update.message).__name__ for update in updates] == [
        "Message",
        "CallbackQuery",
    ]
    assert isinstance(updates[1].callback_query, CallbackQuery)
