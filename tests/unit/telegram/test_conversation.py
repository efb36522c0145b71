"""The conversation as a pure function: no database, no Telegram."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from promostack.core.errors import Conflict, NotFound, TooManyRequests, Unavailable
from promostack.core.text import normalise_code
from promostack.delivery.models import Attachment
from promostack.telegram import conversation
from promostack.telegram.models import GalleryEntry, Incoming, Outcome, Picture, State

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRIES = [
    GalleryEntry("aurora", "Aurora", ("square", "story", "feed"), Attachment("thumbnails/a.jpg", "a" * 64, "a.jpg")),
    GalleryEntry("gold", "Gold <b>", ("square",), Attachment("thumbnails/g.jpg", "b" * 64, "g.jpg")),
]


class CouponUnknown(Unavailable):
    code = "coupon_unknown"


def picture_of(slug: str, format_name: str, code: str) -> Picture:
    """Each template, format and code has a picture of its own, so that one cannot pass for another."""
    name = f"{slug}-{format_name}-{code}"
    digest = sha256(name.encode()).hexdigest()
    return Picture(f"renders/{name}.jpg", digest, "image/jpeg", f"https://cdn.example.com/{name}.jpg", 1080, 1080)


@dataclass
class FakeDesk:
    status: str = "valid"
    entries: list[GalleryEntry] = field(default_factory=lambda: list(ENTRIES))
    trouble: Exception | None = None
    rendered: list[tuple[str, str, str]] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def check_code(self, raw: str) -> tuple[str, str]:
        if self.trouble:
            raise self.trouble
        return self.status, normalise_code(raw)

    def gallery(self) -> list[GalleryEntry]:
        return self.entries

    def render(self, slug: str, format_name: str, code: str) -> Picture:
        if self.trouble:
            raise self.trouble
        self.rendered.append((slug, format_name, code))
        return picture_of(slug, format_name, code)

    def referral_link(self, code: str) -> str:
        return f"https://shop.example.com/?promo={code}&x=1"

    def qr(self, link: str) -> Picture:
        self.rendered.append(("qr", "", link))
        return Picture("qr/x.png", "e" * 64, "image/png")

    def own_texts(self, language: str) -> Mapping[str, str]:
        return self.words.get(language, {})

    def show_rendering(self) -> None:
        pass


def write(text: str, desk: FakeDesk, state: State | None = None) -> Outcome:
    return conversation.answer(Incoming(1, 7, 7, text=text), state or State(), desk, nonce="new1", now=NOON)


def tap(button: str, desk: FakeDesk, state: State, *, nonce: str = "new2") -> Outcome:
    incoming = Incoming(2, 7, 7, button=button, callback_id="cb", message_id=40)
    return conversation.answer(incoming, state, desk, nonce=nonce, now=NOON)


def under(outcome: Outcome) -> dict[str, str]:
    """Text → data of the buttons under the last message."""
    rows = outcome.answers[-1].params["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row if "callback_data" in button}


def format_button(slug: str, format_name: str, gallery: str = "g1") -> str:
    """A format button's data, as they stand in chats: changed, it would strand every gallery there is."""
    return f"r:{gallery}:{sha256(f'{slug}:{format_name}'.encode()).hexdigest()[:12]}"


SQUARE = format_button("aurora", "square")


def opened(code: str = "WELCOME-30") -> State:
    return State().with_code(code, gallery="g1")


