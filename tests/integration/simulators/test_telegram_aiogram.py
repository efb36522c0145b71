"""An unmodified aiogram bot, in an environment of its own, holds a conversation by long poll and by webhook."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from .conftest import Scene, free_port, wait_for
from .peers import peer_python

BOT = Path(__file__).parent / "aiogram_bot.py"


@pytest.fixture(params=["polling", "webhook"])
def talking(request: pytest.FixtureRequest, scene: Scene, tmp_path: Path) -> Iterator[Scene]:
    """The scene with an aiogram bot behind it; the person's first /start is answered."""
    Image.new("RGB", (640, 480), "navy").save(tmp_path / "picture.jpg")
    (tmp_path / BOT.name).write_bytes(BOT.read_bytes())
    command = [peer_python("aiogram"), tmp_path / BOT.name, scene.telegram.base, scene.token, request.param,
               str(free_port()), "s3cret-_"]  # fmt: skip
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(lambda: len(said(scene)) == 1 or process.poll() is not None, deadline_s=120)
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield scene
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert "Traceback" not in (tmp_path / "log").read_text()


def said(scene: Scene) -> list[dict[str, Any]]:
    """The bot's messages in the private chat."""
    shown = scene.telegram.messages(scene.bot_id, scene.user_id)
    return [one["message"] for one in shown if one["author"] == scene.bot_id]


def act(scene: Scene, path: str, **body: Any) -> Any:
    return scene.telegram.control("POST", path, **{"bot": scene.bot_id, "user": scene.user_id, **body})


def test_it_answers_commands_photos_buttons_and_inline_queries(talking):
    act(talking, "/start", payload="camp_7")
    wait_for(lambda: len(said(talking)) == 2)
    assert said(talking)[-1]["entities"][0]["type"] == "bold"
    act(talking, "/send", text="WELCOME-30")
    photo = wait_for(lambda: len(said(talking)) == 3 and said(talking)[-1])
    assert (photo["photo"][-1]["width"], photo["caption_entities"][0]["type"]) == (640, "code")

    answer = act(talking, "/press", message_id=photo["message_id"], text="Square", wait_s=20)["answer"]
    assert answer["text"] == "Rendering"
    wait_for(lambda: said(talking)[-1].get("caption") == "again")
    edits = talking.telegram.calls("editMessageCaption")
    assert edits[-1]["params"]["caption"] == "640 px, True"

    query = act(talking, "/inline", query="GOLD-50", wait_s=20)
    assert query["answer"]["results"][0]["title"] == "GOLD-50"
    act(talking, "/inline/choose", query_id=query["query_id"], result_id="1")
    wait_for(lambda: any(one["message"].get("text") == "chosen 1" for one in _shown(talking)))

    act(talking, "/send", text="/album")
    wait_for(lambda: said(talking)[-1].get("caption") == "a copy")
    channel = talking.telegram.control("POST", "/chats", title="Deals", members=[talking.user_id])["id"]
    talking.telegram.control("POST", "/chats/bot", chat=channel, bot=talking.bot_id, can_post_messages=True)
    posts = wait_for(lambda: talking.telegram.control("GET", f"/messages?chat={channel}")["messages"])
    assert posts[0]["message"]["text"] == "may edit: False"
    calls = talking.telegram.control("GET", "/calls")["calls"]
    assert [call for call in calls if call["status"] not in (0, 200)] == []  # 0: a poll that still waits


def _shown(scene: Scene) -> list[dict[str, Any]]:
    return scene.telegram.messages(scene.bot_id, scene.user_id)
