"""Answers to pressed buttons."""

from __future__ import annotations

from ..errors import bad_request
from .call import Call

ANSWERABLE_S = 150
MAX_ANSWER = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def answer_callback_query(call: Call) -> bool:
    query = call.world.callbacks.get(call.params.text("callback_query_id"))
    if query is None or query.bot_id != call.bot.id or call.now() - query.created_at > ANSWERABLE_S:
        raise bad_request(TOO_OLD)
    text = call.params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    alert, url = call.params.boolean("show_alert"), call.params.text("url")
    query.answer = {"text": text, "show_alert": alert, "url": url}
    call.world.changed("answered", bot=call.bot.id, user=query.user_id, query=query.id, text=text, alert=alert, url=url)
    return True


METHODS = {"answerCallbackQuery": answer_callback_query}
