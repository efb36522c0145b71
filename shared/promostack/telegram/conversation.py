"""The conversation: state and an incoming message in, new state and answers out. It stores and sends nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from promostack.core.errors import Conflict, NotFound, PromoError, TooManyRequests, Unavailable
from promostack.core.text import InvalidCode
from promostack.telegram.models import Answer, GalleryEntry, Incoming, Outcome, Picture, State
from promostack.telegram.ports import Desk
from promostack.telegram.texts import say, wait

_FORMAT_NAMES = {"square": "Square", "story": "Story", "feed": "Feed"}


def answer(incoming: Incoming, state: State, desk: Desk, *, nonce: str) -> Outcome:
    """Answers one message or button. `nonce` names a gallery that this update may open."""
    if incoming.button:
        return _Buttons(incoming, state, desk, nonce).answer()
    command, _, _ = incoming.text.partition(" ")
    known = _COMMANDS.get(command.partition("@")[0].lower()) if command.startswith("/") else _take_code
    return (known or _help)(incoming, state, desk, nonce)


def _start(incoming: Incoming, state: State, desk: Desk, nonce: str) -> Outcome:
    return _say(state, "welcome", event="started")


def _help(incoming: Incoming, state: State, desk: Desk, nonce: str) -> Outcome:
    return _say(state, "help")


def _cancel(incoming: Incoming, state: State, desk: Desk, nonce: str) -> Outcome:
    return _say(State(), "cancelled")


def _generate(incoming: Incoming, state: State, desk: Desk, nonce: str) -> Outcome:
    if not state.code:
        return _say(state, "no_code_yet")
    return _take_code(replace(incoming, text=state.code), state, desk, nonce)


def _take_code(incoming: Incoming, state: State, desk: Desk, nonce: str) -> Outcome:
    """Any plain text is a code."""
    try:
        status, code = desk.check_code(incoming.text)
    except InvalidCode as error:
        return _say(state, "code_malformed", event="code_malformed", reason=error.message)
    except TooManyRequests as error:
        return _say(state, "too_many_tries", event="limited", wait=wait(error.retry_after_s or 60))
    if status == "unknown":
        # The buttons of an older gallery belong to an older code.
        return _code_unknown(replace(state, code=code, gallery=""), code)
    if status != "valid":
        return _say(state, "code_invalid", event="code_invalid", code=code)
    return _open_gallery(state.with_code(code, gallery=nonce), desk)


def _code_unknown(state: State, code: str) -> Outcome:
    keyboard = {"inline_keyboard": [[{"text": say("try_again"), "callback_data": "again"}]]}
    reply = _message(say("code_unknown", code=code), reply_markup=keyboard)
    return Outcome(state, (reply,), (("code_unknown", {"code": code}),))


def _open_gallery(state: State, desk: Desk) -> Outcome:
    entries = desk.gallery()
    if not entries:
        return _say(state, "gallery_empty", event="gallery_empty")
    page = _page(state, entries)
    entry = entries[page]
    caption, keyboard = (
        _gallery_caption(state, entry, page, len(entries)),
        _gallery_keyboard(state, entry, len(entries)),
    )
    shown = (
        Answer("sendPhoto", {"caption": caption, "parse_mode": "HTML", "reply_markup": keyboard}, entry.thumbnail)
        if entry.thumbnail
        else _message(caption, reply_markup=keyboard)
    )
    return Outcome(replace(state, page=page), (shown,), (("code_valid", {"code": state.code}),))


def _gallery_caption(state: State, entry: GalleryEntry, page: int, pages: int) -> str:
    return say("gallery", name=entry.name, page=page + 1, pages=pages, code=state.code)


def _gallery_keyboard(state: State, entry: GalleryEntry, pages: int) -> dict[str, Any]:
    """Formats in rows of three, paging below; callback data stay far below Telegram's 64 bytes."""
    buttons = [
        {"text": _FORMAT_NAMES.get(name, name), "callback_data": f"r:{state.gallery}:{index}"}
        for index, name in enumerate(entry.formats)
    ]
    rows = [buttons[start : start + 3] for start in range(0, len(buttons), 3)]
    if pages > 1:
        rows.append([{"text": text, "callback_data": f"p:{state.gallery}:{text}"} for text in ("◀", "▶")])
    return {"inline_keyboard": rows}


