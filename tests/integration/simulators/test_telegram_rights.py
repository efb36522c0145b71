"""What a bot may read, send, edit, delete and copy, by chat and by right."""

import pytest

from .test_telegram_refusals import png, upload


def chat(scene, kind, **member):
    """A chat of that kind with the person as owner and the bot as that member."""
    made = scene.telegram.control("POST", "/chats", type=kind, title="T", members=[scene.user_id])["id"]
    join(scene, made, **member)
    return made


def join(scene, chat_id, **member):
    scene.telegram.control("POST", "/chats/bot", chat=chat_id, bot=scene.bot_id, **member)


def write(scene, chat_id, text, **params):
    body = {"chat": chat_id, "user": scene.user_id, "text": text, **params}
    return scene.telegram.control("POST", "/send", **body)["update_ids"]


def refusal(answer):
    return answer["error_code"], answer.get("description", "")


def last_id(scene, chat_id):
    return scene.telegram.control("GET", f"/messages?chat={chat_id}")["messages"][-1]["message"]["message_id"]


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_a_kicked_bot_is_refused_by_the_kind_of_chat(scene, kind):
    where = chat(scene, kind, status="administrator", can_post_messages=True)
    assert scene.call("sendMessage", chat_id=where, text="x")["ok"]
    join(scene, where, status="kicked")

    assert refusal(scene.call("sendMessage", chat_id=where, text="x")) == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


def test_a_bot_that_left_is_no_member(scene):
    where = chat(scene, "group", status="member")
    assert scene.call("leaveChat", chat_id=where)["ok"]

    assert refusal(scene.call("sendMessage", chat_id=where, text="x")) == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )


def test_a_deleted_group_is_told_from_one_that_was_left(scene):
    where = chat(scene, "group", status="member")
    scene.telegram.control("POST", "/chats/delete", chat=where)

    assert refusal(scene.call("sendMessage", chat_id=where, text="x")) == (403, "Forbidden: the group chat was deleted")


def test_a_restricted_bot_sends_what_it_may(scene):
    where = chat(scene, "supergroup", status="restricted", can_send_messages=True)

    assert scene.call("sendMessage", chat_id=where, text="x")["ok"]
    refused = upload(scene, "sendPhoto", "photo", png(50, 50), chat_id=str(where))
    assert refused["description"] == "Bad Request: not enough rights to send photos to the chat"
    join(scene, where, status="restricted", can_send_photos=True)
    assert refusal(scene.call("sendMessage", chat_id=where, text="x"))[1].endswith("send text messages to the chat")
    assert scene.call("getChatMember", chat_id=where, user_id=scene.bot_id)["result"]["can_send_photos"] is True


def test_editing_and_deleting_posts_follow_the_rights(scene):
    channel = chat(scene, "channel", can_post_messages=True)
    own = scene.call("sendMessage", chat_id=channel, text="own")["result"]["message_id"]
    write(scene, channel, "owner's")
    foreign = last_id(scene, channel)

    def edit(message_id):
        return scene.call("editMessageText", chat_id=channel, message_id=message_id, text="edited")

    def delete(message_id):
        return scene.call("deleteMessage", chat_id=channel, message_id=message_id)

    assert edit(own)["ok"]
    assert refusal(edit(foreign))[1] == "Bad Request: message can't be edited"
    assert refusal(delete(foreign))[1] == "Bad Request: message can't be deleted"
    join(scene, channel, can_edit_messages=True, can_delete_messages=True)
    assert edit(foreign)["ok"]
    assert delete(foreign)["ok"]
    join(scene, channel)
    assert refusal(edit(own))[1] == "Bad Request: message can't be edited"
    join(scene, channel, status="left")
    assert refusal(delete(own))[1] == "Forbidden: bot is not a member of the channel chat"


def test_nothing_is_deleted_after_two_days(scene):
    message = scene.send()["message_id"]
    scene.telegram.control("PUT", "/clock", advance_s=48 * 3600 + 1)

    refused = scene.call("deleteMessage", chat_id=scene.user_id, message_id=message)
    assert refused["description"] == "Bad Request: message can't be deleted for everyone"
    assert scene.call("deleteMessages", chat_id=scene.user_id, message_ids=[message])["error_code"] == 400


