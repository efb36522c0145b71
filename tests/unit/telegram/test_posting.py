"""Posting to a channel as a pure function: what each tap and text leads to, without database or Telegram."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from promostack.telegram import conversation
from promostack.telegram.models import Incoming, Outcome, Picture, Shown, State
from promostack.telegram.post_models import Channel, Deletion, NewCaption, NewPost, Post

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PICTURE = {"object_key": "renders/x.jpg", "sha256": "f" * 64, "media_type": "image/jpeg"}
DRAWN = State(code="GOLD", picture=Shown(Picture(**PICTURE), "GOLD", "https://shop.example.com/?GOLD", "p1").as_json())
# Fixed, because they become part of tests' names, which two processes must give alike.
POST_ID, CHANNEL_ID, NOBODYS = (f"00000000-0000-4000-8000-{number:012d}" for number in (1, 2, 3))
GOLD = Channel(CHANNEL_ID, "b", "promo_bot", -100, "Gold <1>", "gold_news", 7, NOON, None)
SENT = Post(
    POST_ID, CHANNEL_ID, "Gold <1>", "gold_news", -100, 7, "b", "chat:7", "GOLD", "renders/x.jpg", "f" * 64,
    "image/jpeg", "Hello", 0, 1, None, NOON, "sent", NOON, False, True, None, None, 55, NOON, None, None, None,
    "2026-03-01 12:00", False,
)  # fmt: skip


@dataclass
class FakePosts:
    known: list[Channel] = field(default_factory=lambda: [GOLD])
    post: Post | None = SENT
    twin: str | None = None

    def channels(self) -> list[Channel]:
        return self.known

    def connect_link(self) -> str:
        return "https://t.me/promo_bot?startchannel&admin=post_messages+edit_messages"

    def new_id(self) -> str:
        return POST_ID

    def moment(self, when: str) -> datetime | None:
        return {"hour": NOON + timedelta(hours=1), "morning": NOON + timedelta(hours=21)}.get(when)

    def find_twin(self, new: NewPost) -> str | None:
        return self.twin

    def find(self, post_id: str) -> Post | None:
        return self.post if post_id == POST_ID else None

    def zone(self) -> str:
        return "Europe/Berlin"


@dataclass
class FakeDesk:
    posts: FakePosts = field(default_factory=FakePosts)

    def own_texts(self, language: str) -> dict[str, str]:
        return {}

    def check_code(self, raw: str) -> tuple[str, str]:
        return "invalid", raw


def tap(button: str, desk: FakeDesk, state: State = DRAWN, language: str = "en") -> Outcome:
    incoming = Incoming(2, 7, 7, button=button, callback_id="cb", message_id=40, language=language)
    return conversation.answer(incoming, state, desk, nonce="n", now=NOON)


def write(text: str, desk: FakeDesk, state: State, *, now: datetime = NOON) -> Outcome:
    return conversation.answer(Incoming(3, 7, 7, text=text), state, desk, nonce="n", now=now)


def said(outcome: Outcome) -> str:
    last = outcome.answers[-1].params
    return str(last.get("text") or last.get("caption"))


def keyboard(outcome: Outcome) -> dict[str, str]:
    rows = outcome.answers[-1].params["reply_markup"]["inline_keyboard"]
    return {button["text"]: button.get("callback_data") or button["url"] for row in rows for button in row}


def drafted(desk: FakeDesk) -> State:
    return tap("ch:p1", desk).state


@pytest.mark.parametrize(
    ("language", "words", "button"),
    [("en", "No channel of yours", "Connect a channel"), ("de", "Noch ist keiner", "Kanal verbinden")],
)
def test_without_a_channel_the_way_to_one_is_a_tap(language: str, words: str, button: str) -> None:
    outcome = tap("ch:p1", FakeDesk(FakePosts(known=[])), language=language)
    assert words in said(outcome)
    assert keyboard(outcome)[button].endswith("?startchannel&admin=post_messages+edit_messages")


def test_the_preview_is_the_post_itself_with_its_buttons() -> None:
    desk = FakeDesk()
    outcome = tap("ch:p1", desk)
    _, heading, shown = outcome.answers
    assert "Gold &lt;1&gt;" in heading.params["text"]
    assert (shown.method, shown.attachment) == ("sendPhoto", Picture(**PICTURE).attachment("GOLD"))
    assert list(keyboard(outcome)) == ["Post now", "In 1 hour", "Tomorrow 9:00", "Cancel"]
    assert all(len(data.encode()) <= 64 for data in keyboard(outcome).values())
    made = tap(f"post:{POST_ID}:now", desk, outcome.state)
    assert made.change.draft.caption == shown.params["caption"]


@pytest.mark.parametrize(
    ("decision", "due_at"),
    [("now", None), ("hour", NOON + timedelta(hours=1)), ("morning", NOON + timedelta(hours=21))],
)
def test_a_decision_is_a_post_and_the_end_of_the_draft(decision: str, due_at: datetime | None) -> None:
    desk = FakeDesk()
    outcome = tap(f"post:{POST_ID}:{decision}", desk, drafted(desk))
    assert (outcome.change.post_id, outcome.change.due_at, outcome.change.may_repeat) == (POST_ID, due_at, False)
    assert outcome.state.draft is None
    assert "On its way" in outcome.unless_told.params["text"]
    again = tap(f"post:{POST_ID}:{decision}", desk, outcome.state)
    assert (again.change, [each.method for each in again.answers]) == (None, ["answerCallbackQuery"])


def test_a_newer_picture_does_not_slip_under_an_older_preview() -> None:
    desk = FakeDesk()
    second = Shown(Picture(**{**PICTURE, "sha256": "0" * 64}), "SILVER", "", "p2")
    newer = replace(drafted(desk), picture=second.as_json(), code="SILVER")
    outcome = tap(f"post:{POST_ID}:now", desk, newer)
    assert (outcome.change.draft.picture.sha256, outcome.change.draft.code) == ("f" * 64, "GOLD")


def test_a_preview_shows_the_picture_and_the_code_of_the_button_above_it() -> None:
    """A code that came since, and that perhaps nobody could check, is not this picture's."""
    desk = FakeDesk(FakePosts(known=[GOLD, replace(GOLD, id=NOBODYS, title="Other")]))
    since = replace(DRAWN, code="SILVER")
    chosen = keyboard(tap("ch:p1", desk, since))["Other"]
    preview = tap(chosen, desk, since)
    assert said(preview) == "Code <b>GOLD</b>\nhttps://shop.example.com/?GOLD"
    assert preview.state.draft["code"] == "GOLD"
    other = Shown(Picture(**{**PICTURE, "sha256": "0" * 64}), "SILVER", "", "p2")
    for button in ("ch:p1", chosen, "ch", f"cc:{CHANNEL_ID}"):
        (toast,) = tap(button, desk, replace(since, picture=other.as_json())).answers
        assert "older message" in toast.params["text"]


