"""Captions as Telegram takes them: its HTML, at most 1024 characters once the tags are gone."""

import re
from html import escape, unescape

from promostack.core.errors import Unprocessable

# In UTF-16 units after parsing (Bot API, sendPhoto).
MOST_CHARACTERS = 1024
_TAGS = "b|strong|i|em|u|ins|s|strike|del|code|pre|a|tg-spoiler|blockquote"
_TAG = re.compile(rf'<(?P<end>/)?(?P<name>{_TAGS})(?P<href> href="(?:https?|tg)://[^"<>]+")?>')
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


class CaptionRefused(Unprocessable):
    """Telegram would not take this caption."""

    code = "caption_refused"

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"caption": message})


def from_plain(text: str) -> str:
    """A text that somebody typed, as a caption; raises CaptionRefused."""
    return checked(escape(text, quote=False))


def checked(html: str) -> str:
    """The caption as it is; raises CaptionRefused for tags that Telegram does not know and for too many characters."""
    if _UNSEEN.search(html):
        raise CaptionRefused("The caption holds control characters.")
    found = units(html)
    if found > MOST_CHARACTERS:
        raise CaptionRefused(f"The caption has {found} characters; Telegram takes {MOST_CHARACTERS}.")
    return html


def units(html: str) -> int:
    """How many characters of the caption count; raises CaptionRefused for tags that Telegram does not know."""
    return length(unescape(_without_tags(html)))


def length(text: str) -> int:
    """Characters as Telegram counts them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _without_tags(html: str) -> str:
    """The text between the tags, which have to be Telegram's and closed in turn."""
    parts: list[str] = []
    opened: list[str] = []
    place = 0
    while (start := html.find("<", place)) >= 0:
        tag = _TAG.match(html, start)
        if tag is None or bool(tag["href"]) != (tag["name"] == "a" and not tag["end"]):
            raise CaptionRefused(f"Telegram does not know what follows “<” at {start + 1}; write &lt; for the sign.")
        if tag["end"]:
            if not opened or opened.pop() != tag["name"]:
                raise CaptionRefused(f"</{tag['name']}> closes nothing that is open.")
        else:
            opened.append(tag["name"])
        parts.append(html[place:start])
        place = tag.end()
    if opened:
        raise CaptionRefused(f"<{opened[-1]}> is never closed.")
    return "".join([*parts, html[place:]])
