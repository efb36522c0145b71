"""Telegram's HTML: from text with tags to plain text with entities, and the vendor's words for what it can't read.

Follows tdlib/td (MessageEntity.cpp, parse_html): byte offsets in the refusals, entities in UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .entities import Entity, in_order, link_entity, unparsable, utf16_length
from .errors import bad_request

SIMPLE_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
TAGS = {*SIMPLE_TAGS, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
CHARACTER_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ATTRIBUTE = re.compile(r"\s*(?P<name>[^\s=>/\"']+)\s*(?P<equals>=\s*(?P<value>\"[^\"]*\"|'[^']*'|[\w.-]*))?")


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """(text, entities) of Telegram's HTML subset. Raises 400 "can't parse entities: …" as the vendor words it."""
    text = ""
    entities: list[Entity] = []
    stack: list[_Open] = []
    position = 0
    while position < len(source):
        if source[position] == "&" and (reference := _decode(source, position)):
            text += reference[0]
            position = reference[1]
        elif source[position] != "<":
            text += source[position]
            position += 1
        elif source.startswith("</", position):
            position = _close_tag(source, position, text, stack, entities)
        else:
            position = _open_tag(source, position, text, stack)
    if stack:
        raise unparsable(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return text, in_order(entities)


def _byte_offset(source: str, position: int) -> int:
    return len(source[:position].encode())


def _decode(source: str, position: int) -> tuple[str, int] | None:
    match = CHARACTER_REFERENCE.match(source, position)
    if not match:
        return None
    hexadecimal, decimal, name = match.groups()
    if name:
        return (NAMED[name], match.end()) if name in NAMED else None
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return (chr(code), match.end()) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None


def _unescape(value: str) -> str:
    return CHARACTER_REFERENCE.sub(lambda match: (_decode(match.string, match.start()) or (match[0],))[0], value)


def _open_tag(source: str, begin: int, text: str, stack: list[_Open]) -> int:
    name_end = begin + 1
    while name_end < len(source) and not source[name_end].isspace() and source[name_end] != ">":
        name_end += 1
    at = _byte_offset(source, begin)
    if name_end == len(source):
        raise unparsable(f"Unclosed start tag at byte offset {at}")
    tag = source[begin + 1 : name_end].lower()
    if tag not in TAGS:
        raise unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
    argument, position = _attributes(source, name_end, tag, at)
    if tag == "span" and argument != "spoiler":
        raise unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    stack.append(_Open(tag, argument, utf16_length(text), len(text)))
    return position


def _attributes(source: str, position: int, tag: str, at: int) -> tuple[str, int]:
    """The one argument that matters to the tag, and the position after its `>`."""
    argument = ""
    while position < len(source):
        while position < len(source) and source[position].isspace():
            position += 1
        if position < len(source) and source[position] == ">":
            return argument, position + 1
        match = ATTRIBUTE.match(source, position)
        if not match:
            break
        value = _unescape((match["value"] or "").strip("\"'"))
        argument = _argument(tag, match["name"], value, argument)
        position = match.end()
    if position < len(source):
        raise unparsable(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
    raise unparsable(f'Unclosed start tag "{tag}" at byte offset {at}')


def _argument(tag: str, name: str, value: str, before: str) -> str:
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "unix")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else before


def _close_tag(source: str, begin: int, text: str, stack: list[_Open], entities: list[Entity]) -> int:
    at = _byte_offset(source, begin)
    if not stack:
        raise unparsable(f"Unexpected end tag at byte offset {at}")
    end = source.find(">", begin)
    name = source[begin + 2 : end if end >= 0 else len(source)].strip().lower()
    if end < 0 or " " in name:
        raise unparsable(f"Unclosed end tag at byte offset {at}")
    opened = stack[-1]
    if name and name != opened.tag:
        raise unparsable(f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{name}>"')
    stack.pop()
    length = utf16_length(text) - opened.offset
    if length > 0 and (entity := _entity(opened, length, text[opened.begin :], entities)):
        entities.append(entity)
    return end + 1


def _entity(opened: _Open, length: int, inner: str, entities: list[Entity]) -> Entity | None:
    base = {"offset": opened.offset, "length": length}
    tag, argument = opened.tag, opened.argument
    if tag in SIMPLE_TAGS:
        return {**base, "type": SIMPLE_TAGS[tag]}
    if tag == "a":
        return link_entity(base, argument or inner)
    if tag == "blockquote":
        return {**base, "type": "expandable_blockquote" if argument else "blockquote"}
    if tag == "tg-emoji":
        if not argument.isdigit() or int(argument) == 0:
            raise bad_request("Invalid custom emoji identifier specified")
        return {**base, "type": "custom_emoji", "custom_emoji_id": argument}
    if tag == "tg-time":
        return None
    same = entities[-1] if entities and {**entities[-1], **base} == entities[-1] else None
    if tag == "pre" and same and same["type"] == "code":
        entities.pop()
        return {**base, "type": "pre", **({"language": same["language"]} if "language" in same else {})}
    return {**base, "type": tag, **({"language": argument} if tag == "code" and argument else {})}
