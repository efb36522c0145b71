"""People and chats: starting, blocking, channels with rights, groups."""

import pytest


@pytest.fixture
def channel(scene):
    made = scene.telegram.control("POST", "/chats", title="Deals", username="deals_ch", members=[scene.user_id])
    return made["id"]


def join(scene, chat, **member):
    scene.telegram.control("POST", "/chats/bot", chat=chat, bot=scene.bot_id, **member)


def send(scene, chat, **params):
    return scene.call("sendMessage", **{"chat_id": chat, "text": "x", **params})


def updates(scene, kind):
    return [one["payload"] for one in scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")
            if one["kind"] == kind]  # fmt: skip


def test_start_with_a_payload_is_a_command_with_the_payload(scene):
    scene.telegram.control("POST", "/start", bot="promo_bot", user="ann_m", payload="abc-_1")

    message = updates(scene, "message")[-1]
    assert message["text"] == "/start abc-_1"
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert message["from"]["language_code"] == "en"


def test_a_bot_cannot_write_first(scene):
    stranger = scene.telegram.person(first_name="Eve", username="eve_s")["id"]
    assert send(scene, stranger)["description"] == "Bad Request: chat not found"

    group = scene.telegram.control("POST", "/chats", type="group", title="G", members=[stranger])["id"]
    join(scene, group, status="member")
    assert send(scene, stranger)["description"] == "Forbidden: bot can't initiate conversation with a user"


def test_blocking_and_unblocking_are_told(scene):
    telegram = scene.telegram
    telegram.control("POST", "/block", bot=scene.bot_id, user=scene.user_id)
    refused = send(scene, scene.user_id)
    assert (refused["error_code"], refused["description"]) == (403, "Forbidden: bot was blocked by the user")

    telegram.control("POST", "/unblock", bot=scene.bot_id, user=scene.user_id)
    assert send(scene, scene.user_id)["ok"]
    changes = updates(scene, "my_chat_member")
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


def test_a_deactivated_person_is_403(scene):
    scene.telegram.control("POST", "/users", id=scene.user_id, deactivated=True)

    assert send(scene, scene.user_id)["description"] == "Forbidden: user is deactivated"


def test_posting_to_a_channel_needs_the_right(scene, channel):
    assert send(scene, channel)["description"] == "Forbidden: bot is not a member of the channel chat"
    join(scene, channel, can_post_messages=False)
    assert send(scene, channel)["description"] == "Bad Request: need administrator rights in the channel chat"
    join(scene, channel, can_post_messages=True)

    post = send(scene, "@deals_ch")["result"]

    assert post["chat"] == {"id": channel, "type": "channel", "title": "Deals", "username": "deals_ch"}
    assert post["sender_chat"] == post["chat"]
    assert "from" not in post
    edited = scene.call("editMessageText", chat_id=channel, message_id=post["message_id"], text="y")
    assert edited["result"]["text"] == "y"
    assert scene.call("deleteMessage", chat_id=channel, message_id=post["message_id"])["ok"]


def test_a_removed_bot_is_told_and_refused(scene, channel):
    join(scene, channel, can_post_messages=True)
    join(scene, channel, status="kicked")

    assert send(scene, channel)["description"] == "Forbidden: bot was kicked from the channel chat"
    last = updates(scene, "my_chat_member")[-1]
    assert (last["old_chat_member"]["status"], last["new_chat_member"]["status"]) == ("administrator", "kicked")
    assert last["old_chat_member"]["can_post_messages"] is True


def test_membership_and_rights_can_be_looked_up(scene, channel):
    join(scene, channel, can_post_messages=True, can_edit_messages=True)

    me = scene.call("getChatMember", chat_id=channel, user_id=scene.bot_id)["result"]
    assert (me["status"], me["can_post_messages"], me["can_delete_messages"]) == ("administrator", True, False)
    admins = scene.call("getChatAdministrators", chat_id=channel)["result"]
    assert [admin["status"] for admin in admins] == ["creator", "administrator"]
    assert scene.call("getChatMemberCount", chat_id=channel)["result"] == 2
    assert scene.call("getChat", chat_id=channel)["result"]["title"] == "Deals"


def test_a_group_that_became_a_supergroup_names_its_new_id(scene):
    group = scene.telegram.control("POST", "/chats", type="group", title="G", members=[scene.user_id])["id"]
    join(scene, group, status="member")
    new = scene.telegram.control("POST", "/chats/migrate", chat=group)["id"]

    refused = send(scene, group)

    assert refused["parameters"] == {"migrate_to_chat_id": new}
    assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert send(scene, new)["ok"]


def test_a_press_waits_for_its_answer_and_expires(scene):
    telegram = scene.telegram
    message = scene.send(reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]})
    press = {"bot": scene.bot_id, "user": scene.user_id, "message_id": message["message_id"], "data": "a"}
    query = telegram.control("POST", "/press", **press)["query_id"]

    assert scene.call("answerCallbackQuery", callback_query_id=query, text="x" * 201)["description"].endswith("LONG")
    assert scene.call("answerCallbackQuery", callback_query_id=query, text="done")["ok"]
    late = telegram.control("POST", "/press", **press)["query_id"]
    telegram.control("PUT", "/clock", advance_s=151)
    assert scene.call("answerCallbackQuery", callback_query_id=late)["error_code"] == 400


def test_a_button_that_is_not_there_cannot_be_pressed(scene):
    message = scene.send()
    body = {"bot": scene.bot_id, "user": scene.user_id, "message_id": message["message_id"], "data": "a"}

    with pytest.raises(AssertionError, match="has no button"):
        scene.telegram.control("POST", "/press", **body)


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b> &lt;&amp;&gt;&quot;&#33;&#x21;", 'a <&>"!!', [(0, 1, "bold")]),
        ("  <i>x</i>\n", "x", [(0, 1, "italic")]),
        ("😀<b>b</b>", "😀b", [(2, 1, "bold")]),
        ("<b>a<i>b</i></b>", "ab", [(0, 2, "bold"), (1, 1, "italic")]),
        ("<a href='https://a.example/?x=1&amp;y'>l</a>", "l", [(0, 1, "text_link")]),
        ('<pre><code class="language-py">x</code></pre>', "x", [(0, 1, "pre")]),
        ("<tg-spoiler>s</tg-spoiler><span class='tg-spoiler'>s</span>", "ss", [(0, 1, "spoiler"), (1, 1, "spoiler")]),
        ("<blockquote expandable>q</blockquote>", "q", [(0, 1, "expandable_blockquote")]),
        ("go to https://a.example now", "go to https://a.example now", [(6, 17, "url")]),
        ("/help #tag @someone", "/help #tag @someone", [(0, 5, "bot_command"), (6, 4, "hashtag"), (11, 8, "mention")]),
        ("a & b &nbsp;", "a & b &nbsp;", []),
        ("<b></b>x", "x", []),
    ],
)
def test_html_becomes_text_and_entities(scene, html, text, entities):
    message = scene.send(text=html, parse_mode="HTML")

    assert message["text"] == text
    found = [(one["offset"], one["length"], one["type"]) for one in message.get("entities", [])]
    assert found == entities
