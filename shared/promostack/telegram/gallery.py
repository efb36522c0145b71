"""The gallery: one message that is paged by editing it, with a button for each format."""

import hashlib
from dataclasses import replace
from typing import Any

from promostack.telegram.models import Answer, GalleryEntry, Outcome, State
from promostack.telegram.talk import Talk, buttons, message

_FORMATS_A_ROW = 3
# Hexadecimal digits that name a template's format on a button: no two of one gallery are alike by chance.
_ID_DIGITS = 12
BACK, ON = "◀", "▶"


def open_gallery(talk: Talk, state: State) -> Outcome:
    """The first page for the state's code."""
    entries = talk.desk.gallery()
    if not entries:
        return talk.say("gallery_empty", event="gallery_empty", state=state)
    page = page_of(state, entries)
    entry = entries[page]
    caption, keyboard = _caption(talk, state, entries, page), _keyboard(talk, state, entry, len(entries))
    shown = (
        Answer("sendPhoto", {"caption": caption, "parse_mode": "HTML", "reply_markup": keyboard}, entry.thumbnail)
        if _is_pictured(entries)
        else message(caption, reply_markup=keyboard)
    )
    return Outcome(replace(state, page=page), (shown,), (("code_valid", {"code": state.code}),))


def turn_page(talk: Talk, step: int) -> Outcome:
    """The same message with the next template, round and round."""
    entries = talk.desk.gallery()
    if not entries:
        return talk.only_toast("gallery_empty")
    state = replace(talk.state, page=(page_of(talk.state, entries) + step) % len(entries))
    entry = entries[state.page]
    caption = _caption(talk, state, entries, state.page)
    params: dict[str, Any] = {
        "message_id": talk.incoming.message_id,
        "reply_markup": _keyboard(talk, state, entry, len(entries)),
    }
    if _is_pictured(entries):
        params["media"] = {"caption": caption, "parse_mode": "HTML"}
        edit = Answer("editMessageMedia", params, entry.thumbnail)
    else:
        edit = Answer("editMessageText", {**params, "text": caption, "parse_mode": "HTML"})
    return Outcome(state, (talk.toast(), edit))


def find_format(entries: list[GalleryEntry], button_id: str) -> tuple[GalleryEntry, str] | None:
    """The template and the format that a button was made for, wherever they stand now; None when they are gone."""
    pairs = ((entry, name) for entry in entries for name in entry.formats)
    return next(((entry, name) for entry, name in pairs if _id_of(entry, name) == button_id), None)


def is_format_id(value: str) -> bool:
    """False for what older buttons carried: a place in a gallery that has moved since."""
    return len(value) == _ID_DIGITS


def page_of(state: State, entries: list[GalleryEntry]) -> int:
    """The gallery's page, kept inside a gallery that has shrunk meanwhile."""
    return min(state.page, len(entries) - 1)


def _is_pictured(entries: list[GalleryEntry]) -> bool:
    """A message with a picture cannot be edited into one without: all pages have one, or none shows it."""
    return all(entry.thumbnail for entry in entries)


def _caption(talk: Talk, state: State, entries: list[GalleryEntry], page: int) -> str:
    return talk.texts.say("gallery", name=entries[page].name, page=page + 1, pages=len(entries), code=state.code)


def _keyboard(talk: Talk, state: State, entry: GalleryEntry, pages: int) -> dict[str, Any]:
    """Formats in rows, paging below; callback data stay far below Telegram's 64 bytes."""
    formats = [
        {"text": talk.texts.format_name(name), "callback_data": f"r:{state.gallery}:{_id_of(entry, name)}"}
        for name in entry.formats
    ]
    rows = [formats[start : start + _FORMATS_A_ROW] for start in range(0, len(formats), _FORMATS_A_ROW)]
    paging = [{"text": text, "callback_data": f"p:{state.gallery}:{text}"} for text in (BACK, ON)]
    return buttons(*rows, paging if pages > 1 else [])


def _id_of(entry: GalleryEntry, format_name: str) -> str:
    return hashlib.sha256(f"{entry.slug}:{format_name}".encode()).hexdigest()[:_ID_DIGITS]
