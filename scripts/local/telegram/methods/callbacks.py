"""Answers to pressed buttons and inline queries."""

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


async def answer_inline_query(call: Call) -> bool:
    query = call.world.callbacks.get(call.params.text("inline_query_id"))
    if query is None or query.bot_id != call.bot.id or call.now() - query.created_at > 30:
        raise bad_request(TOO_OLD)
    results = call.params.data("results", "Can't parse JSON encoded inline query results")
    if not isinstance(results, list):
        raise bad_request("Expected an Array of inline query results")
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    query.answer = {"results": results}
    call.world.changed("inline_results", bot=call.bot.id, user=query.user_id, query=query.id, results=results)
    return True


METHODS = {"answerCallbackQuery": answer_callback_query, "answerInlineQuery": answer_inline_query}
