"""Updates on their way to a webhook: secret, redelivery, order, expiry, duplicates."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import running, wait_for


@pytest.fixture
def hooked(scene, receiver):
    """The scene with a webhook that wants the usual kinds, and a stopped clock."""
    scene.telegram.control("PUT", "/clock", mode="freeze")
    scene.call("setWebhook", url=receiver.url, secret_token="s3cret-_", drop_pending_updates=True)
    return scene


def write(scene, text="hi", **params):
    body = {"bot": scene.bot_id, "user": scene.user_id, "text": text, **params}
    return scene.telegram.control("POST", "/send", **body)["update_id"]


def advance(scene, seconds):
    scene.telegram.control("PUT", "/clock", advance_s=seconds)
    scene.telegram.settle()


def info(scene):
    return scene.call("getWebhookInfo")["result"]


def test_an_update_arrives_once_with_the_secret(hooked, receiver):
    update_id = write(hooked, "WELCOME-30")
    hooked.telegram.settle()

    assert receiver.ids() == [update_id]
    assert receiver.secrets == ["s3cret-_"]
    assert receiver.got[0]["message"]["text"] == "WELCOME-30"
    assert info(hooked)["pending_update_count"] == 0


def test_a_failed_update_comes_again_at_0_2_4_8_16_32_then_every_minute_or_two(hooked, receiver):
    receiver.answers = [(500, {}, b"")] * 9
    update_id = write(hooked)
    hooked.telegram.settle()
    seen = [len(receiver.got)]
    for delay_s in (2, 4, 8, 16, 32):
        advance(hooked, delay_s - 0.5)
        seen.append(len(receiver.got))
        advance(hooked, 0.5)
        seen.append(len(receiver.got))

    assert seen == [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]
    advance(hooked, 59)
    assert len(receiver.got) == 7
    advance(hooked, 61)
    assert len(receiver.got) == 8
    assert receiver.ids() == [update_id] * 8
    assert info(hooked)["pending_update_count"] == 1
    assert info(hooked)["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


def test_retry_after_is_honoured_up_to_an_hour(hooked, receiver):
    receiver.answers = [(503, {"Retry-After": "20"}, b""), (503, {"Retry-After": "99999"}, b"")]
    write(hooked)
    hooked.telegram.settle()

    advance(hooked, 19)
    assert len(receiver.got) == 1
    advance(hooked, 1)
    assert len(receiver.got) == 2
    advance(hooked, 3599)
    assert len(receiver.got) == 2
    advance(hooked, 1)
    assert len(receiver.got) == 3
    assert info(hooked)["pending_update_count"] == 0


def test_an_unreachable_webhook_keeps_the_update_waiting(hooked, receiver):
    hooked.call("setWebhook", url="http://127.0.0.1:9/nobody")
    write(hooked)
    hooked.telegram.settle()
    assert (info(hooked)["pending_update_count"], info(hooked)["last_error_message"]) == (1, "Connection refused")

    hooked.call("setWebhook", url=receiver.url)
    hooked.telegram.settle()
    assert len(receiver.got) == 1


def test_messages_expire_after_a_day_and_presses_after_150_seconds(hooked, receiver):
    message = hooked.send(reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]})
    receiver.answers = [(500, {}, b"")] * 10_000
    write(hooked)
    press = {"bot": hooked.bot_id, "user": hooked.user_id, "message_id": message["message_id"], "data": "a"}
    hooked.telegram.control("POST", "/press", **press)
    hooked.telegram.settle()
    for _ in range(7):
        advance(hooked, 64)
    assert info(hooked)["pending_update_count"] == 1

    advance(hooked, 86_400)
    advance(hooked, 120)
    assert info(hooked)["pending_update_count"] == 0


def test_messages_of_one_chat_wait_for_each_other_but_a_press_overtakes(hooked, receiver):
    message = hooked.send(reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]})
    receiver.held_kinds = {"message"}
    first, second = write(hooked, "first"), write(hooked, "second")
    press = {"bot": hooked.bot_id, "user": hooked.user_id, "message_id": message["message_id"], "data": "a"}
    hooked.telegram.control("POST", "/press", **press)
    wait_for(lambda: len(receiver.got) == 2)

    assert receiver.ids()[0] == first
    assert "callback_query" in receiver.got[1]
    receiver.hold.set()
    hooked.telegram.settle()
    assert receiver.ids()[2] == second


def test_a_failing_message_holds_up_its_chat_only(hooked, receiver):
    other = hooked.telegram.person(first_name="Ben", username="ben_o")
    receiver.answers = [(500, {}, b"")] * 2
    stuck = write(hooked)
    hooked.telegram.settle()
    write(hooked, "waits behind")
    free = hooked.telegram.control("POST", "/start", bot=hooked.bot_id, user=other["id"])["update_id"]
    hooked.telegram.settle()

    assert receiver.ids() == [stuck, stuck, free]


def test_a_delivered_update_can_be_sent_twice_on_demand(hooked, receiver):
    update_id = write(hooked)
    hooked.telegram.settle()

    again = hooked.telegram.control("POST", "/updates/duplicate", bot=hooked.bot_id, update_id=update_id)

    assert again == {"update_id": update_id, "status": 200, "error": ""}
    assert receiver.got[0] == receiver.got[1]


def test_only_the_wanted_kinds_are_sent(hooked, receiver):
    hooked.call("setWebhook", url=receiver.url, allowed_updates=["callback_query"])
    assert write(hooked) is None
    assert info(hooked)["allowed_updates"] == ["callback_query"]


def test_an_unknown_kind_can_be_sent(hooked, receiver):
    body = {"bot": hooked.bot_id, "kind": "something_new", "payload": {"a": 1}}
    update_id = hooked.telegram.control("POST", "/updates/send", **body)["update_id"]
    hooked.telegram.settle()

    assert receiver.got == [{"update_id": update_id, "something_new": {"a": 1}}]


def test_a_webhook_may_answer_with_a_method(hooked, receiver):
    body = f'{{"method":"sendMessage","chat_id":{hooked.user_id},"text":"by answer"}}'
    receiver.answers = [(200, {"Content-Type": "application/json"}, body.encode())]
    write(hooked)
    hooked.telegram.settle()

    assert hooked.telegram.messages(hooked.bot_id, hooked.user_id)[-1]["message"]["text"] == "by answer"


def test_setting_and_deleting_say_whether_it_changed_anything(hooked, receiver):
    set_again = {"url": receiver.url, "secret_token": "s3cret-_"}
    answers = [
        hooked.call("setWebhook", **set_again),
        hooked.call("setWebhook", url=receiver.url, secret_token="another"),
        hooked.call("deleteWebhook"),
        hooked.call("deleteWebhook"),
    ]

    assert {answer["result"] for answer in answers} == {True}
    assert [answer["description"].removeprefix("Webhook ") for answer in answers] == [
        "is already set",
        "was set",
        "was deleted",
        "is already deleted",
    ]


def test_dropping_pending_updates_and_long_poll_exclude_each_other(hooked):
    conflict = hooked.call("getUpdates")
    assert conflict["error_code"] == 409
    assert conflict["description"].startswith("Conflict: can't use getUpdates method while webhook is active")

    hooked.call("deleteWebhook")
    update_id = write(hooked)
    assert [one["update_id"] for one in hooked.call("getUpdates")["result"]] == [update_id]
    assert hooked.call("getUpdates", offset=update_id + 1)["result"] == []


def test_chats_pictures_and_waiting_updates_outlive_a_restart(tmp_path, receiver):
    from .conftest import Scene, Telegram
    from .test_telegram_refusals import png, upload

    state = str(tmp_path / "telegram.json")
    with running("scripts.local.telegram", "--state", state) as base:
        telegram = Telegram(base)
        bot, person = telegram.bot(), telegram.person()
        scene = Scene(telegram, bot["token"], bot["id"], person["id"])
        telegram.control("POST", "/start", bot=bot["id"], user=person["id"], payload="abc")
        photo = upload(scene, "sendPhoto", "photo", png(60, 40))["result"]["photo"][-1]["file_id"]
        scene.call("setWebhook", url="http://127.0.0.1:9/nobody")
        telegram.settle()
    with running("scripts.local.telegram", "--state", state) as base:
        scene = Scene(Telegram(base), bot["token"], bot["id"], person["id"])
        shown = scene.telegram.messages(bot["id"], person["id"])
        assert [one["message"].get("text") for one in shown] == ["/start abc", None]
        assert scene.call("sendPhoto", chat_id=person["id"], photo=photo)["ok"]
        scene.call("setWebhook", url=receiver.url)
        scene.telegram.settle()
    assert [update["message"]["text"] for update in receiver.got] == ["/start abc"]


def test_a_webhook_that_is_gone_for_23_hours_is_deleted(hooked, receiver):
    receiver.answers = [(410, {}, b"")] * 10_000
    write(hooked)
    hooked.telegram.settle()
    advance(hooked, 23 * 3600 - 60)
    assert info(hooked)["url"] == receiver.url

    advance(hooked, 180)
    assert info(hooked)["url"] == ""


def test_update_ids_start_anew_after_an_idle_week(hooked, receiver):
    first, second = write(hooked), write(hooked)
    assert second == first + 1
    advance(hooked, 7 * 86_400 + 1)

    assert write(hooked) not in range(second, second + 100)


def test_a_second_poll_and_a_webhook_end_the_first_poll(scene, receiver):
    newest = scene.telegram.control("GET", f"/updates?bot={scene.bot_id}")[-1]["id"]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(scene.telegram.call, scene.token, "getUpdates", offset=newest + 1, timeout=20)
        wait_for(lambda: len(scene.telegram.calls("getUpdates")) == 1)
        second = pool.submit(scene.telegram.call, scene.token, "getUpdates", offset=newest + 1, timeout=20)
        assert first.result(20).json()["description"] == (
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        scene.call("setWebhook", url=receiver.url)
        assert second.result(20).json()["description"] == "Conflict: terminated by setWebhook request"


def test_a_negative_offset_keeps_only_the_newest_updates(scene):
    ids = [write(scene, str(number)) for number in range(3)]

    assert [one["update_id"] for one in scene.call("getUpdates", offset=-1)["result"]] == ids[-1:]
    assert [one["update_id"] for one in scene.call("getUpdates")["result"]] == ids[-1:]


def test_at_most_max_connections_are_open_at_once(hooked, receiver):
    hooked.call("setWebhook", url=receiver.url, max_connections=2)
    receiver.held_kinds = {"message"}
    for number in range(4):
        person = hooked.telegram.person(first_name="P", username=f"p_{number}")
        hooked.telegram.control("POST", "/start", bot=hooked.bot_id, user=person["id"])
    wait_for(lambda: len(receiver.got) == 2)
    hooked.call("getMe")

    assert len(receiver.got) == 2
    receiver.hold.set()
    hooked.telegram.settle()
    assert len(receiver.got) == 4


def test_updates_can_be_doubled_overtaken_and_answered_in_vain(hooked, receiver):
    hooked.telegram.control("PUT", "/settings", double_share=0.3, overtaken_share=0.3, deaf_share=0.2)
    sent = [write(hooked, str(number)) for number in range(60)]
    for seconds in (2, 2, 2, 4, 8, 16, 32):
        advance(hooked, seconds)

    assert set(receiver.ids()) == set(sent)
    firsts = list(dict.fromkeys(receiver.ids()))
    assert firsts != sent
    assert 60 + 10 < len(receiver.ids()) < 60 + 60
    assert info(hooked)["pending_update_count"] == 0
