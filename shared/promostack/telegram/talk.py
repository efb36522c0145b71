"""One update's conversation: who said what, in which state, and how to answer in his language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from promostack.telegram.models import Answer, Incoming, Outcome, State
from promostack.telegram.ports import Desk
from promostack.telegram.texts import Texts

Event = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Talk:
    """`nonce` names a gallery or a picture that this update may show."""

    incoming: Incoming
    state: State
    desk: Desk
    nonce: str
    now: datetime

    @cached_property
    def texts(self) -> Texts:
        """The user's language, in the tenant's words where he has some."""
        return Texts(self.incoming.language, self.desk.own_texts(self.incoming.language))

    def say(self, key: str, *, event: str = "", state: State | None = None, **values: object) -> Outcome:
        """One message with that text; `event` counts it with the same values."""
        answer = message(self.texts.say(key, **values))
        return Outcome(state or self.state, (answer,), ((event, dict(values)),) if event else ())

    def toast(self, key: str = "", **values: object) -> Answer:
        """The answer that every tap needs, or the user's client keeps spinning; with a text or without."""
        params: dict[str, Any] = {"callback_query_id": self.incoming.callback_id}
        return Answer("answerCallbackQuery", {**params, "text": self.texts.say(key, **values)} if key else params)

    def code_unknown(self, state: State) -> Outcome:
        """Nobody could say whether the state's code is good: the user may ask again with one tap."""
        again = [{"text": self.texts.say("try_again"), "callback_data": "again"}]
        reply = message(self.texts.say("code_unknown", code=state.code), reply_markup=buttons(again))
        return Outcome(state, (reply,), (("code_unknown", {"code": state.code}),))

    def no_such_picture(self) -> Outcome:
        """The answer to a button under a picture that is not the last one any more."""
        return self.only_toast("button_old" if self.state.picture else "no_picture")

    def only_toast(self, key: str, *, event: Event | None = None) -> Outcome:
        """A tap's answer that leaves everything as it is."""
        return Outcome(self.state, (self.toast(key),), (event,) if event else ())


def message(text: str, **params: Any) -> Answer:
    """A text message; the preview of a link would push the answer out of sight on a phone."""
    return Answer(
        "sendMessage", {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}, **params}
    )


def buttons(*rows: list[dict[str, str]]) -> dict[str, Any]:
    """An inline keyboard of those rows; empty ones are left out."""
    return {"inline_keyboard": [row for row in rows if row]}
