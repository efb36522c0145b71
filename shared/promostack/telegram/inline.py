"""Inline mode: `@bot CODE` in any chat offers the code's pictures, one for each template.

Telegram asks at each letter. What is refused on the way to a code is no step worth counting.
"""

from typing import Any

from promostack.core.errors import PromoError, TooManyRequests
from promostack.core.text import InvalidCode
from promostack.telegram.models import Answer, Outcome
from promostack.telegram.talk import Talk

# Telegram forgets an inline query after 30 s (facts §2) and shows results in rows of three: enough to choose from, and
# rendered well before that.
MOST_OFFERS = 6
# The code's check may change; a minute is how long its answer is kept anyway.
CACHE_S = 60
# What the hint's button sends as the payload of /start.
START = "inline"


def answer(talk: Talk) -> Outcome:
    """Pictures for a valid code; else a button that says why and leads into the bot's own chat."""
    if not talk.incoming.text.strip():
        return _hint(talk, "inline_hint")
    try:
        status, code = talk.desk.check_code(talk.incoming.text)
    except InvalidCode:
        return _hint(talk, "inline_invalid")
    except TooManyRequests:
        return _hint(talk, "inline_busy")
    if status != "valid":
        return _hint(talk, f"inline_{status}")
    results = _offers(talk, code)
    if not results:
        return _hint(talk, "inline_unknown")
    params = {"results": results, "cache_time": CACHE_S, "is_personal": True}
    return Outcome(talk.state, (_call(talk, params),), (("inline_offered", {"code": code, "results": len(results)}),))


def _offers(talk: Talk, code: str) -> list[dict[str, Any]]:
    """Each template's first format; one that cannot be rendered is left out."""
    caption = talk.texts.say("picture", code=code, link=talk.desk.referral_link(code))
    offers = []
    for entry in talk.desk.gallery()[:MOST_OFFERS]:
        try:
            picture = talk.desk.render(entry.slug, entry.formats[0], code)
        except PromoError:
            continue
        offers.append(
            {
                "type": "photo",
                # A result's id: the picture's hash names it in at most 64 bytes.
                "id": picture.sha256[:32],
                "photo_url": picture.url,
                "thumbnail_url": picture.url,
                "photo_width": picture.width,
                "photo_height": picture.height,
                "title": entry.name,
                "caption": caption,
                "parse_mode": "HTML",
            }
        )
    return offers


def _hint(talk: Talk, key: str) -> Outcome:
    button = {"text": talk.texts.say(key), "start_parameter": START}
    params = {"results": [], "cache_time": 0, "is_personal": True, "button": button}
    return Outcome(talk.state, (_call(talk, params),))


def _call(talk: Talk, params: dict[str, Any]) -> Answer:
    return Answer("answerInlineQuery", {"inline_query_id": talk.incoming.inline_id, **params})