def test_privacy_hides_a_groups_talk_from_the_bot(scene):
    group = chat(scene, "supergroup", status="member")
    other = scene.telegram.bot(username="other_bot")
    asked = scene.call("sendMessage", chat_id=group, text="Which code?")["result"]["message_id"]

    heard = {
        "talk": write(scene, group, "hello all"),
        "command": write(scene, group, "/generate"),
        "named": write(scene, group, "/generate@promo_bot"),
        "another's": write(scene, group, "/generate@other_bot"),
        "reply": write(scene, group, "WELCOME-30", reply_to=asked),
    }
    assert [name for name, updates in heard.items() if updates] == ["command", "named", "reply"]
    scene.telegram.bot(token=scene.token, has_privacy=False)
    assert write(scene, group, "hello all")
    assert scene.call("getMe")["result"]["can_read_all_group_messages"] is True
    assert scene.telegram.control("GET", f"/updates?bot={other['id']}") == []


def test_a_group_tells_who_came_went_and_where_it_moved(scene):
    group = chat(scene, "group", status="member")
    new = scene.telegram.control("POST", "/chats/migrate", chat=group)["id"]
    join(scene, new, status="kicked")

    updates = scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")
    notes = [one["payload"] for one in updates if one["kind"] == "message" and "text" not in one["payload"]]
    told = ("new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id")
    assert [(note["chat"]["id"], *(key for key in note if key in told)) for note in notes] == [
        (group, "new_chat_members"), (group, "migrate_to_chat_id"),
        (new, "migrate_from_chat_id"), (new, "left_chat_member"),
    ]  # fmt: skip
    assert notes[1]["migrate_to_chat_id"] == new
    assert scene.call("sendMessage", chat_id=group, text="x")["parameters"] == {"migrate_to_chat_id": new}


def test_copies_lose_their_origin_and_forwards_keep_it(scene):
    channel = chat(scene, "channel", can_post_messages=True)
    sent = upload(scene, "sendPhoto", "photo", png(50, 50), caption="old")["result"]["message_id"]
    source = {"chat_id": channel, "from_chat_id": scene.user_id, "message_id": sent}

    scene.call("copyMessage", **source, caption="<b>new</b>", parse_mode="HTML")
    copied = scene.telegram.control("GET", f"/messages?chat={channel}")["messages"][-1]["message"]
    forwarded = scene.call("forwardMessage", **source)["result"]

    assert (copied["caption"], copied["caption_entities"][0]["type"]) == ("new", "bold")
    assert "forward_origin" not in copied
    assert forwarded["forward_origin"]["sender_user"]["id"] == scene.bot_id
    assert forwarded["caption"] == "old"
    again = {"chat_id": channel, "message_id": forwarded["message_id"], "caption": "x"}
    assert scene.call("editMessageCaption", **again)["description"] == "Bad Request: message can't be edited"


def test_several_messages_are_copied_at_once(scene):
    first, second = scene.send(text="1")["message_id"], scene.send(text="2")["message_id"]
    secret = scene.send(text="3", protect_content=True)["message_id"]
    call = {"chat_id": scene.user_id, "from_chat_id": scene.user_id}

    assert len(scene.call("copyMessages", **call, message_ids=[first, 999, second])["result"]) == 2
    assert len(scene.call("forwardMessages", **call, message_ids=[first, second])["result"]) == 2
    refused = scene.call("copyMessage", **call, message_id=secret)
    assert refused["description"] == "Bad Request: message has protected content and can't be forwarded"
    assert scene.call("copyMessages", **call, message_ids=[999])["error_code"] == 400


def test_a_start_payload_is_what_a_link_can_carry(scene):
    for payload in ("x" * 65, "a b", "é"):
        with pytest.raises(AssertionError, match="1-64"):
            scene.telegram.control("POST", "/start", bot=scene.bot_id, user=scene.user_id, payload=payload)
    assert scene.telegram.control("POST", "/start", bot=scene.bot_id, user=scene.user_id, payload="x" * 64)["update_id"]
