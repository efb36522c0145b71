"""Telegram's limits on sending, once a test turns them on: bursts, 429, and what going on costs."""

import pytest


@pytest.fixture
def strict(scene):
    """The scene with the limits on and a stopped clock."""
    scene.telegram.control("PUT", "/settings", flood=True)
    scene.telegram.control("PUT", "/clock", mode="freeze")
    return scene


def send(scene, chat=None, **params):
    return scene.call("sendMessage", **{"chat_id": chat or scene.user_id, "text": "x", **params})


def people(scene, count):
    """Ids of that many people who started the bot."""
    made = [scene.telegram.person(username=f"user_{number}", first_name="U")["id"] for number in range(count)]
    for person in made:
        scene.telegram.control("POST", "/start", bot=scene.bot_id, user=person)
    return made


def advance(scene, seconds):
    scene.telegram.control("PUT", "/clock", advance_s=seconds)


def figures(scene):
    return scene.telegram.control("GET", "/flood")[0]


def group_of(scene):
    group = scene.telegram.control("POST", "/chats", type="supergroup", title="G", members=[scene.user_id])["id"]
    scene.telegram.control("POST", "/chats/bot", chat=group, bot=scene.bot_id, status="member")
    return group


def test_nothing_is_limited_unless_asked_for(scene):
    assert all(send(scene)["ok"] for _ in range(40))
    assert figures(scene)["messages"] == 40
    assert figures(scene)["refused"] == 0


def test_a_short_burst_to_one_chat_passes_then_one_a_second(strict):
    assert [send(strict)["ok"] for _ in range(6)] == [True] * 5 + [False]
    advance(strict, 10)
    assert [send(strict)["ok"] for _ in range(5)] == [True] * 5
    for _ in range(10):
        advance(strict, 1)
        assert send(strict)["ok"]


def test_thirty_a_second_to_many_chats_is_the_most(strict):
    chats = people(strict, 31)
    answers = [send(strict, chat) for chat in chats]

    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]
    assert answers[-1] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert figures(strict)["max_in_any_second"] == 30


def test_twenty_a_minute_to_one_group_is_the_most(strict):
    group = group_of(strict)
    for _ in range(20):
        assert send(strict, group)["ok"]
        advance(strict, 1)

    refused = send(strict, group)

    assert refused["parameters"] == {"retry_after": 40}
    advance(strict, 40)
    assert send(strict, group)["ok"]


def test_the_gate_is_the_whole_bots_and_going_on_lengthens_it(strict):
    other = people(strict, 1)[0]
    for _ in range(6):
        last = send(strict)
    assert last["parameters"] == {"retry_after": 3}

    assert send(strict, other)["parameters"] == {"retry_after": 4}
    assert strict.call("getMe")["parameters"] == {"retry_after": 5}
    advance(strict, 5)
    assert strict.call("getMe")["ok"]
    assert figures(strict)["called_while_closed"] == 2


def test_each_breach_soon_after_another_doubles_the_wait(strict):
    waits = []
    for _ in range(3):
        while (answer := send(strict))["ok"]:
            pass
        waits.append(answer["parameters"]["retry_after"])
        advance(strict, waits[-1])
    advance(strict, 600)
    while (answer := send(strict))["ok"]:
        pass

    assert waits == [3, 6, 12]
    assert answer["parameters"]["retry_after"] == 3


def test_edits_actions_and_answers_are_no_messages_but_an_album_is_many(strict):
    message = send(strict)["result"]
    for number in range(10):
        assert strict.call("sendChatAction", chat_id=strict.user_id, action="typing")["ok"]
        edit = {"chat_id": strict.user_id, "message_id": message["message_id"], "text": str(number)}
        assert strict.call("editMessageText", **edit)["ok"]
    assert figures(strict)["messages"] == 1

    media = [{"type": "photo", "media": "x"}] * 6
    assert strict.call("sendMediaGroup", chat_id=strict.user_id, media=media)["error_code"] == 429


def test_a_refused_message_does_not_count(strict):
    for _ in range(40):
        assert send(strict, text="")["error_code"] == 400
    assert send(strict)["ok"]
    assert figures(strict)["messages"] == 1


def test_unknown_tokens_are_limited_by_address(strict):
    answers = [strict.telegram.call(f"{number}:guessed_token", "getMe").json() for number in range(1, 22)]

    assert [answer["error_code"] for answer in answers] == [401] * 20 + [429]
    assert answers[-1]["parameters"] == {"retry_after": 61}
    assert strict.call("getMe")["ok"]