def test_what_is_there_already_is_posted_only_when_asked_twice() -> None:
    desk = FakeDesk(FakePosts(twin="2026-03-01 11:00"))
    state = drafted(desk)
    asked = tap(f"post:{POST_ID}:hour", desk, state)
    assert asked.change is None
    assert "2026-03-01 11:00 (Europe/Berlin)" in said(asked)
    again = tap(keyboard(asked)["Post once more"], desk, asked.state)
    assert (again.change.may_repeat, again.change.due_at) == (True, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("broken", "words"), [("removed", "not in"), ("no_rights", "may not post"), ("refused", "turns my posts")]
)
def test_a_broken_channel_says_what_to_do(broken: str, words: str) -> None:
    desk = FakeDesk()
    state = drafted(desk)
    desk.posts.known = [replace(GOLD, broken=broken)]
    for outcome in (tap("ch:p1", desk), tap(f"post:{POST_ID}:now", desk, state), tap(f"pe:{POST_ID}", desk)):
        assert words in said(outcome)
        assert "Connect a channel" in keyboard(outcome)
        assert outcome.change is None


def test_the_next_text_is_the_caption_and_nothing_else_is() -> None:
    desk = FakeDesk()
    asked = tap(f"pe:{POST_ID}", desk)
    assert asked.state.editing == POST_ID
    changed = write("5 < 6", desk, asked.state)
    assert changed.change == NewCaption(POST_ID, "5 &lt; 6")
    assert changed.state.editing == ""
    kept = write("/cancel", desk, asked.state)
    assert (said(kept), kept.state.editing, kept.state.code) == ("The caption stays as it is.", "", "GOLD")
    for elsewhere in (write("/help", desk, asked.state), tap("ch:p1", desk, asked.state)):
        assert (elsewhere.state.editing, elsewhere.change) == ("", None)
    too_long = write("x" * 1025, desk, asked.state)
    assert (too_long.change, too_long.state.editing) == (None, POST_ID)
    assert "1025 characters" in said(too_long)


