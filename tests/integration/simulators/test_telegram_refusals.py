"""Calls that Telegram refuses: each with the status and the words of the vendor's own server.

The words are those of tdlib/telegram-bot-api (Client.cpp) and tdlib/td (MessageEntity.cpp, MessagesManager.cpp,
MessageContent.cpp, ReplyMarkup.cpp); upper-case codes are those of core.telegram.org/method.
"""

import base64
import io
from typing import Any

import pytest
import requests
from PIL import Image

from .conftest import Scene

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
NO_END = "can't parse entities: Can't find end tag corresponding to start tag \"b\""
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
WRONG_ID = "Bad Request: wrong file identifier/HTTP URL specified"
HELLO = {"text": "hello"}


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "go", **fields}]]}


def html(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML"}


# (method, parameters, description after "Bad Request: "); chat_id is the person unless given, MESSAGE the bot's text
BAD_REQUESTS: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {**HELLO, "chat_id": None}, "chat_id is empty"),
    ("sendMessage", {**HELLO, "chat_id": 999}, "chat not found"),
    ("sendMessage", {**HELLO, "chat_id": -100999}, "chat not found"),
    ("sendMessage", {**HELLO, "chat_id": "@nobody_here"}, "chat not found"),
    ("sendMessage", {**HELLO, "chat_id": "rubbish"}, "chat not found"),
    ("sendMessage", {}, "message text is empty"),
    ("sendMessage", {"text": " \n "}, "message text is empty"),
    ("sendMessage", html("<b> </b>"), "message text is empty"),
    ("sendMessage", {"text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {**HELLO, "parse_mode": "XML"}, "unsupported parse_mode"),
    ("sendMessage", {**HELLO, "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ("sendMessage", {**HELLO, "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ("sendMessage", {**HELLO, "reply_parameters": "7"}, "object expected as reply parameters"),
    ("sendMessage", {**HELLO, "entities": [{"offset": 0}]}, "can't parse MessageEntity: Can't find field \"length\""),
    ("sendMessage", {"text": "x" * (2**15 + 1)}, "text is too long"),
    ("sendMessage", {**HELLO, "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", {**HELLO, "reply_markup": "[]"}, "object expected as reply markup"),
    (
        "sendMessage",
        {**HELLO, "reply_markup": {"inline_keyboard": [{"text": "a"}]}},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    (
        "sendMessage",
        {**HELLO, "reply_markup": button()},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    ("sendMessage", {**HELLO, "reply_markup": button(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {**HELLO, "reply_markup": button(callback_data="ж" * 33)}, "BUTTON_DATA_INVALID"),
    (
        "sendMessage",
        {**HELLO, "reply_markup": button(text=" ", callback_data="a")},
        "inline keyboard button text must be non-empty",
    ),
    (
        "sendMessage",
        {**HELLO, "reply_markup": button(url="nonsense")},
        "inline keyboard button URL 'nonsense' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        {**HELLO, "reply_markup": button(url="ftp://example.com")},
        "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ),
    (
        "sendMessage",
        {**HELLO, "reply_markup": {"keyboard": [[7]]}},
        "can't parse keyboard button: KeyboardButton must be a String or an Object",
    ),
    ("sendMessage", {**HELLO, "reply_markup": {"keyboard": [[""]]}}, "keyboard button text must be non-empty"),
    ("sendMessage", html("a<b"), "can't parse entities: Unclosed start tag at byte offset 1"),
    ("sendMessage", html("<p>x</p>"), 'can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
    ("sendMessage", html("é<br/>"), 'can\'t parse entities: Unsupported start tag "br/" at byte offset 2'),
    ("sendMessage", html("x</b>"), "can't parse entities: Unexpected end tag at byte offset 1"),
    (
        "sendMessage",
        html("<b>x</i>"),
        'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    ("sendMessage", html("<b>x"), "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ("sendMessage", html("<b>x</b"), "can't parse entities: Unclosed end tag at byte offset 4"),
    (
        "sendMessage",
        html("<span>x</span>"),
        'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    ("sendPhoto", {}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "attach://missing"}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "!!!!"}, "wrong remote file identifier specified: Wrong character in the string"),
    ("sendPhoto", {"photo": "AAAAA"}, "wrong remote file identifier specified: Wrong padding length"),
    (
        "sendPhoto",
        {"photo": "AgACAgIAAxkBAAI"},
        "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
    ),
    ("sendPhoto", {"photo": "ftp://a.example/x.png"}, "invalid file HTTP URL specified: Unsupported URL protocol"),
    ("sendPhoto", {"photo": "http://127.0.0.1:9/x.png"}, "failed to get HTTP URL content"),
    ("sendPhoto", {"photo": "PHOTO", "caption": "x" * 1025}, "message caption is too long"),
    ("sendPhoto", {"photo": "DOCUMENT"}, "can't use file of type Document as Photo"),
    ("sendDocument", {"document": "PHOTO"}, "can't use file of type Photo as Document"),
    ("getFile", {}, "file_id not specified"),
    ("getFile", {"file_id": "AAAAA"}, "wrong remote file identifier specified: Wrong padding length"),
    ("editMessageText", {"text": "x"}, "message to edit not found"),
    ("editMessageText", {"text": "x", "chat_id": None}, "message identifier is not specified"),
    ("editMessageText", {"text": "x", "chat_id": None, "inline_message_id": "none"}, "MESSAGE_ID_INVALID"),
    ("editMessageText", {**html("<b>x"), "message_id": "MESSAGE"}, NO_END),
    ("editMessageText", {"text": "x" * 4097, "message_id": "MESSAGE"}, "message is too long"),
    ("editMessageCaption", {"caption": "x" * 1025, "message_id": "PICTURE"}, "message caption is too long"),
    ("editMessageCaption", {"message_id": "PICTURE"}, NOT_MODIFIED[13:]),
    ("editMessageMedia", {"message_id": "PICTURE"}, 'parameter "media" is required'),
    (
        "editMessageMedia",
        {"message_id": "PICTURE", "media": {"type": "story", "media": "PHOTO"}},
        'can\'t parse InputMedia: type "story" is unsupported',
    ),
    ("editMessageText", {"text": "x", "message_id": 999}, "message to edit not found"),
    ("editMessageText", {"text": "x", "message_id": 1}, "message can't be edited"),
    ("editMessageText", {"text": "", "message_id": "MESSAGE"}, "message text is empty"),
    ("editMessageText", {"text": "x", "message_id": "PICTURE"}, "there is no text in the message to edit"),
    ("editMessageText", {"text": "sent", "message_id": "MESSAGE"}, NOT_MODIFIED[13:]),
    ("editMessageReplyMarkup", {"message_id": "MESSAGE"}, NOT_MODIFIED[13:]),
    (
        "editMessageReplyMarkup",
        {"message_id": "MESSAGE", "reply_markup": {"keyboard": [["a"]]}},
        "inline keyboard expected",
    ),
    ("editMessageCaption", {"caption": "x", "message_id": "MESSAGE"}, "there is no caption in the message to edit"),
    ("editMessageMedia", {"message_id": "MESSAGE", "media": "{"}, "can't parse input media JSON object"),
    (
        "editMessageMedia",
        {"message_id": "MESSAGE", "media": {"type": "photo"}},
        "can't parse InputMedia: media not found",
    ),
    ("deleteMessage", {"message_id": 999}, "message to delete not found"),
    ("deleteMessage", {}, "message identifier is not specified"),
    ("deleteMessage", {"message_id": 1, "chat_id": None}, "chat identifier is not specified"),
    ("deleteMessages", {"message_ids": "[]"}, "message identifiers are not specified"),
    ("deleteMessages", {"message_ids": "{"}, "can't parse message_ids JSON object"),
    ("deleteMessages", {"message_ids": "{}"}, "expected an Array of message identifiers"),
    ("deleteMessages", {"message_ids": [1] * 101}, "too many message identifiers specified"),
    ("deleteMessages", {"message_ids": ["a"]}, "message identifier must be a Number"),
    ("deleteMessages", {"message_ids": [0]}, "invalid message identifier specified"),
    ("copyMessage", {"message_id": 1}, 'parameter "from_chat_id" is required'),
    ("copyMessage", {"message_id": 999, "from_chat_id": "PERSON"}, "message to copy not found"),
    ("copyMessage", {"message_id": 1, "from_chat_id": 424242}, "chat not found"),
    ("copyMessages", {"message_ids": [999], "from_chat_id": "PERSON"}, "there are no messages to forward"),
    ("sendChatAction", {"action": "dance"}, "wrong parameter action in request"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD[13:]),
    ("setMyCommands", {"commands": [{"command": "No!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
        "BOT_COMMANDS_TOO_MUCH",
    ),
    ("setMyCommands", {"commands": "{}"}, "expected an Array of BotCommand"),
    ("setMyCommands", {"commands": "{"}, "can't parse commands JSON object"),
    ("setMyCommands", {"commands": [7]}, "can't parse BotCommand: expected an Object"),
    ("setMyCommands", {"commands": [{"command": "a"}]}, "can't parse BotCommand: Can't find field \"description\""),
    ("setMyCommands", {"scope": "[]x"}, "can't parse BotCommandScope JSON object"),
    ("setMyCommands", {"scope": "7"}, "can't parse BotCommandScope: BotCommandScope must be an Object"),
    ("setMyCommands", {"scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported type specified"),
    ("setMyCommands", {"scope": {"type": "chat"}}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
    ("setMyCommands", {"scope": {"type": "chat", "chat_id": 424242}}, "chat not found"),
    ("setChatMenuButton", {"menu_button": "{"}, "can't parse menu button JSON object"),
    (
        "setChatMenuButton",
        {"menu_button": {"type": "moon"}},
        "can't parse menu button: MenuButton has unsupported type",
    ),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "PHOTO"}]}, "wrong number of messages to send specified"),
    ("sendMediaGroup", {"media": "[]"}, "there are no messages to send"),
    ("sendMediaGroup", {"media": "{"}, "can't parse media JSON object"),
    ("sendMediaGroup", {"media": "{}"}, "expected an Array of InputMedia"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "PHOTO"}] * 11}, "too many messages to send as an album"),
    ("setWebhook", {"url": "https://exa mple.com:x/"}, "invalid webhook URL specified"),
    ("setWebhook", {"url": "http://example.com/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    (
        "setWebhook",
        {"url": "https://example.com:9000/x"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    (
        "setWebhook",
        {"url": "https://example.com/", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    ("setWebhook", {"url": "https://example.com/", "secret_token": "a" * 257}, "secret token is too long"),
    ("getChat", {"chat_id": 424242}, "chat not found"),
    ("getChatMember", {"user_id": 424242}, "user not found"),
    ("getChatAdministrators", {}, "there are no administrators in the private chat"),
    ("forwardMessage", {"from_chat_id": "PERSON", "message_id": 999}, "message to forward not found"),
]


def png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(scene: Scene, method: str, part: str, data: bytes, **params: Any) -> dict[str, Any]:
    address = f"{scene.telegram.base}/bot{scene.token}/{method}"
    values = {"chat_id": str(scene.user_id), **params}
    return requests.post(address, data=values, files={part: ("x.png", data)}, timeout=60).json()


@pytest.mark.parametrize(("method", "params", "reason"), BAD_REQUESTS)
def test_a_bad_request_is_refused_in_telegrams_words(scene, method, params, reason):
    needed = {value for value in (*params.values(), str(params.get("media"))) if isinstance(value, str)}
    known: dict[str, Any] = {"PERSON": scene.user_id}
    if "MESSAGE" in needed:
        known["MESSAGE"] = scene.send(text="sent")["message_id"]
    if any("PHOTO" in value for value in needed) or "PICTURE" in needed:
        message = upload(scene, "sendPhoto", "photo", png(50, 50))["result"]
        known |= {"PICTURE": message["message_id"], "PHOTO": message["photo"][-1]["file_id"]}
    if "DOCUMENT" in needed:
        message = upload(scene, "sendDocument", "document", b"text")["result"]
        known["DOCUMENT"] = message["document"]["file_id"]
    given = {name: known.get(value, value) if isinstance(value, str) else value for name, value in params.items()}

    answer = scene.telegram.call(scene.token, method, **{"chat_id": scene.user_id, **given})

    assert answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2001, 100), "PHOTO_INVALID_DIMENSIONS"),
        (
            b"x" * (10 * 1024 * 1024 + 1),
            "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
    ],
)
def test_a_bad_photo_is_refused(scene, data, reason):
    answer = upload(scene, "sendPhoto", "photo", data)

    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")


def test_a_photo_at_the_limits_is_taken(scene):
    assert upload(scene, "sendPhoto", "photo", png(2000, 100))["ok"]
    assert upload(scene, "sendPhoto", "photo", png(5000, 5000), caption="x" * 1024)["ok"]


def test_a_request_over_fifty_megabytes_is_413(scene):
    answer = upload(scene, "sendDocument", "document", bytes(52 * 1024 * 1024))

    assert answer == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("bot123:never_existed/getMe", 401, "Unauthorized"),
        ("botnonsense/getMe", 404, "Not Found"),
        ("bot{token}/dance", 404, "Not Found: method not found"),
    ],
)
def test_wrong_tokens_and_methods(scene, path, status, description):
    answer = requests.post(f"{scene.telegram.base}/{path.format(token=scene.token)}", timeout=60)

    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


def test_a_revoked_token_is_401(scene):
    scene.telegram.control("POST", "/bots/revoke", bot=scene.bot_id)

    assert scene.call("getMe")["error_code"] == 401


def test_lengths_count_after_parsing(scene):
    """4096 visible characters are fine however long their markup is; a character outside the BMP counts twice."""
    assert scene.call("sendMessage", chat_id=scene.user_id, **html("<b>x</b>" * 1000 + "y" * 3096))["ok"]
    assert scene.call("sendMessage", chat_id=scene.user_id, text="😀" * 2048)["ok"]


def test_a_file_id_works_for_one_bot_only_and_can_expire(scene):
    telegram = scene.telegram
    file_id = upload(scene, "sendPhoto", "photo", png(50, 50))["result"]["photo"][-1]["file_id"]
    other = telegram.bot(username="other_bot")
    telegram.control("POST", "/start", bot=other["id"], user=scene.user_id)

    answer = telegram.call(other["token"], "sendPhoto", chat_id=scene.user_id, photo=file_id).json()
    assert (answer["error_code"], answer["description"]) == (400, WRONG_ID)

    assert scene.call("sendPhoto", chat_id=scene.user_id, photo=file_id)["ok"]
    telegram.control("POST", "/files/expire", file_id=file_id)
    assert scene.call("sendPhoto", chat_id=scene.user_id, photo=file_id)["description"] == WRONG_ID


def test_a_file_id_names_its_kind_and_bot(scene):
    """Opaque to callers, but a test of ours may read whose it is."""
    file_id = upload(scene, "sendPhoto", "photo", png(50, 50))["result"]["photo"][-1]["file_id"]
    plain = base64.urlsafe_b64decode(file_id + "=" * (-len(file_id) % 4))

    assert int.from_bytes(plain[1:9], "big") == scene.bot_id


def test_all_request_forms_are_understood(scene):
    """Query string, form, JSON and multipart carry the same call."""
    address = f"{scene.telegram.base}/bot{scene.token}/sendMessage"
    markup = '{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}'
    values = {"chat_id": str(scene.user_id), "text": "hi", "reply_markup": markup}
    answers = [
        requests.get(address, params=values, timeout=60),
        requests.post(address, data=values, timeout=60),
        requests.post(address, json=values, timeout=60),
        requests.post(address, files={name: (None, value) for name, value in values.items()}, timeout=60),
        requests.post(address.replace("sendMessage", "SENDMESSAGE"), data=values, timeout=60),
    ]

    assert [answer.json()["result"]["reply_markup"]["inline_keyboard"][0][0]["text"] for answer in answers] == ["a"] * 5
