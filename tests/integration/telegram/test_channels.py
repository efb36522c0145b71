"""Channels: rights come and go, are lost and made good; nobody posts elsewhere than in his own channels."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from promostack.core import ids
from promostack.telegram import posts
from promostack.telegram.post_models import Deletion, Draft, NewCaption, NewPost
from tests.integration.telegram.channel_house import PICTURE, RIGHTS, House, soon


def test_a_channel_is_connected_once_renamed_and_told_to_who_did_it(connected: House) -> None:
    first = connected.channel()
    assert (first.title, first.username, first.connected_by, first.broken) == (
        "Gold",
        connected.username,
        connected.user,
        None,
    )
    assert "is connected" in connected.said()
    connected.place(**RIGHTS)
    news = {"message_id": 9, "date": int(datetime.now(UTC).timestamp()), "new_chat_title": "Platinum"}
    chat = {"id": connected.chat_id, "type": "channel", "title": "Gold", "username": "other_name"}
    assert connected.hand_in("channel_post", {**news, "chat": chat}) == "done"
    assert connected.database.query("SELECT title, username FROM channels WHERE bot_id = %s", connected.bot.id) == [
        ("Platinum", "other_name")
    ]
    assert connected.channel().id == first.id


def test_an_older_update_that_comes_later_changes_nothing(connected: House) -> None:
    told = connected.simulator.look("/updates", bot=connected.bot.username)[-1]["payload"]
    late = {**told, "date": told["date"] - 60, "new_chat_member": {**told["new_chat_member"], "status": "kicked"}}
    assert connected.hand_in("my_chat_member", late) == "done"
    assert connected.channel().broken is None


@pytest.mark.parametrize("rights", [{"can_post_messages": False}, {"status": "kicked"}, {"status": "left"}])
def test_what_waits_outlasts_lost_rights_and_goes_out_with_them(connected: House, rights: dict) -> None:
    connected.post(due_at=soon(seconds=0))
    connected.post(due_at=soon(days=3), caption="Later")
    connected.place(**rights)
    assert connected.channel().broken == ("no_rights" if rights.get("status") is None else "removed")
    assert [post.stands for post in connected.posts()] == ["held", "held"]
    assert "t.me" in connected.buttons()["Connect a channel"]
    connected.drain()
    assert connected.simulator.calls("sendPhoto", bot=connected.bot.username) == []
    connected.database.query(
        "UPDATE outbox SET finished_at = now() - interval '9 days' WHERE bot_id = %s AND state = 'cancelled'",
        connected.bot.id,
    )
    connected.place(**RIGHTS)
    assert [post.stands for post in connected.posts()] == ["scheduled", "sending"]
    connected.drain()
    assert [post["caption"] for post in connected.in_channel()] == ["Hello"]
    assert [post.stands for post in connected.posts()] == ["scheduled", "posted"]


def test_a_refusal_that_comes_before_the_news_is_one_try_and_is_made_good(connected: House) -> None:
    connected.post()
    connected.simulator.ask(
        "POST", "/chats/bot", chat=connected.chat_id, bot=connected.bot.username, can_post_messages=False
    )
    connected.drain()
    connected.drain()
    assert len(connected.simulator.calls("sendPhoto", bot=connected.bot.username)) == 1
    assert (connected.channel().broken, connected.posts()[0].stands) == ("refused", "held")
    connected.tap("ch:p1")
    assert "turns my posts in Gold away" in connected.said()
    connected.place(**RIGHTS)
    connected.drain()
    assert (connected.channel().broken, connected.posts()[0].stands) == (None, "posted")


def test_nobody_posts_to_a_channel_that_somebody_else_connected(connected: House) -> None:
    stranger = connected.simulator.ask("POST", "/users", first_name="Eve", username=f"u{uuid4().hex[:10]}")["id"]
    connected.simulator.ask("POST", "/start", bot=connected.bot.username, user=stranger)
    connected.have_picture(user=stranger)
    connected.post()
    (post,) = connected.posts()
    connected.tap("ch:p1", user=stranger)
    assert "No channel of yours" in connected.bot_messages(stranger)[-1]["text"]
    for data in (
        f"cc:{connected.channel().id}",
        f"pe:{post.id}",
        f"pr:{post.id}",
        f"ps:{post.id}",
        "pe:no-id",
        f"post:{post.id}:now",
    ):
        before = len(connected.bot_messages(stranger))
        connected.tap(data, user=stranger)
        assert len(connected.bot_messages(stranger)) == before
    draft = Draft(ids.new_id(), connected.channel().id, "Gold", PICTURE, "GOLD", "Mine")
    for change in (NewPost(draft, None), NewCaption(post.id, "Mine"), Deletion(post.id)):
        with pytest.raises((posts.ChannelNotFound, posts.PostNotFound)):
            connected.apply(change, person=stranger)
    assert [each.caption for each in connected.posts()] == ["Hello"]


def test_another_admins_change_of_rights_does_not_take_the_channel_over(connected: House) -> None:
    other = connected.simulator.ask("POST", "/users", first_name="Bob", username=f"u{uuid4().hex[:10]}")["id"]
    connected.place(by=other, **RIGHTS)
    assert connected.channel().connected_by == connected.user
    connected.place(by=other, status="kicked")
    connected.place(by=other, **RIGHTS)
    assert connected.channel().connected_by == other


def test_several_channels_are_offered_and_cancel_drops_the_preview(connected: House) -> None:
    first = connected.chat_id
    connected.chat_id = connected.simulator.ask(
        "POST", "/chats", type="channel", title="Silver", members=[connected.user]
    )["id"]
    connected.place(**RIGHTS)
    connected.tap("ch:p1")
    assert list(connected.buttons()) == ["Gold", "Silver"]
    connected.press("Silver")
    post_now = connected.buttons()["Post now"]
    connected.press("Cancel")
    assert connected.said() == "Nothing is posted."
    connected.tap(post_now)
    assert connected.in_channel() == []
    connected.chat_id = first
    assert connected.in_channel() == []