def test_a_caption_is_awaited_for_ten_minutes_and_the_next_code_is_a_code_again() -> None:
    desk = FakeDesk()
    asked = tap(f"pe:{POST_ID}", desk).state
    assert write("In time", desk, asked, now=NOON + timedelta(minutes=9, seconds=59)).change
    late = write("GOLD-50", desk, asked, now=NOON + timedelta(minutes=10))
    assert (late.change, late.events[0][0], late.state.editing) == (None, "code_invalid", "")
    told = write("x" * 1025, desk, asked, now=NOON + timedelta(minutes=9)).state
    assert write("Shorter", desk, told, now=NOON + timedelta(minutes=18)).change
    before = {name: value for name, value in asked.as_json().items() if name != "editing_until"}
    assert write("A week later", desk, State(**before)).change is None, "stored before there was an end"


def test_a_posted_one_is_deleted_after_a_question_and_a_waiting_one_at_once() -> None:
    desk = FakeDesk()
    question = tap(f"pd:{POST_ID}", desk)
    assert (question.change, question.answers[-1].method) == (None, "editMessageText")
    assert tap(keyboard(question)["Yes, delete it"], desk).change == Deletion(POST_ID)
    desk.posts.post = replace(SENT, state="waiting", is_ahead=True, is_called=False)
    assert tap(f"pd:{POST_ID}", desk).change == Deletion(POST_ID)


@pytest.mark.parametrize(
    ("stored", "stands"),
    [
        ({"state": "waiting", "is_ahead": True, "is_called": False}, "scheduled"),
        ({"state": "waiting", "is_called": False}, "sending"),
        ({"state": "leased"}, "sending"),
        ({}, "posted"),
        ({"state": "cancelled", "error_code": "recipient_gone"}, "held"),
        ({"state": "failed", "error_code": "recipient_gone"}, "held"),
        ({"state": "cancelled", "error_code": "cancelled"}, "cancelled"),
        ({"state": "failed", "error_code": "rejected", "error_text": "too <big>"}, "failed"),
        ({"state": "ambiguous"}, "unclear"),
        ({"change_method": "deleteMessage", "change_state": "waiting"}, "deleting"),
        ({"change_method": "deleteMessage", "change_state": "sent"}, "deleted"),
        ({"change_method": "deleteMessage", "change_state": "failed", "change_error": "no"}, "posted"),
        ({"change_method": "editMessageCaption", "change_state": "failed", "change_error": "no"}, "posted"),
    ],
)
def test_where_a_post_stands_is_read_from_the_outbox_and_shown(stored: dict, stands: str) -> None:
    desk = FakeDesk(FakePosts(post=replace(SENT, **stored)))
    assert desk.posts.post.stands == stands
    shown = tap(f"ps:{POST_ID}", desk)
    assert "Gold &lt;1&gt;" in said(shown)
    assert ("Open the post" in keyboard(shown)) == (stands == "posted")


@pytest.mark.parametrize(
    "button",
    ["cc:x", "cc:x:p1", f"cc:{NOBODYS}:p1", "ch:p2", "post:x:now", f"post:{POST_ID}:never", "pe:x", "ps:", "pr:x"],
)
def test_a_button_that_leads_nowhere_says_so(button: str) -> None:
    desk = FakeDesk()
    (toast,) = tap(button, desk, drafted(desk)).answers
    assert toast.method == "answerCallbackQuery"
    assert toast.params["text"]
