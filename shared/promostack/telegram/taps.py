"""Taps on inline buttons. Every tap is answered, an old one with what to do instead."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from promostack.core.errors import Conflict, NotFound, PromoError, TooManyRequests, Unavailable
from promostack.telegram import posting
from promostack.telegram.gallery import BACK, find_format, is_format_id, turn_page
from promostack.telegram.models import Answer, Outcome, Picture, Shown
from promostack.telegram.talk import Event, Talk, buttons, message


def answer(talk: Talk, *, again: Callable[[str], Outcome]) -> Outcome:
    """What the tap leads to; `again` takes a code once more."""
    action, _, rest = talk.incoming.button.partition(":")
    gallery, _, value = rest.partition(":")
    if action in ("p", "r") and gallery != talk.state.gallery:
        return talk.only_toast("button_old")
    actions: Mapping[str, Callable[[], Outcome]] = {
        "p": lambda: turn_page(talk, -1 if value == BACK else 1),
        "r": lambda: _render(talk, value),
        "again": lambda: _again(talk, talk.state.code, again),
        "t": lambda: _with_picture(talk, rest, lambda shown: _again(talk, shown.code, again)),
        "f": lambda: _with_picture(talk, rest, lambda shown: _send_file(talk, shown)),
        "q": lambda: _with_picture(talk, rest, lambda shown: _send_qr(talk, shown)),
        **posting.actions(talk, rest),
    }
    return actions.get(action, lambda: talk.only_toast("button_old"))()


def _with_picture(talk: Talk, nonce: str, act: Callable[[Shown], Outcome]) -> Outcome:
    """Buttons under a picture mean that picture, whatever code came since."""
    shown = talk.state.shown(nonce)
    return act(shown) if shown else talk.no_such_picture()


def _again(talk: Talk, code: str, again: Callable[[str], Outcome]) -> Outcome:
    if not code:
        return talk.only_toast("no_code_yet")
    outcome = again(code)
    return replace(outcome, answers=(talk.toast(), *outcome.answers))


def _render(talk: Talk, value: str) -> Outcome:
    if not is_format_id(value):
        return talk.only_toast("button_old")
    code = talk.state.code
    found = find_format(talk.desk.gallery(), value)
    if found is None:
        return _gone(talk, {"code": code})
    entry, format_name = found
    facts = {"template": entry.slug, "format": format_name, "code": code}
    talk.desk.show_rendering()
    try:
        picture = talk.desk.render(entry.slug, format_name, code)
    except NotFound:
        return _gone(talk, facts)
    except Conflict:
        return _told(talk, talk.texts.say("code_invalid", code=code), ("code_invalid", facts))
    except TooManyRequests as error:
        text = talk.texts.say("too_many_tries", wait=talk.texts.wait(error.retry_after_s or 60))
        return _told(talk, text, ("limited", {**facts, "error": error.code}))
    except Unavailable as error:
        if error.code != "coupon_unknown":
            return _failed(talk, facts, error)
        unknown = talk.code_unknown(talk.state)
        return replace(unknown, answers=(talk.toast(), *unknown.answers))
    except PromoError as error:
        return _failed(talk, facts, error)
    return _picture(talk, picture, code, facts)


def _picture(talk: Talk, picture: Picture, code: str, facts: Mapping[str, Any]) -> Outcome:
    say, link = talk.texts.say, talk.desk.referral_link(code)
    shown = Shown(picture, code, link, talk.nonce)
    more = [{"text": say("as_file"), "callback_data": f"f:{shown.nonce}"}]
    if link:
        more.append({"text": say("as_qr"), "callback_data": f"q:{shown.nonce}"})
    channel = [{"text": say("to_channel"), "callback_data": f"{posting.OPEN}:{shown.nonce}"}]
    another = [{"text": say("another_template"), "callback_data": f"t:{shown.nonce}"}]
    share = [{"text": say("share"), "url": f"https://t.me/share/url?url={quote(link, safe='')}"}] if link else []
    params = {
        "caption": say("picture", code=code, link=link),
        "parse_mode": "HTML",
        "reply_markup": buttons(more, channel, another, share),
    }
    photo = Answer("sendPhoto", params, picture.attachment(code))
    state = replace(talk.state, picture=shown.as_json())
    return Outcome(state, (talk.toast("rendering"), photo), (("rendered", facts),))


def _send_file(talk: Talk, shown: Shown) -> Outcome:
    """The picture as it was made: Telegram compresses photos."""
    attachment = shown.picture.attachment(shown.code)
    return Outcome(talk.state, (talk.toast(), Answer("sendDocument", {}, attachment)), (("file_sent", {}),))


def _send_qr(talk: Talk, shown: Shown) -> Outcome:
    """The referral link as a QR code, as a file: a compressed one is harder to read."""
    code, link = shown.code, shown.link
    if not link:
        return talk.only_toast("no_link")
    params = {"caption": talk.texts.say("qr", code=code, link=link), "parse_mode": "HTML"}
    attachment = talk.desk.qr(link).attachment(f"{code}-qr")
    return Outcome(talk.state, (talk.toast(), Answer("sendDocument", params, attachment)), (("qr_sent", {}),))


def _gone(talk: Talk, facts: Mapping[str, Any]) -> Outcome:
    return talk.only_toast("template_gone", event=("render_failed", {**facts, "error": "template_gone"}))


def _failed(talk: Talk, facts: Mapping[str, Any], error: PromoError) -> Outcome:
    return _told(talk, talk.texts.say("render_failed"), ("render_failed", {**facts, "error": error.code}))


def _told(talk: Talk, text: str, event: Event) -> Outcome:
    return Outcome(talk.state, (talk.toast(), message(text)), (event,))
