"""Inline mode: what is typed, answered, chosen, pressed and edited; and managed bots."""

import pytest

from .test_telegram_refusals import png, upload

TEXT = {
    "type": "article",
    "id": "a",
    "title": "A",
    "input_message_content": {"message_text": "<b>30</b>", "parse_mode": "HTML"},
}
BUTTON = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


def ask(scene, query="WELCOME-30"):
    body = {"bot": scene.bot_id, "user": scene.user_id, "query": query}
    return scene.telegram.control("POST", "/inline", **body)["query_id"]


def answer(scene, query_id, *results, **params):
    return scene.call("answerInlineQuery", inline_query_id=query_id, results=list(results), **params)


def choose(scene, query_id, result_id, **place):
    return scene.telegram.control("POST", "/inline/choose", query_id=query_id, result_id=result_id, **place)


def last_update(scene, kind):
    updates = scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")
    return next(one["payload"] for one in reversed(updates) if one["kind"] == kind)


def test_a_chosen_result_is_sent_by_the_person_via_the_bot(scene):
    photo = upload(scene, "sendPhoto", "photo", png(50, 50))["result"]["photo"][-1]["file_id"]
    query = ask(scene)
    result = {"type": "photo", "id": "p", "photo_file_id": photo, "caption": "c", "reply_markup": BUTTON}
    assert answer(scene, query, TEXT, result)["ok"]
    channel = scene.telegram.control("POST", "/chats", title="Deals", members=[scene.user_id])["id"]

    sent = choose(scene, query, "p", chat=channel)["message_id"]

    shown = scene.telegram.control("GET", f"/messages?chat={channel}")["messages"][-1]["message"]
    assert (shown["message_id"], shown["caption"], shown["via_bot"]["username"]) == (sent, "c", "promo_bot")
    chosen = last_update(scene, "chosen_inline_result")
    assert (chosen["result_id"], chosen["query"]) == ("p", "WELCOME-30")
    press = {"chat": channel, "user": scene.user_id, "message_id": sent, "data": "go"}
    scene.telegram.control("POST", "/press", **press)
    pressed = last_update(scene, "callback_query")
    assert pressed["inline_message_id"] == chosen["inline_message_id"]
    assert "message" not in pressed
    edit = {"inline_message_id": chosen["inline_message_id"], "caption": "new"}
    assert scene.call("editMessageCaption", **edit) == {"ok": True, "result": True}
    assert scene.telegram.control("GET", f"/messages?chat={channel}")["messages"][-1]["message"]["caption"] == "new"


def test_a_text_result_in_the_bots_own_chat_comes_back_as_a_message(scene):
    query = ask(scene)
    answer(scene, query, TEXT)

    choose(scene, query, "a")

    message = last_update(scene, "message")
    assert (message["text"], message["entities"][0]["type"], message["via_bot"]["id"]) == ("30", "bold", scene.bot_id)
    assert "inline_message_id" not in last_update(scene, "chosen_inline_result")


@pytest.mark.parametrize(
    ("results", "params", "reason"),
    [
        ([{**TEXT, "id": "x" * 65}], {}, "RESULT_ID_INVALID"),
        ([{**TEXT, "id": "ж" * 33}], {}, "RESULT_ID_INVALID"),
        ([TEXT, TEXT], {}, "RESULT_ID_DUPLICATE"),
        ([TEXT] * 51, {}, "too many inline query results specified"),
        ([7], {}, "can't parse inline query result: Inline query result must be an object"),
        ([{"id": "a"}], {}, "can't parse inline query result: Can't find field \"type\""),
        ([{**TEXT, "title": " "}], {}, "ARTICLE_TITLE_EMPTY"),
        (
            [{"type": "article", "id": "a", "title": "A"}],
            {},
            "can't parse inline query result: Can't find field \"input_message_content\"",
        ),
        ([{**TEXT, "input_message_content": {"message_text": "x" * 4097}}], {}, "message is too long"),
        ([{"type": "photo", "id": "a", "photo_url": "https://a.example/p.jpg"}], {}, "PHOTO_THUMB_URL_EMPTY"),
        (
            [{"type": "photo", "id": "a"}],
            {},
            "can't parse inline query result: Can't find field \"photo_file_id\"",
        ),
        (
            [{"type": "hologram", "id": "a"}],
            {},
            'can\'t parse inline query result: type "hologram" is unsupported for the inline query result',
        ),
        ([{**TEXT, "reply_markup": {"keyboard": [["a"]]}}], {}, "inline keyboard expected"),
        (
            [],
            {"button": {"text": "Go"}},
            "can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field",
        ),
        ([], {"button": {"text": "Go", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ([], {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    ],
)
def test_a_bad_answer_is_refused(scene, results, params, reason):
    assert answer(scene, ask(scene), *results, **params)["description"] == f"Bad Request: {reason}"


def test_an_answer_after_thirty_seconds_is_too_late(scene):
    query = ask(scene)
    scene.telegram.control("PUT", "/clock", advance_s=31)

    assert answer(scene, query, TEXT)["description"].startswith("Bad Request: query is too old")


def test_inline_mode_can_be_off(scene):
    scene.telegram.bot(token=scene.token, has_inline=False)

    assert scene.call("getMe")["result"]["supports_inline_queries"] is False
    with pytest.raises(AssertionError, match="/setinline"):
        ask(scene)


def new_bot(scene, **fields):
    body = {"manager": scene.bot_id, "user": scene.user_id, "username": "shop_bot", "name": "Shop", **fields}
    return scene.telegram.control("POST", "/newbot", **body)


def test_a_managed_bot_is_made_told_and_its_token_replaced(scene):
    scene.telegram.bot(token=scene.token, can_manage_bots=True)
    made = new_bot(scene)

    told = last_update(scene, "managed_bot")
    assert (told["user"]["id"], told["bot"]["username"]) == (scene.user_id, "shop_bot")
    token = scene.call("getManagedBotToken", user_id=made["id"])["result"]
    assert scene.telegram.call(token, "getMe").json()["result"]["first_name"] == "Shop"
    fresh = scene.call("replaceManagedBotToken", user_id=made["id"])["result"]
    assert scene.telegram.call(token, "getMe").status_code == 401
    assert scene.telegram.call(fresh, "getMe").status_code == 200
    scene.telegram.control("POST", "/bots/token", bot=made["id"])
    assert scene.telegram.call(fresh, "getMe").status_code == 401
    assert scene.call("getManagedBotToken", user_id=made["id"])["result"] != fresh


def test_only_the_manager_gets_the_token(scene):
    other = scene.telegram.bot(username="other_bot")

    refusals = [
        scene.call("getManagedBotToken", user_id=user_id) for user_id in (0, 424242, scene.user_id, other["id"])
    ]

    assert [one["description"].removeprefix("Bad Request: ") for one in refusals] == [
        "invalid user_id specified", "user not found", "BOT_INVALID", "BOT_INVALID",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"username": "shop"}, "USERNAME_SUFFIX_MISSING"),
        ({"username": "promo_bot"}, "USERNAME_OCCUPIED"),
        ({"username": "1_bot"}, "USERNAME_INVALID"),
        ({"name": ""}, "NAME_INVALID"),
    ],
)
def test_a_managed_bot_needs_a_name_of_its_own(scene, fields, reason):
    scene.telegram.bot(token=scene.token, can_manage_bots=True)

    with pytest.raises(AssertionError, match=reason):
        new_bot(scene, **fields)


def test_a_bot_without_the_right_manages_none(scene):
    with pytest.raises(AssertionError, match="MANAGER_PERMISSION_MISSING"):
        new_bot(scene)