class _Buttons:
    """A tap on an inline button. Every tap is answered, or the user's client keeps spinning."""

    def __init__(self, incoming: Incoming, state: State, desk: Desk, nonce: str) -> None:
        self._incoming, self._state, self._desk, self._nonce = incoming, state, desk, nonce

    def answer(self) -> Outcome:
        action, _, rest = self._incoming.button.partition(":")
        gallery, _, value = rest.partition(":")
        if action in ("p", "r") and gallery != self._state.gallery:
            return self._outcome(toast=say("button_old"))
        actions: Mapping[str, Callable[[], Outcome]] = {
            "p": lambda: self._turn_page(-1 if value == "◀" else 1),
            "r": lambda: self._render(value),
            "again": self._again,
            "t": self._again,
            "f": self._send_file,
        }
        return actions.get(action, lambda: self._outcome(toast=say("button_old")))()

    def _again(self) -> Outcome:
        if not self._state.code:
            return self._outcome(toast=say("no_code_yet"))
        outcome = _take_code(replace(self._incoming, text=self._state.code), self._state, self._desk, self._nonce)
        return replace(outcome, answers=(self._toast(""), *outcome.answers))

    def _turn_page(self, step: int) -> Outcome:
        entries = self._desk.gallery()
        if not entries:
            return self._outcome(toast=say("gallery_empty"))
        state = replace(self._state, page=(_page(self._state, entries) + step) % len(entries))
        entry = entries[state.page]
        caption = _gallery_caption(state, entry, state.page, len(entries))
        keyboard = _gallery_keyboard(state, entry, len(entries))
        params: dict[str, Any] = {"message_id": self._incoming.message_id, "reply_markup": keyboard}
        if entry.thumbnail:
            params["media"] = {"caption": caption, "parse_mode": "HTML"}
            edit = Answer("editMessageMedia", params, entry.thumbnail)
        else:
            edit = Answer("editMessageText", {**params, "text": caption, "parse_mode": "HTML"})
        return Outcome(state, (self._toast(""), edit))

    def _render(self, value: str) -> Outcome:
        entries = self._desk.gallery()
        entry = entries[_page(self._state, entries)] if entries else None
        if entry is None or not value.isdigit() or int(value) >= len(entry.formats):
            return self._outcome(toast=say("template_gone"))
        format_name, code = entry.formats[int(value)], self._state.code
        facts = {"template": entry.slug, "format": format_name, "code": code}
        self._desk.show_rendering()
        try:
            picture = self._desk.render(entry.slug, format_name, code)
        except NotFound:
            return self._outcome(
                toast=say("template_gone"), event=("render_failed", {**facts, "error": "template_gone"})
            )
        except Conflict:
            return self._outcome(text=say("code_invalid", code=code), event=("code_invalid", facts))
        except TooManyRequests as error:
            return self._outcome(text=say("too_many_tries", wait=wait(error.retry_after_s or 60)))
        except Unavailable as error:
            if error.code == "coupon_unknown":
                unknown = _code_unknown(self._state, code)
                return replace(unknown, answers=(self._toast(""), *unknown.answers))
            return self._failed(facts, error)
        except PromoError as error:
            return self._failed(facts, error)
        return self._picture(picture, code, facts)

    def _picture(self, picture: Picture, code: str, facts: Mapping[str, Any]) -> Outcome:
        link = self._desk.referral_link(code)
        row = [{"text": say("as_file"), "callback_data": "f"}, {"text": say("another_template"), "callback_data": "t"}]
        rows: list[list[dict[str, str]]] = [row]
        if link:
            rows.append([{"text": say("share"), "url": f"https://t.me/share/url?url={quote(link, safe='')}"}])
        params = {
            "caption": say("picture", code=code, link=link),
            "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": rows},
        }
        stored = {"object_key": picture.object_key, "sha256": picture.sha256, "media_type": picture.media_type}
        state = replace(self._state, picture=stored)
        photo = Answer("sendPhoto", params, picture.attachment(code))
        return Outcome(state, (self._toast(say("rendering")), photo), (("rendered", facts),))

    def _send_file(self) -> Outcome:
        if not self._state.picture:
            return self._outcome(toast=say("no_picture"))
        attachment = Picture(**self._state.picture).attachment(self._state.code)
        return Outcome(self._state, (self._toast(""), Answer("sendDocument", {}, attachment)), (("file_sent", {}),))

    def _failed(self, facts: Mapping[str, Any], error: PromoError) -> Outcome:
        return self._outcome(text=say("render_failed"), event=("render_failed", {**facts, "error": error.code}))

    def _outcome(
        self, *, toast: str = "", text: str = "", event: tuple[str, Mapping[str, Any]] | None = None
    ) -> Outcome:
        said = (_message(text),) if text else ()
        return Outcome(self._state, (self._toast(toast), *said), (event,) if event else ())

    def _toast(self, text: str) -> Answer:
        params: dict[str, Any] = {"callback_query_id": self._incoming.callback_id}
        return Answer("answerCallbackQuery", {**params, "text": text} if text else params)


def _page(state: State, entries: list[GalleryEntry]) -> int:
    """The gallery's page, kept inside a gallery that has shrunk meanwhile."""
    return min(state.page, len(entries) - 1)


def _say(state: State, key: str, *, event: str = "", **values: object) -> Outcome:
    return Outcome(state, (_message(say(key, language="en", **values)),), ((event, dict(values)),) if event else ())


def _message(text: str, **params: Any) -> Answer:
    # The preview of a link would push the answer out of sight on a phone.
    return Answer(
        "sendMessage", {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}, **params}
    )


_COMMANDS: Mapping[str, Callable[[Incoming, State, Desk, str], Outcome]] = {
    "/start": _start,
    "/help": _help,
    "/cancel": _cancel,
    "/generate": _generate,
}
