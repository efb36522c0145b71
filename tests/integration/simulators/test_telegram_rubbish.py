"""Rubbish in any parameter of any method is refused in the vendor's form, never with a crash."""

import json
import random

import pytest

from scripts.local.telegram.methods import METHODS

PARAMETERS = (
    "chat_id", "from_chat_id", "message_id", "message_ids", "text", "caption", "parse_mode", "entities",
    "caption_entities", "reply_markup", "reply_parameters", "photo", "document", "media", "file_id", "action",
    "commands",
    "scope", "language_code", "menu_button", "url", "secret_token", "allowed_updates", "max_connections", "user_id",
    "callback_query_id", "inline_query_id", "results", "offset", "limit", "name", "description", "short_description",
)  # fmt: skip
RUBBISH = (
    "", " ", "x", "0", "-1", "99999999999999999999", "null", "true", "{", "[]", "[[]]", "{}", "[1]", '["a"]', '{"a":1}',
    '{"type":"photo","media":7}', '[{"type":"photo"},{"type":7}]', '{"inline_keyboard":7}',
    '{"inline_keyboard":[[{"text":7}]]}', '{"inline_keyboard":[[{"text":"a","copy_text":7}]]}', '{"keyboard":[[{}]]}',
    '{"message_id":"x"}', '{"command":7}', '[{"command":7}]', '[{"offset":"x"}]', "attach://x", "@", "https://", "HTML",
    "<b>", "&#xffffffff;", "\x00", "😀", 7, -7, 1.5, True, [], {}, [None], {"a": []}, "é" * 5000,
)  # fmt: skip
ALLOWED = {200, 400, 403, 404, 409}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_survives_rubbish(scene, method):
    scene.send(reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]})
    good = {
        "chat_id": scene.user_id,
        "message_id": 2,
        "text": "t",
        "user_id": scene.user_id,
        "from_chat_id": scene.user_id,
    }
    chance = random.Random(method)
    for _ in range(60):
        params = {**good, **{chance.choice(PARAMETERS): chance.choice(RUBBISH) for _ in range(chance.randint(1, 3))}}
        answer = scene.telegram.call(scene.token, method, **params)
        about = f"{json.dumps(params)[:300]} → {answer.status_code} {answer.text[:200]}"
        assert answer.status_code in ALLOWED, about
        assert answer.json()["ok"] is (answer.status_code == 200), about
