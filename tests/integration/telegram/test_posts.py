"""Posts: taps are doubled, posts wait, change, repeat and end."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from promostack.db import connection
from promostack.db.uow import unit_of_work
from promostack.telegram import posts
from promostack.telegram.post_models import Deletion, NewCaption
from tests.integration.telegram.channel_house import RIGHTS, House, soon


def test_the_way_from_the_picture_to_the_channel_and_its_end(connected: House) -> None:
    connected.tap("ch:p1")
    preview = connected.bot_messages()[-1]
    assert (preview["caption"], "photo" in preview) == ("Code GOLD\nhttps://shop.example.com/?promo=GOLD", True)
    assert all(len(data.encode()) <= 64 for data in connected.buttons().values())
    connected.press("Post now")
    (post,) = connected.in_channel()
    assert (post["caption"], "reply_markup" in post) == (preview["caption"], False)
    assert connected.said() == "Posted in Gold."
    assert connected.buttons()["Open the post"] == f"https://t.me/{connected.username}/{post['message_id']}"
    connected.press("Edit caption")
    connected.write("x" * 1025)
    assert "1025 characters" in connected.said()
    connected.write("Now < 5 & more")
    assert connected.said() == "The caption in Gold is changed."
    assert connected.in_channel()[0]["caption"] == "Now < 5 & more"
    connected.press("Delete")
    connected.press("Yes, delete it")
    assert connected.said() == "Deleted from Gold."
    assert connected.in_channel() == []
    assert [post.stands for post in connected.posts()] == ["deleted"]
    left = connected.database.query(
        "SELECT count(*) FROM outbox WHERE bot_id = %s AND state IN ('waiting', 'leased')", connected.bot.id
    )
    assert left == [(0,)]


def test_two_taps_at_once_are_one_post(connected: House) -> None:
    connected.tap("ch:p1")
    data = connected.buttons()["Post now"]

    def tap() -> None:
        connected.tap(data)
        connection.discard()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert len(connected.in_channel()) == 1
    assert len(connected.posts()) == 1
    assert len([each for each in connected.bot_messages() if each.get("text") == "Posted in Gold."]) == 1


def test_who_dies_before_he_can_tell_is_stood_in_for(connected: House, monkeypatch) -> None:
    connected.tap("ch:p1")
    data = connected.buttons()["Post now"]

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(connected.sender, "send_own", die)
    with pytest.raises(Killed):
        connected.tap(data)
    monkeypatch.undo()
    connected.database.query(
        "UPDATE outbox SET lease_until = now() - interval '1 s' WHERE bot_id = %s AND state = 'leased'",
        connected.bot.id,
    )
    connected.database.query(
        "UPDATE outbox SET due_at = now() WHERE bot_id = %s AND state = 'waiting'", connected.bot.id
    )
    connected.drain()
    assert len(connected.in_channel()) == 1
    assert connected.said() == "On its way to Gold."
    connected.press("Where is it?")
    assert connected.said() == "Posted in Gold."


def test_the_same_again_within_a_day_asks_first(connected: House) -> None:
    for _ in range(2):
        connected.tap("ch:p1")
        connected.press("Post now")
    assert "Post it once more?" in connected.said()
    assert len(connected.in_channel()) == 1
    connected.press("Post once more")
    assert len(connected.in_channel()) == 2


def test_what_came_in_between_is_seen_where_the_post_is_stored(connected: House) -> None:
    connected.post()
    with pytest.raises(posts.PostedBefore):
        connected.post(due_at=soon(hours=23))
    connected.post(due_at=soon(hours=25))
    connected.post(may_repeat=True)
    assert len(connected.posts()) == 3


def test_a_post_that_waits_is_changed_and_dropped_before_anybody_sees_it(connected: House) -> None:
    connected.post(due_at=soon(hours=5))
    connected.place(can_post_messages=False)
    (post,) = connected.posts()
    connected.apply(NewCaption(post.id, "Held and <b>changed</b>"))
    assert [each.stands for each in connected.posts()] == ["held"]
    connected.place(**RIGHTS)
    (again,) = connected.posts()
    assert (again.stands, again.due_at, again.caption) == ("scheduled", post.due_at, "Held and <b>changed</b>")
    connected.apply(NewCaption(post.id, "Last word"))
    connected.database.query(
        "UPDATE outbox SET due_at = now() WHERE bot_id = %s AND state = 'waiting'", connected.bot.id
    )
    connected.drain()
    assert [each["caption"] for each in connected.in_channel()] == ["Last word"]
    connected.post(due_at=soon(hours=5), caption="Never")
    connected.apply(Deletion(connected.posts()[0].id))
    connected.place(can_post_messages=False)
    connected.place(**RIGHTS)
    assert [each.stands for each in connected.posts()] == ["cancelled", "posted"]


def test_what_cannot_be_changed_any_more_says_so(connected: House) -> None:
    connected.post()
    connected.drain()
    (post,) = connected.posts()
    connected.database.query(
        "UPDATE outbox SET finished_at = now() - interval '49 hours' WHERE id = %s", post.outbox_id
    )
    with pytest.raises(posts.PostEnded):
        connected.apply(Deletion(post.id))
    connected.tap(f"pr:{post.id}")
    assert "48 hours only" in connected.said()
    connected.database.query(
        "UPDATE outbox SET state = 'leased', intent_at = now(), lease_until = now() + interval '1 hour' WHERE id = %s",
        post.outbox_id,
    )
    connected.tap(f"pe:{post.id}")
    assert "going out at this moment" in connected.said()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_tomorrow_at_nine_is_the_tenants_nine(connected: House, zone: str) -> None:
    with unit_of_work(connected.bot.tenant_id) as tx:
        moment = posts.moment_of(tx, "morning", zone)
    local, today = moment.astimezone(ZoneInfo(zone)), datetime.now(ZoneInfo(zone)).date()
    assert (local.hour, local.minute) == (9, 0)
    assert local.date() - today in (timedelta(days=1), timedelta(0))


@pytest.mark.parametrize(("button", "least_h"), [("In 1 hour", 0.9), ("Tomorrow 9:00", 8.9)])
def test_a_post_for_later_waits_in_the_outbox(connected: House, button: str, least_h: float) -> None:
    connected.tap("ch:p1")
    connected.press(button)
    (post,) = connected.posts()
    assert post.stands == "scheduled"
    assert timedelta(hours=least_h) < post.due_at - datetime.now(UTC) < timedelta(hours=33.1)
    assert connected.said() == f"It will be posted in Gold: {post.due_local} (UTC)."
    connected.press("Don't post it")
    assert (connected.said(), connected.posts()[0].stands) == ("It is not posted in Gold.", "cancelled")