def test_a_valid_code_opens_a_gallery_with_format_buttons() -> None:
    outcome = write("welcome-30", FakeDesk())
    (answer,) = outcome.answers
    assert (answer.method, answer.attachment) == ("sendPhoto", ENTRIES[0].thumbnail)
    rows = answer.params["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in rows[0]] == ["Square", "Story", "Feed"]
    assert [button["text"] for button in rows[1]] == ["◀", "▶"]
    assert all(len(button["callback_data"].encode()) <= 64 for row in rows for button in row)
    assert (outcome.state.code, outcome.state.gallery) == ("WELCOME-30", "new1")


@pytest.mark.parametrize(
    ("desk", "text", "said"),
    [
        (FakeDesk(status="invalid"), "NOPE", "not valid"),
        (FakeDesk(status="unknown"), "NOPE", "right now"),
        (FakeDesk(trouble=TooManyRequests("x", retry_after_s=30)), "NOPE", "30 seconds"),
        (FakeDesk(), "%%%", "cannot be a coupon code"),
        (FakeDesk(), "A\u202eB", "cannot be a coupon code"),
        (FakeDesk(entries=[]), "GOOD", "no template"),
        (FakeDesk(), "/start", "Send me your coupon code"),
        (FakeDesk(), "/start@some_bot inline", "Send me your coupon code"),
        (FakeDesk(), "/start long-gone", "leads nowhere"),
        (FakeDesk(), "", "text only"),
        (FakeDesk(), "/stop", "no more news"),
        (FakeDesk(), "/resume", "news of this bot again"),
        (FakeDesk(), "/help", "/generate"),
        (FakeDesk(), "/unheard-of", "/generate"),
        (FakeDesk(), "/generate", "no code yet"),
    ],
)
def test_each_outcome_has_its_own_text(desk: FakeDesk, text: str, said: str) -> None:
    (answer,) = write(text, desk).answers
    assert answer.method == "sendMessage"
    assert said in answer.params["text"]


def test_what_a_user_or_tenant_wrote_is_escaped() -> None:
    outcome = write("good", FakeDesk(entries=[ENTRIES[1]]))
    assert "Gold &lt;b&gt;" in outcome.answers[0].params["caption"]


def test_generate_uses_the_last_code() -> None:
    outcome = write("/generate", FakeDesk(), State(code="SUMMER-25"))
    assert outcome.state.code == "SUMMER-25"
    assert outcome.answers[0].method == "sendPhoto"


def test_a_format_button_makes_the_picture() -> None:
    desk = FakeDesk()
    outcome = tap(format_button("aurora", "story"), desk, opened())
    assert desk.rendered == [("aurora", "story", "WELCOME-30")]
    toast, photo = outcome.answers
    assert (toast.method, photo.method, photo.attachment.filename) == (
        "answerCallbackQuery",
        "sendPhoto",
        "WELCOME-30.jpg",
    )
    assert "promo=WELCOME-30&amp;x=1" in photo.params["caption"]
    assert photo.attachment == picture_of("aurora", "story", "WELCOME-30").attachment("WELCOME-30")


def test_paging_edits_the_gallery_and_goes_round() -> None:
    desk = FakeDesk()
    forward = tap("p:g1:▶", desk, opened())
    assert forward.state.page == 1
    assert forward.answers[1].attachment == ENTRIES[1].thumbnail
    back = tap("p:g1:▶", desk, forward.state)
    assert back.state.page == 0
    assert (back.answers[1].method, back.answers[1].params["message_id"]) == ("editMessageMedia", 40)


@pytest.mark.parametrize(
    "button",
    [
        "r:old:0",
        "p:old:▶",
        "nonsense",
        "r:g1:0",
        "r:g1:x",
        format_button("gone", "x"),
        "f",
        "q",
        "t",
        "f:",
        "f:old",
        "r:g1",
    ],
)
def test_a_button_that_leads_nowhere_says_so(button: str) -> None:
    outcome = tap(button, FakeDesk(), opened())
    (toast,) = outcome.answers
    assert toast.method == "answerCallbackQuery"
    assert toast.params["text"]


@pytest.mark.parametrize(
    ("trouble", "said", "kind", "error"),
    [
        (NotFound("gone"), "no longer available", "render_failed", "template_gone"),
        (Conflict("invalid"), "not valid", "code_invalid", None),
        (CouponUnknown("crm"), "right now", "code_unknown", None),
        (Unavailable("store"), "could not be made", "render_failed", "unavailable"),
        (TooManyRequests("x", retry_after_s=120), "2 minutes", "limited", "too_many_requests"),
    ],
)
def test_a_picture_that_cannot_be_made_says_why_and_is_counted(
    trouble: Exception, said: str, kind: str, error: str | None
) -> None:
    outcome = tap(SQUARE, FakeDesk(trouble=trouble), opened())
    assert outcome.answers[0].method == "answerCallbackQuery"
    assert any(said in answer.params.get("text", "") for answer in outcome.answers)
    ((counted, facts),) = outcome.events
    assert (counted, facts["code"], facts.get("error")) == (kind, "WELCOME-30", error)


def test_a_template_that_is_gone_from_the_gallery_is_counted() -> None:
    gone = {"code": "WELCOME-30", "error": "template_gone"}
    assert tap(SQUARE, FakeDesk(entries=[]), opened()).events == (("render_failed", gone),)


def test_a_code_that_comes_too_often_is_counted_with_its_error() -> None:
    ((kind, facts),) = write("GOOD", FakeDesk(trouble=TooManyRequests("x", retry_after_s=30))).events
    assert (kind, facts["error"]) == ("limited", "too_many_requests")


def test_the_file_button_sends_the_same_picture_as_a_document() -> None:
    made = tap(SQUARE, FakeDesk(), opened())
    outcome = tap(under(made)["As a file"], FakeDesk(), made.state)
    assert (outcome.answers[1].method, outcome.answers[1].attachment) == ("sendDocument", made.answers[1].attachment)


@pytest.mark.parametrize("status", ["valid", "unknown"])
def test_buttons_under_a_picture_mean_that_picture_whatever_code_came_since(status: str) -> None:
    made = tap(SQUARE, FakeDesk(), opened("FIRST"))
    later = write("SECOND", FakeDesk(status=status), made.state).state
    assert later.code == "SECOND"
    buttons, desk = under(made), FakeDesk()
    assert tap(buttons["As a file"], desk, later).answers[1].attachment == made.answers[1].attachment
    qr = tap(buttons["QR code"], desk, later).answers[1]
    assert (qr.attachment.filename, "promo=FIRST&amp;x=1" in qr.params["caption"]) == ("FIRST-qr.png", True)
    assert "<b>FIRST</b>" in tap(buttons["Another template"], desk, later).answers[1].params["caption"]


@pytest.mark.parametrize("button", ["As a file", "QR code", "Another template", "Post to my channel"])
def test_buttons_under_an_older_picture_say_so(button: str) -> None:
    first = tap(SQUARE, FakeDesk(), opened("FIRST"))
    second = tap(
        format_button("aurora", "square", "new1"),
        FakeDesk(),
        write("SECOND", FakeDesk(), first.state).state,
        nonce="new3",
    )
    (toast,) = tap(under(first)[button], FakeDesk(), second.state).answers
    assert "older message" in toast.params["text"]


def test_a_picture_that_was_stored_before_its_buttons_named_it_is_an_old_one() -> None:
    flat = {"object_key": "renders/x.jpg", "sha256": "f" * 64, "media_type": "image/jpeg", "url": "", "width": 9}
    state = State(**json.loads(json.dumps({**opened().as_json(), "picture": flat})))
    for button in ("f", "q", "ch", "t", "f:", "f:new2"):
        (toast,) = tap(button, FakeDesk(), state).answers
        assert "older message" in toast.params["text"]


def test_the_state_survives_its_stored_form() -> None:
    state = tap(SQUARE, FakeDesk(), opened()).state
    assert State(**state.as_json()) == state


def test_buttons_of_a_gallery_belong_to_its_code() -> None:
    """A second code that could not be checked must not slip under the first one's buttons."""
    state = write("SECOND", FakeDesk(status="unknown"), opened("FIRST")).state
    desk = FakeDesk()
    outcome = tap(SQUARE, desk, state)
    assert desk.rendered == []
    assert "older message" in outcome.answers[0].params["text"]


def test_a_template_with_many_formats_offers_them_all() -> None:
    formats = ("square", "story", "feed", "wide", "tall")
    outcome = write("good", FakeDesk(entries=[GalleryEntry("a", "A", formats, None)]))
    rows = outcome.answers[0].params["reply_markup"]["inline_keyboard"]
    buttons = [format_button("a", name, "new1") for name in formats]
    assert [[button["callback_data"] for button in row] for row in rows] == [buttons[:3], buttons[3:]]


def test_a_format_button_means_the_template_that_it_was_shown_with() -> None:
    """Templates are archived and moved while somebody looks, and two edits of a gallery land in either order."""
    third = GalleryEntry("third", "Third", ("story", "square"), ENTRIES[0].thumbnail)
    desk = FakeDesk(entries=[*ENTRIES, third])
    first = tap("p:g1:▶", desk, opened())
    tapped_on = tap("p:g1:▶", desk, first.state).state
    shown_last = under(first)["Square"]
    for entries in ([*ENTRIES, third], [third, *reversed(ENTRIES)], [ENTRIES[1]]):
        desk.entries = entries
        tap(shown_last, desk, tapped_on)
    assert desk.rendered == [("gold", "square", "WELCOME-30")] * 3
    desk.entries = [third]
    (toast,) = tap(shown_last, desk, tapped_on).answers
    assert ("no longer available" in toast.params["text"], len(desk.rendered)) == (True, 3)


def test_a_format_button_of_the_longest_names_is_short_enough() -> None:
    entry = GalleryEntry("s" * 200, "Long", ("f" * 200,), None)
    rows = write("good", FakeDesk(entries=[entry])).answers[0].params["reply_markup"]["inline_keyboard"]
    assert len(rows[0][0]["callback_data"].encode()) <= 64


def test_a_button_that_named_a_place_in_the_gallery_is_an_old_one() -> None:
    (toast,) = tap("r:g1:0", FakeDesk(), opened()).answers
    assert "older message" in toast.params["text"]


def test_a_gallery_with_a_page_without_picture_is_all_text() -> None:
    desk = FakeDesk(entries=[ENTRIES[0], GalleryEntry("plain", "Plain", ("square",), None)])
    outcome = write("good", desk)
    assert outcome.answers[0].method == "sendMessage"
    assert tap("p:new1:▶", desk, outcome.state).answers[1].method == "editMessageText"


def test_everything_is_said_in_the_users_language() -> None:
    incoming = Incoming(1, 7, 7, text="good", language="de")
    outcome = conversation.answer(incoming, State(), FakeDesk(), nonce="new1", now=NOON)
    keyboard = outcome.answers[0].params["reply_markup"]["inline_keyboard"]
    assert "von 2" in outcome.answers[0].params["caption"]
    assert keyboard[0][0]["text"] == "Quadrat"


def test_the_tenants_words_come_before_ours() -> None:
    desk = FakeDesk(words={"en": {"welcome": "Ahoy"}})
    assert write("/start", desk).answers[0].params["text"] == "Ahoy"


def test_news_are_stopped_and_resumed() -> None:
    assert [write(command, FakeDesk()).wants_news for command in ("/stop", "/resume", "/help")] == [False, True, None]


def test_the_qr_button_sends_the_links_code_as_a_file() -> None:
    desk = FakeDesk()
    made = tap(SQUARE, FakeDesk(), opened())
    outcome = tap(under(made)["QR code"], desk, made.state)
    assert desk.rendered == [("qr", "", "https://shop.example.com/?promo=WELCOME-30&x=1")]
    sent = outcome.answers[1]
    assert (sent.method, sent.attachment.filename) == ("sendDocument", "WELCOME-30-qr.png")
    assert "promo=WELCOME-30&amp;x=1" in sent.params["caption"]


class TestInline:
    def ask(self, text: str, desk: FakeDesk) -> Outcome:
        incoming = Incoming(1, 7, 7, text=text, inline_id="iq")
        return conversation.answer(incoming, opened("KEPT"), desk, nonce="new1", now=NOON)

    def test_a_valid_code_offers_each_templates_picture(self) -> None:
        desk = FakeDesk()
        outcome = self.ask("welcome-30", desk)
        (answer,) = outcome.answers
        assert (answer.method, answer.params["inline_query_id"]) == ("answerInlineQuery", "iq")
        assert [each["title"] for each in answer.params["results"]] == ["Aurora", "Gold <b>"]
        assert answer.params["results"][0]["photo_url"] == "https://cdn.example.com/aurora-square-WELCOME-30.jpg"
        assert all(len(each["id"].encode()) <= 64 for each in answer.params["results"])
        assert outcome.state.code == "KEPT"

    @pytest.mark.parametrize(
        ("desk", "text", "said"),
        [
            (FakeDesk(), " ", "Type a coupon code"),
            (FakeDesk(status="invalid"), "NOPE", "not valid"),
            (FakeDesk(status="unknown"), "NOPE", "right now"),
            (FakeDesk(), "%%%", "not valid"),
            (FakeDesk(trouble=TooManyRequests("x", retry_after_s=30)), "NOPE", "wait a moment"),
            (FakeDesk(entries=[]), "GOOD", "right now"),
        ],
    )
    def test_without_pictures_a_button_says_why(self, desk: FakeDesk, text: str, said: str) -> None:
        outcome = self.ask(text, desk)
        (answer,) = outcome.answers
        assert answer.params["results"] == []
        assert outcome.events == (), "each letter asks anew; refused codes are counted where they are sent"
        assert said in answer.params["button"]["text"]
        assert write(f"/start {answer.params['button']['start_parameter']}", FakeDesk()).events[0][0] == "started"
