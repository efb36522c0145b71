"""A channel through the running product: connected with one tap, posted to from the chat and the dashboard, lost."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Stack
from tests.functions.test_conversation import ANSWER_DEADLINE_S, Chat

LINK = "https://t.me/{bot}?startchannel&admin=post_messages+edit_messages"


class Promoter(Chat):
    """A person with a channel of his own."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self.name = f"c{uuid4().hex[:12]}"
        chat = {"type": "channel", "title": "Gold news", "username": self.name, "members": [self.user]}
        self.channel = self._ask("POST", "/chats", **chat)["id"]

    def place(self, **rights: object) -> None:
        """Gives the bot a place in the channel, as a person does with Telegram's own dialogue."""
        self._ask("POST", "/chats/bot", chat=self.channel, bot=self.bot["username"], **rights)

    def posts(self) -> list[dict[str, Any]]:
        """What everybody sees in the channel."""
        return [each["message"] for each in self._ask("GET", f"/messages?chat={self.channel}")["messages"]]

    def last(self, words: str) -> dict[str, Any]:
        """The bot's latest message, once it has those words in it."""
        return until(lambda: self.messages()[-1], lambda said: words in (said.get("text") or said.get("caption", "")))


def until(look: Callable[[], Any], is_there: Callable[[Any], bool]) -> Any:
    """What `look` finds, once it is as wanted."""
    deadline = time.monotonic() + ANSWER_DEADLINE_S
    while not is_there(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)  # between two looks
    return found


def owner_asks(stack: Stack, token: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
    """A call of the product's API by the demo tenant's owner."""
    headers = {"Authorization": f"Bearer {token}", "Host": f"dash.localhost:{stack.port}"}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"{stack.base}/api/client/posts{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


@pytest.fixture
def promoter(stack: Stack) -> Promoter:
    made = Promoter(stack)
    made.wait_for(1)
    return made


@pytest.fixture
def token(placeholders: dict[str, str]) -> str:
    return placeholders["${OWNER_TOKEN}"]


def test_a_picture_is_posted_edited_and_deleted_with_buttons(promoter: Promoter) -> None:
    promoter.send("welcome-30")
    promoter.press(promoter.wait_for(2)[-1], "Square")
    picture = promoter.wait_for(3)[-1]
    promoter.press(picture, "Post to my channel")
    asked = promoter.last("No channel of yours")
    (button,) = asked["reply_markup"]["inline_keyboard"][0]
    assert button["url"] == LINK.format(bot=promoter.bot["username"])
    promoter.place(can_post_messages=True, can_edit_messages=True)
    promoter.last("Gold news is connected")
    promoter.press(picture, "Post to my channel")
    preview = until(lambda: promoter.messages()[-1], lambda said: "photo" in said)
    assert preview["caption"] == picture["caption"]
    promoter.press(preview, "Post now")
    card = promoter.last("Posted in Gold news")
    (post,) = promoter.posts()
    assert post["caption"] == preview["caption"]
    assert post["photo"][-1]["width"] == picture["photo"][-1]["width"]
    links = [button.get("url") for row in card["reply_markup"]["inline_keyboard"] for button in row]
    assert f"https://t.me/{promoter.name}/{post['message_id']}" in links
    promoter.press(card, "Edit caption")
    promoter.last("Send the new caption")
    promoter.send("Only today & tomorrow")
    card = promoter.last("is changed")
    assert promoter.posts()[0]["caption"] == "Only today & tomorrow"
    promoter.press(card, "Delete")
    promoter.press(promoter.last("Delete the post"), "Yes, delete it")
    promoter.last("Deleted from")
    assert promoter.posts() == []


def test_the_owner_posts_from_the_dashboard_and_sees_what_is_broken(
    stack: Stack, promoter: Promoter, token: str
) -> None:
    promoter.place(can_post_messages=True)
    promoter.last("Gold news is connected")
    listed = owner_asks(stack, token, "GET", "/channels")[1]["items"]
    (channel,) = [each for each in listed if each["username"] == promoter.name]
    order = {"channel": channel["id"], "template": "aurora", "format": "story", "code": "gold-50"}
    status, preview = owner_asks(stack, token, "POST", "/preview", order)
    assert (status, preview["posted_before"], "GOLD-50" in preview["caption"]) == (200, False, True)
    wanted = {**order, "caption": "<b>Now</b> & here", "id": str(uuid4())}
    status, post = owner_asks(stack, token, "POST", "", wanted)
    assert (status, post["state"], post["id"]) == (201, "posted", wanted["id"])
    assert owner_asks(stack, token, "POST", "", wanted)[1]["id"] == wanted["id"]
    assert [each["caption"] for each in promoter.posts()] == ["Now & here"]
    status, refused = owner_asks(stack, token, "POST", "", {**wanted, "id": str(uuid4())})
    assert (status, refused["error"]["code"]) == (409, "posted_before")
    promoter.place(can_post_messages=False)
    promoter.last("may not post")
    listed = owner_asks(stack, token, "GET", "/channels")[1]["items"]
    (channel,) = [each for each in listed if each["username"] == promoter.name]
    assert (channel["state"], channel["problem"], "Post messages" in channel["next"]) == ("broken", "no_rights", True)
    status, refused = owner_asks(stack, token, "POST", "", {**wanted, "id": str(uuid4()), "again": True})
    assert (status, refused["error"]["code"]) == (409, "channel_broken")
