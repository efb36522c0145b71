"""The conversation: state and an incoming message in, new state and answers out. It stores and sends nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from promostack.core.errors import TooManyRequests
from promostack.core.text import InvalidCode
from promostack.telegram import inline, posting, taps
from promostack.telegram.gallery import open_gallery
from promostack.telegram.models import Incoming, Outcome, State
from promostack.telegram.ports import Desk
from promostack.telegram.talk import Talk


def answer(incoming: Incoming, state: State, desk: Desk, *, nonce: str, now: datetime) -> Outcome:
    """Answers one message, button or inline query. `nonce` names a gallery or a picture that this update may show."""
    talk = Talk(incoming, state, desk, nonce, now)
    if incoming.inline_id:
        return inline.answer(talk)
    if not incoming.text and not incoming.button:
        return talk.say("only_text")
    command, _, rest = incoming.text.partition(" ")
    if incoming.text and state.awaits_caption(now):
        if not command.startswith("/"):
            return posting.take_caption(talk)
        if _name_of(command) == "/cancel":
            return posting.leave_editing(talk)
    # Whoever does something else does not want his next code in a channel's caption.
    talk = replace(talk, state=state.without_caption())
    if incoming.button:
        return taps.answer(talk, again=lambda code: take_code(talk, code))
    if not command.startswith("/"):
        return take_code(talk, incoming.text)
    return _COMMANDS.get(_name_of(command), _help)(talk, rest.strip())


def _name_of(command: str) -> str:
    """`/start@some_bot` is `/start`."""
    return command.partition("@")[0].lower()


def take_code(talk: Talk, text: str) -> Outcome:
    """Any plain text is a code."""
    try:
        status, code = talk.desk.check_code(text)
    except InvalidCode as error:
        return talk.say("code_malformed", event="code_malformed", reason=error.message)
    except TooManyRequests as error:
        wait = talk.texts.wait(error.retry_after_s or 60)
        return talk.say("too_many_tries", event="limited", wait=wait, error=error.code)
    if status == "unknown":
        # The buttons of an older gallery belong to an older code.
        return talk.code_unknown(replace(talk.state, code=code, gallery=""))
    if status != "valid":
        return talk.say("code_invalid", event="code_invalid", code=code)
    return open_gallery(talk, talk.state.with_code(code, gallery=talk.nonce))


def _start(talk: Talk, payload: str) -> Outcome:
    """Deep links open a journey or a campaign by its id; without one, or with one from long ago, the bot explains."""
    is_known = payload in ("", inline.START)
    return talk.say("welcome", event="started") if is_known else talk.say("link_old", event="link_old")


def _help(talk: Talk, _: str) -> Outcome:
    return talk.say("help")


def _cancel(talk: Talk, _: str) -> Outcome:
    return talk.say("cancelled", state=State())


def _generate(talk: Talk, _: str) -> Outcome:
    return take_code(talk, talk.state.code) if talk.state.code else talk.say("no_code_yet")


def _stop(talk: Talk, _: str) -> Outcome:
    return replace(talk.say("stopped", event="stopped"), wants_news=False)


def _resume(talk: Talk, _: str) -> Outcome:
    return replace(talk.say("resumed", event="resumed"), wants_news=True)


_COMMANDS: Mapping[str, Callable[[Talk, str], Outcome]] = {
    "/start": _start,
    "/help": _help,
    "/cancel": _cancel,
    "/generate": _generate,
    "/stop": _stop,
    "/resume": _resume,
}
