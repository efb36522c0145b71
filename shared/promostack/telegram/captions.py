"""Captions as Telegram takes them: its HTML, at most 1024 characters once the tags are gone."""

import re
import sys
from html import escape

from promostack.core.errors import Unprocessable

# In UTF-16 units after parsing (Bot API, sendPhoto).
MOST_CHARACTERS = 1024
# Tags and their attributes (Bot API, "HTML style"); names in any case, values in either kind of quotes.
_NAMES = "b|strong|i|em|u|ins|s|strike|del|code|pre|tg-spoiler|blockquote|a|span|tg-emoji"
# A link without a scheme is taken for https; of one with another scheme Telegram shows the text alone.
_LINK = r"""(?:(?:https?|tg|ton|tonsite)://|mailto:|tel:|(?![a-z][a-z0-9+.-]*:(?!\d)))[^"'<>]+"""
_ATTRIBUTES = {
    "a": rf"""\s+href\s*=\s*(?:"{_LINK}"|'{_LINK}')""",
    "span": r"""\s+class\s*=\s*["']?tg-spoiler["']?""",
    "tg-emoji": r"""\s+emoji-id\s*=\s*["']?0*[1-9]\d*["']?""",
    "blockquote": r"""(?:\s+expandable(?:\s*=\s*(?:""|''))?)?""",
    "code": r"""(?:\s+class\s*=\s*(?:"language-[^"'<>]*"|'language-[^"'<>]*'))?""",
}
_TAG = re.compile(rf"<(?P<end>/)?(?P<name>{_NAMES})(?![\w-])(?P<rest>[^<>]*)>", re.IGNORECASE)
# The only names that Telegram knows; every other one stays as it is written.
_REFERENCE = re.compile(r"&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));?", re.IGNORECASE)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
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
    return length(_REFERENCE.sub(_decoded, _without_tags(html)))


def length(text: str) -> int:
    """Characters as Telegram counts them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _decoded(reference: re.Match[str]) -> str:
    """The character that stands for it, or the reference where Telegram leaves it alone."""
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _NAMED.get(name, reference[0])
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < sys.maxunicode and not 0xD800 <= code <= 0xDFFF else reference[0]


def _without_tags(html: str) -> str:
    """The text between the tags, which have to be Telegram's and closed in turn."""
    parts: list[str] = []
    opened: list[str] = []
    place = 0
    while (start := html.find("<", place)) >= 0:
        tag = _TAG.match(html, start)
        if tag is None or not _is_known(tag):
            raise CaptionRefused(f"Telegram does not know what follows “<” at {start + 1}; write &lt; for the sign.")
        name = tag["name"].lower()
        if not tag["end"]:
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise CaptionRefused(f"</{name}> closes nothing that is open.")
        parts.append(html[place:start])
        place = tag.end()
    if opened:
        raise CaptionRefused(f"<{opened[-1]}> is never closed.")
    return "".join([*parts, html[place:]])


def _is_known(tag: re.Match[str]) -> bool:
    """The tag carries what Telegram wants of it and nothing else."""
    wanted = "" if tag["end"] else _ATTRIBUTES.get(tag["name"].lower(), "")
    return re.fullmatch(rf"{wanted}\s*", tag["rest"], re.IGNORECASE) is not None
