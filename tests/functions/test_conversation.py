"""The whole way of a promoter through the running product: code, gallery, tap, photo, file; doubles and strangers."""

import io
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image

from tests.conftest import Stack

ANSWER_DEADLINE_S = 60


class Chat:
    """A person in the Telegram simulator, writing to the demo tenant's bot."""

    def __init__(self, stack: Stack) -> None:
        self._facts = json.loads((stack.data_dir / "run.json").read_text())
        self.bot = self._ask("GET", "/bots")[0]
        self.user = self._ask("POST", "/users", first_name="Ada", username=f"u{uuid4().hex[:12]}")["id"]
        self._act("/start")

    def send(self, text: str) -> None:
        self._act("/send", text=text)

    def press(self, message: dict, text: str) -> None:
        self._act("/press", message_id=message["message_id"], text=text)

    def messages(self) -> list[dict[str, Any]]:
        """What the bot has said, oldest first."""
        return [each for each in self.everything() if each["from"]["is_bot"]]

    def everything(self) -> list[dict[str, Any]]:
        """All messages of the chat, oldest first."""
        query = urllib.parse.urlencode({"bot": self.bot["username"], "user": self.user})
        return [each["message"] for each in self._ask("GET", f"/messages?{query}")["messages"]]

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The bot's messages once there are `count`."""
        deadline = time.monotonic() + ANSWER_DEADLINE_S
        while len(said := self.messages()) < count:
            assert time.monotonic() < deadline, f"only {said}"
            time.sleep(0.1)  # between two looks at the chat
        return said

    def ask_inline(self, text: str) -> dict[str, Any]:
        """What the bot offers for `@bot text`."""
        return self._ask("POST", "/inline", bot=self.bot["username"], user=self.user, query=text, wait_s=60)

    def choose(self, query_id: str, result_id: str) -> None:
        """Sends an offered result into the bot's own chat."""
        self._ask("POST", "/inline/choose", query_id=query_id, result_id=result_id, bot=self.bot["username"])

    def download(self, unique_id: str) -> bytes:
        """A sent file as it was uploaded."""
        with urllib.request.urlopen(f"{self._facts['telegram']}/_control/files/{unique_id}?size=o", timeout=60) as file:
            return bytes(file.read())

    def deliver_again(self) -> dict[str, Any]:
        """Telegram's double delivery of the latest update."""
        return self._ask("POST", "/updates/duplicate", bot=self.bot["username"])

    def _act(self, path: str, **body: object) -> None:
        self._ask("POST", path, bot=self.bot["username"], user=self.user, **body)

    def _ask(self, method: str, path: str, /, **body: object) -> Any:
        request = urllib.request.Request(
            f"{self._facts['telegram']}/_control{path}",
            json.dumps(body).encode() if body else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


@pytest.fixture
def chat(stack: Stack) -> Chat:
    made = Chat(stack)
    made.wait_for(1)
    return made


def test_a_code_becomes_a_gallery_a_photo_and_a_file(chat: Chat) -> None:
    chat.send("welcome-30")
    gallery = chat.wait_for(2)[-1]
    assert "WELCOME-30" in gallery["caption"]
    chat.press(gallery, "Story")
    photo = chat.wait_for(3)[-1]
    assert photo["photo"][-1]["height"] > photo["photo"][-1]["width"]
    assert "https://prop.funderpro.com/buy-challenge/?promo=WELCOME-30" in photo["caption"]
    chat.press(photo, "As a file")
    document = chat.wait_for(4)[-1]["document"]
    assert document["file_name"] == "WELCOME-30.jpg"


def test_the_link_comes_as_a_qr_code_that_can_be_read(chat: Chat) -> None:
    chat.send("gold-50")
    chat.press(chat.wait_for(2)[-1], "Square")
    chat.press(chat.wait_for(3)[-1], "QR code")
    document = chat.wait_for(4)[-1]["document"]
    picture = Image.open(io.BytesIO(chat.download(document["file_unique_id"])))
    assert document["file_name"] == "GOLD-50-qr.png"
    assert zxingcpp.read_barcode(picture).text == "https://prop.funderpro.com/buy-challenge/?promo=GOLD-50"


def test_inline_mode_offers_pictures_and_sends_the_chosen_one(chat: Chat) -> None:
    asked = chat.ask_inline("summer25")
    results = asked["answer"]["results"]
    assert len(results) == 6
    chat.choose(asked["query_id"], results[0]["id"])
    sent = chat.everything()[-1]
    assert sent["via_bot"]["username"] == chat.bot["username"]
    assert sent["photo"][-1]["width"] == results[0]["photo_width"]
    assert "SUMMER25" in sent["caption"]


def test_inline_mode_says_why_there_is_no_picture(chat: Chat) -> None:
    answer = chat.ask_inline("no-such-code")["answer"]
    assert (answer["results"], answer["button"]["text"]) == ([], "This code is not valid")


def test_paging_changes_the_one_gallery_message(chat: Chat) -> None:
    chat.send("GOLD-50")
    gallery = chat.wait_for(2)[-1]
    before = gallery["caption"]
    chat.press(gallery, "▶")
    deadline = time.monotonic() + ANSWER_DEADLINE_S
    while chat.messages()[-1]["caption"] == before:
        assert time.monotonic() < deadline
        time.sleep(0.1)  # between two looks at the chat
    assert len(chat.messages()) == 2
    assert "2 of" in chat.messages()[-1]["caption"]


def test_a_wrong_code_is_said_and_the_right_one_follows(chat: Chat) -> None:
    chat.send("NO-SUCH-CODE")
    assert "not valid" in chat.wait_for(2)[-1]["text"]
    chat.send("SUMMER25")
    assert "SUMMER25" in chat.wait_for(3)[-1]["caption"]


def test_a_doubled_update_has_one_effect(chat: Chat) -> None:
    chat.send("VIP-10")
    chat.wait_for(2)
    assert chat.deliver_again()["status"] == 200
    assert len(chat.messages()) == 2


def test_a_stranger_with_a_wrong_secret_stores_nothing(stack: Stack, chat: Chat) -> None:
    update = {"update_id": 999_000_111, "message": {"message_id": 1, "text": "WELCOME-30"}}
    request = urllib.request.Request(
        chat.bot["webhook"]["url"],
        json.dumps(update).encode(),
        {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": "guess"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 401
    import psycopg2

    facts = json.loads((stack.data_dir / "run.json").read_text())
    with psycopg2.connect(facts["values"]["DATABASE_URL_DIRECT"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telegram_updates WHERE update_id = %s", (update["update_id"],))
        assert cursor.fetchone() == (0,)
    connection.close()
